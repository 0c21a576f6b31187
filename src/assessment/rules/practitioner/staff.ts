import type { CatalogueRow } from '../../catalogues.ts';
import { type Claim, isoDay, moment, type PlacedRow, type RuleContext, value } from '../../rule.ts';
import { remembered } from '../../text.ts';

/*
 * Columns of `staff_catalogue`: `MA_BHXH_CCHN` (licence or social-insurance number), `name`, `title`, `departments`,
 * `from`, `to`; optional: `facility` (absent = the facility of the claim), `licence_to` (last day of the licence),
 * `not_person` (true: a machine or an integration), `scopes` (codes of specialties or services), `leave`
 * (`yyyymmdd-yyyymmdd`, both included; without the second = open: suspended, retired), `working_time`
 * (`1 0700-1130`, 1 = Monday … 7 = Sunday, the end not included).
 */
export type StaffField = 'MA_BAC_SI' | 'NGUOI_THUC_HIEN';

/** A practitioner in a row. */
export interface Named {
  readonly row: PlacedRow;
  readonly field: StaffField;
  /** As it stands. */
  readonly code: string;
  /** Without what the official text lets follow: a trainee's identity number. */
  readonly person: string;
  /** From another facility: remote (`.TX`), mobilised (`.HD`), to hand on a technique (`.CG`). */
  readonly isGuest: boolean;
}

const GUEST = /\.(TX|HD|CG)(\.[^.]*)?$/;
const TRAINEE = /\.(\d{9}|\d{12})$/;

export const namesIn = (row: PlacedRow, field: StaffField): readonly Named[] =>
  people(value(row.values, field)).map((one) => ({ row, field, ...one }));

const people = remembered((codes) =>
  codes
    .split(';')
    .map((one) => one.trim())
    .filter((code) => code !== '')
    .map((code) => ({
      code,
      person: code.replace(GUEST, '').replace(TRAINEE, ''),
      isGuest: GUEST.test(code),
    })),
);

export const named = (rows: readonly PlacedRow[], field: StaffField): readonly Named[] =>
  rows.flatMap((row) => namesIn(row, field));

/** Rows of the person at the facility of the claim, whenever valid. */
export function staffOf(
  person: string,
  claim: Claim,
  { catalogues }: Pick<RuleContext, 'catalogues'>,
): readonly CatalogueRow[] {
  const facility = value(claim.xml1, 'MA_CSKCB') || claim.facilityCode;
  return (catalogues.staff_catalogue?.rows(person) ?? []).filter(
    (row) => (row.facility ?? '') === '' || row.facility === facility,
  );
}

export const isNoPerson = (row: CatalogueRow): boolean => row.not_person === true;

/** Silent about those whom the catalogue does not know. */
export function isAccount(person: string, { catalogues }: RuleContext): boolean {
  return catalogues.staff_catalogue?.rows(person).some(isNoPerson) ?? false;
}

/** Name in the catalogue, else the code. */
export function nameOf(person: string, { catalogues }: RuleContext): string {
  const found = catalogues.staff_catalogue?.rows(person).find(({ name }) => name !== undefined);
  return String(found?.name ?? person);
}

/** Texts of a column that holds a list; none when it is absent. */
export function textsOf(row: CatalogueRow, column: string): readonly string[] {
  const found = row[column];
  return Array.isArray(found) ? (found as readonly string[]) : [];
}

/** Day of the order, `yyyyMMdd`; null when it is not a moment. */
export const orderDay = ({ values }: PlacedRow): string | null =>
  moment(values, 'NGAY_YL')?.slice(0, 8) ?? null;

/** Registered times on that day, `HHmm`; none when the catalogue has none. */
export function workingTimes(rows: readonly CatalogueRow[], day: string) {
  const weekday = String(((new Date(`${isoDay(day)}T00:00:00Z`).getUTCDay() + 6) % 7) + 1);
  return rows
    .flatMap((row) => textsOf(row, 'working_time'))
    .map((text) => /^([1-7]) (\d{4})-(\d{4})$/.exec(text))
    .filter((found) => found?.[1] === weekday)
    .map((found) => ({ from: found![2]!, to: found![3]! }));
}
