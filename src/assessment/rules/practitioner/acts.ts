import { areSamePerson, type Encounter, type Neighbours, type Use } from '../../encounter.ts';
import { type Claim, moment, type PlacedRow, value } from '../../rule.ts';
import { namesIn, type StaffField } from './staff.ts';

/** Something that a practitioner ordered or did in this claim. */
export interface Act {
  readonly row: PlacedRow;
  readonly field: StaffField;
  readonly act: Use['act'];
  /** As it stands: other claims are looked up by it. */
  readonly code: string;
  readonly person: string;
  readonly isGuest: boolean;
  readonly group: string;
  /** `yyyyMMddHHmm` */
  readonly from: string;
  /** Null = a moment only. */
  readonly to: string | null;
}

/** In the order of the rows; rows without the moment are left out. */
export function actsOf(rows: readonly PlacedRow[], act: Use['act']): readonly Act[] {
  const [field, time]: [StaffField, string] =
    act === 'ordered' ? ['MA_BAC_SI', 'NGAY_YL'] : ['NGUOI_THUC_HIEN', 'NGAY_TH_YL'];
  return rows.flatMap((row) => {
    const from = moment(row.values, time);
    if (from === null) return [];
    const end = act === 'done' ? moment(row.values, 'NGAY_KQ') : null;
    const to = end !== null && end > from ? end : null;
    const group = value(row.values, 'MA_NHOM');
    return namesIn(row, field).map(({ code, person, isGuest }) => ({
      row,
      field,
      act,
      code,
      person,
      isGuest,
      group,
      from,
      to,
    }));
  });
}

export const executionsOf = ({ xml3 }: Claim, groups: readonly string[]): readonly Act[] =>
  actsOf(xml3, 'done').filter(({ group }) => groups.includes(group));

/** How many persons the encounters are of. */
export function countPersons(encounters: readonly Encounter[]): number {
  const persons: Encounter[][] = [];
  for (const one of new Set(encounters)) {
    const known = persons.find((person) => person.some((other) => areSamePerson(one, other)));
    if (known) known.push(one);
    else persons.push([one]);
  }
  return persons.length;
}

/** Uses of other persons at the same facility. */
export const ofOthersHere = (uses: readonly Use[], neighbours: Neighbours): readonly Use[] =>
  uses.filter(
    ({ encounter }) =>
      encounter.facility === neighbours.self.facility && !areSamePerson(neighbours.self, encounter),
  );
