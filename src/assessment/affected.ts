import { readFileSync } from 'node:fs';

/** What a person saved of a visit. */
export type Change = 'arrival' | 'visit' | 'conditions' | 'orders' | 'results' | 'notes' | 'settlement';

const AMOUNTS =
  'THANH_TIEN_BV THANH_TIEN_BH T_NGUONKHAC T_NGUONKHAC_NSNN T_NGUONKHAC_VTNN T_NGUONKHAC_VTTN T_NGUONKHAC_CL T_BNTT ' +
  'T_BNCCT T_BHTT';

/**
 * What the API refuses before it is saved (lengths, forms of text, lists of values, times in the future): no change
 * makes a difference. It is asked with everything else when somebody arrives and when the visit has ended.
 */
const HELD_AT_THE_DOOR: ReadonlySet<string> = new Set([
  'STR_MAX_LENGTH',
  'STR_TEXT_UNICODE',
  'STR_CODE_WHITESPACE',
  'STR_ENUM_VALUES',
  'STR_KCB_TYPE',
  'DT_FUTURE',
]);

/**
 * Places in the official tables to which each change may write: `XML2` = rows come or go, `XML2.*` = any field of them.
 * An arrival writes the visit, so everything that can be judged then is.
 */
const WRITES: Readonly<Record<Exclude<Change, 'arrival'>, ReadonlySet<string>>> = {
  visit: places(
    'XML1: MA_LOAI_KCB MA_DOITUONG_KCB NGAY_VAO_NOI_TRU LY_DO_VV LY_DO_VNT CHAN_DOAN_VAO MA_TAI_NAN CAN_NANG DU_PHONG ' +
      'MA_NOI_DI GIAY_CHUYEN_TUYEN MA_THE_BHYT MA_DKBD GT_THE_TU GT_THE_DEN NGAY_MIEN_CCT MA_KHUVUC NAM_NAM_LIEN_TUC',
  ),
  conditions: places('XML1: MA_BENH_CHINH MA_BENH_KT MA_BENH_YHCT', 'XML3: MA_BENH MA_BENH_YHCT'),
  orders: new Set(['XML2', 'XML2.*', 'XML3', 'XML3.*', 'XML1.MA_KHOA']),
  results: new Set([
    ...places('XML3: NGAY_TH_YL NGAY_KQ NGUOI_THUC_HIEN MA_MAY', 'XML2: NGAY_TH_YL'),
    'XML4',
    'XML4.*',
  ]),
  notes: new Set(['XML5', 'XML5.*']),
  settlement: places(
    'XML1: NGAY_TTOAN NAM_QT THANG_QT T_THUOC T_VTYT T_TONGCHI_BV T_TONGCHI_BH T_BNTT T_BNCCT T_BHTT T_NGUONKHAC T_BHTT_GDV',
    `XML2: TYLE_TT_BH MUC_HUONG ${AMOUNTS}`,
    `XML3: DON_GIA_BH TYLE_TT_DV TYLE_TT_BH MUC_HUONG T_TRANTT ${AMOUNTS}`,
  ),
};

function places(...tables: readonly string[]): ReadonlySet<string> {
  return new Set(
    tables.flatMap((text) => {
      const [table, fields] = text.split(': ');
      return fields!.split(' ').map((field) => `${table}.${field}`);
    }),
  );
}

/**
 * What each rule that speaks before the settlement looks at: fields, `XML2` = whether there are rows, `XML2.*` = all fields, `*` = everything, `person` = other
 * visits of the person, `person.lines` = what was ordered there. Found by watching the rules at work in their
 * own cases (`test/rule-reads.ts`), which also hold that nothing else is read.
 */
export const ruleReads = (): Readonly<Record<string, readonly string[]>> => {
  reads ??= JSON.parse(readFileSync(new URL('rule-reads.json', import.meta.url), 'utf8'));
  return reads!;
};
let reads: Readonly<Record<string, readonly string[]>> | undefined;

/** May the change write to this place of the tables? Named as in `ruleReads`. */
export function isWrittenBy(change: Exclude<Change, 'arrival'>, place: string): boolean {
  const written = WRITES[change];
  if (place === '*' || written.has(place)) return true;
  const [table, field] = place.split('.');
  if (field === undefined) return false;
  return (
    written.has(`${table}.*`) || (field === '*' && [...written].some((one) => one.startsWith(`${table}.`)))
  );
}

/** Can the change make a difference to what the rule says? One of which nothing is known: yes. */
export function isAffectedBy(rule: string, change: Change): boolean {
  const read = ruleReads()[rule];
  if (change === 'arrival' || read === undefined) return true;
  if (HELD_AT_THE_DOOR.has(rule)) return false;
  return read.some((place) => isWrittenBy(change, place));
}

/** What a set of rules wants to be read: more than the visit, its lines and its diagnoses. */
export interface Wants {
  /** Other visits of the person, and what was ordered there. */
  readonly person: boolean;
  readonly personLines: boolean;
  /** Results and notes of the visit. */
  readonly records: boolean;
}

export function wantsOf(rules: readonly string[]): Wants {
  const read = new Set(rules.flatMap((id) => ruleReads()[id] ?? ['*', 'person', 'person.lines']));
  const looksAt = (table: string) => [...read].some((place) => place.startsWith(table));
  return {
    person: read.has('person'),
    personLines: read.has('person.lines'),
    records: read.has('*') || looksAt('XML4') || looksAt('XML5'),
  };
}
