/** By what two claims are of the same person; the names are those of the fields that are compared. */
export const SAME_PERSON = ['SO_CCCD', 'MA_THE_BHYT', 'MA_BN'] as const;
export type PersonKey = (typeof SAME_PERSON)[number];

/** A drug that was handed out for some days. */
export interface Supplied {
  readonly ingredient: string;
  /** Day of the order, `yyyyMMdd`. */
  readonly day: string;
  readonly days: number;
}

/** A service of an encounter: its code without suffix, when it was ordered and when its result came. */
export interface ServiceUse {
  readonly code: string;
  readonly group: string;
  readonly day: string;
  readonly resultDay: string | null;
}

/** What other claims need to know of a claim: little enough to keep a month of them in memory. */
export interface Encounter {
  /** Place in the set, in the order given: of a pair the one with the higher place is the later one. */
  readonly position: number;
  /** Facility of the care, five characters. */
  readonly facility: string;
  /** `MA_LK` */
  readonly key: string;
  /** `MA_BN`, a number of the facility. */
  readonly patient: string;
  readonly citizen: string;
  /** Last ten characters of each card. */
  readonly cards: readonly string[];
  readonly name: string;
  readonly birth: string;
  /** `yyyyMMddHHmm`; null when blank or impossible. */
  readonly arrival: string | null;
  readonly leave: string | null;
  /** Nobody wrote when it ended: it goes on. */
  readonly isOpen: boolean;
  readonly type: string;
  readonly objectCode: string;
  readonly diagnosis: string;
  readonly outcome: string;
  readonly leaving: string;
  readonly cameFrom: string;
  readonly wentTo: string;
  readonly followUps: readonly string[];
  readonly exemptFrom: string;
  /** `T_TONGCHI_BV`, `T_BHTT`, `T_BNCCT` as they stand. */
  readonly cost: string;
  readonly insured: string;
  readonly copay: string;
  readonly supplied: readonly Supplied[];
  readonly services: readonly ServiceUse[];
  /** Departments that charged an examination. */
  readonly examined: readonly string[];
}

/** A numbered paper of a claim; its number is its own within facility and calendar year. */
export interface Paper {
  readonly table: string;
  readonly row: number;
  readonly field: string;
  readonly number: string;
  readonly year: string;
}

/**
 * A row that occupies a machine, a bed or a practitioner from a moment on; `to` null = a moment only. Rows of one claim that
 * say the same stand for one use, examinations excepted: those are counted.
 */
export interface Use {
  readonly encounter: Encounter;
  readonly group: string;
  /** `TYLE_TT_DV` */
  readonly rate: string;
  /** Was it ordered then, or done? */
  readonly act: 'ordered' | 'done';
  readonly from: string;
  readonly to: string | null;
}

/** The other claims, as one claim sees them; all of them in the order given. Days are `yyyyMMdd`. */
export interface Neighbours {
  readonly self: Encounter;
  /** Other encounters of the same person, at any facility. */
  readonly ofPerson: (by: readonly PersonKey[]) => readonly Encounter[];
  /** Claims of the facility with this claim's own `MA_LK`, itself not among them. */
  readonly withKey: () => readonly Encounter[];
  /** Other claims of the facility with a paper of that kind, number and year. */
  readonly withPaper: (paper: Paper) => readonly Encounter[];
  /** What used the machine of the facility on that day, in other encounters. */
  readonly onMachine: (machine: string, day: string) => readonly Use[];
  /** What the practitioner ordered or did on that day, in other encounters of any facility. */
  readonly ofPractitioner: (code: string, day: string) => readonly Use[];
  /** What was charged for the bed of the facility on that day, in other encounters. */
  readonly inBed: (department: string, bed: string, day: string) => readonly Use[];
  /** Is any claim of the facility among them? */
  readonly hasFacility: (facility: string) => boolean;
}

/** What says who somebody is; two claims that share one of them are of the same person. */
export function personKeys(one: Encounter, by: readonly PersonKey[] = SAME_PERSON): readonly string[] {
  return by.flatMap((key) => {
    if (key === 'SO_CCCD') return one.citizen === '' ? [] : [`citizen|${one.citizen}`];
    if (key === 'MA_THE_BHYT') return one.cards.map((card) => `card|${card}`);
    return one.patient === '' ? [] : [`patient|${one.facility}|${one.patient}`];
  });
}

export function areSamePerson(a: Encounter, b: Encounter, by: readonly PersonKey[] = SAME_PERSON): boolean {
  return by.some((key) => {
    if (key === 'SO_CCCD') return a.citizen !== '' && a.citizen === b.citizen;
    if (key === 'MA_THE_BHYT') return a.cards.some((card) => b.cards.includes(card));
    return a.patient !== '' && a.patient === b.patient && a.facility === b.facility;
  });
}
