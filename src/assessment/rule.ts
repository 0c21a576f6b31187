import { type Decimal, decimal } from '../platform/money.ts';
import type { CatalogueName, Catalogues } from './catalogues.ts';
import type { Neighbours } from './encounter.ts';
import { remembered } from './text.ts';

export { comparable, withoutSpaces } from './text.ts';

/** One row of an official table: element name → the exact string in the file. */
export type Row = Readonly<Record<string, string>>;

/** A row with the table it stands in and its 1-based position there. */
export interface PlacedRow {
  readonly table: string;
  readonly row: number;
  readonly values: Row;
}

/** One claim, indexed once for all rules. A table that the claim lacks is an empty list. */
export interface Claim {
  /** Facility of the envelope, five characters. */
  readonly facilityCode: string;
  readonly xml1: Row;
  readonly xml2: readonly PlacedRow[];
  readonly xml3: readonly PlacedRow[];
  readonly xml4: readonly PlacedRow[];
  readonly xml5: readonly PlacedRow[];
  /** XML2, then XML3. */
  readonly chargeRows: readonly PlacedRow[];
  /** `MA_LK` of the claims before this one in the file. */
  readonly earlierKeys: ReadonlySet<string>;
  readonly has: (table: string) => boolean;
  /** Codes of the tables it came with, empty ones too. */
  readonly tables: readonly string[];
  /** Rows of any table, XML1 included. */
  readonly rows: (table: string) => readonly PlacedRow[];
  /** Rows of the table; 0 when the claim lacks it. */
  readonly count: (table: string) => number;
}

/** What the law says, built in; days are `yyyy-MM-dd`. */
export interface BuiltIns {
  /** đồng per month; null before the first known value. */
  baseSalary(day: string): Decimal | null;
  /** Percent of the card's level that the class leaves on that day; null = the class is not possible so, or unknown. */
  routeFactor(objectCode: string, inpatient: boolean, day: string): Decimal | null;
  /**
   * Percent that a card gives on that day, by its group and digit (`DN4`); null = unknown. A condition on the holder's
   * age counts on the day of arrival, and as met when the day of birth is unknown.
   */
  cardLevel(groupAndDigit: string, day: string, arrival: string, birth: string | null): Decimal | null;
  /** How many days a card that ended during care of that type (`MA_LOAI_KCB`) still covers. */
  graceDays(type: string, day: string): number;
  /** đồng; a visit whose insured cost lies below it has no co-payment. Null before the first known value. */
  lowCostLimit(day: string): Decimal | null;
}

export interface RuleContext {
  readonly builtIns: BuiltIns;
  /** End of the check day, `yyyyMMddHHmm`. */
  readonly checkTime: string;
  /** What a rule `needs` is there when it is asked; what it only uses may be absent. */
  readonly catalogues: Catalogues;
  /** The other claims of the set, around the one that is checked. */
  readonly neighbours: Neighbours;
}

/** Where a rule found something, and what its message shows. `row` null: the whole table, or a table of one row. */
export interface Found {
  readonly table: string;
  readonly row: number | null;
  readonly field: string | null;
  readonly values: Readonly<Record<string, string>>;
}

export type Severity = 'error' | 'warning';
/** The earliest moment at which a rule can speak; it speaks again at all later ones. */
export type Stage = 'order' | 'discharge' | 'settlement' | 'export';

/** What a correction would have to change so that more than one finding goes away. */
export const CAUSE_KINDS = [
  'drug',
  'service',
  'supply',
  'diagnosis',
  'practitioner',
  'machine',
  'person',
] as const;
export type CauseKind = (typeof CAUSE_KINDS)[number];

export interface Finding extends Found {
  readonly rule: string;
  readonly severity: Severity;
  /** Of the rule's code. */
  readonly version: number;
  /** With which it was asked. */
  readonly params: Readonly<Record<string, unknown>>;
  readonly maLk: string | null;
  /** By what the row is known, wherever it stands; empty for what is not about a row. */
  readonly rowKey: string;
  /** đồng that the fund would pay for the row, else for the claim; null = not known. */
  readonly amount: string | null;
  /** The one catalogue row, practitioner, machine or person behind it, by code; null = none. */
  readonly cause: { readonly kind: CauseKind; readonly key: string } | null;
}

/** `not-applicable` is not a pass: the rule had nothing to look at. Its message is `rules.<id>` of the catalogue. */
export interface Rule<Params = Readonly<Record<string, never>>> {
  /** Public and permanent. */
  readonly id: string;
  readonly severity: Severity;
  readonly stage: Stage;
  /** Raised when the check changes; 1 when absent. */
  readonly version?: number;
  /** What a finding of this rule comes from, where that is one thing. */
  readonly cause?: CauseKind;
  /** Only for those who ask for it by name. */
  readonly isOffByDefault?: true;
  /** Defaults; money in đồng, times in minutes, as named. */
  readonly params: Params;
  /** Data without which the rule is not asked: it is listed as not checked, never as passed. */
  readonly needs?: readonly CatalogueName[];
  /** It speaks of check-in files (XML0) as well: these have no XML1, so the other rules are not asked there. */
  readonly ofCheckIns?: true;
  /** A finding of one of these on the same claim silences this rule. */
  readonly parents?: readonly string[];
  check(claim: Claim, params: Params, context: RuleContext): readonly Found[] | 'not-applicable';
}

export type AnyRule = Rule<never>;

/** Declares a rule; keeps its parameter type for `check` and forgets it for the list. */
export function rule<Params>(definition: Rule<Params>): AnyRule {
  return definition as unknown as AnyRule;
}

/** What the findings of these rules come from. */
export const causedBy = (cause: CauseKind, rules: readonly AnyRule[]): readonly AnyRule[] =>
  rules.map((one) => ({ ...one, cause }));

/** A finding in a table of one row, or about a whole table or claim. */
export const inTable = (
  table: string,
  field: string | null,
  values: Readonly<Record<string, string>> = {},
): Found => ({ table, row: null, field, values });

/** XML1 as a row, for rules that read it and the charge rows alike; a finding there has no row number. */
export const xml1Row = (claim: Claim): PlacedRow => ({ table: 'XML1', row: 1, values: claim.xml1 });

/** Tables of one row have no row numbers. */
const ONE_ROW: ReadonlySet<string> = new Set([
  'XML1',
  'XML7',
  'XML8',
  'XML10',
  'XML11',
  'XML12',
  'XML13',
  'XML14',
]);

/** A finding in a row of a list; its values are filled with `value`, what stands in the field. */
export const inRow = (
  { table, row, values }: PlacedRow,
  field: string,
  more: Readonly<Record<string, string>> = {},
): Found => ({
  table,
  row: ONE_ROW.has(table) ? null : row,
  field,
  values: { value: value(values, field), ...more },
});

/** The rows for which `holds` is false, as findings in `field`. No rows to look at = not applicable. */
export function eachRow(
  rows: readonly PlacedRow[],
  field: string,
  holds: (values: Row, row: PlacedRow) => boolean,
  more?: (values: Row, row: PlacedRow) => Readonly<Record<string, string>>,
): readonly Found[] | 'not-applicable' {
  if (rows.length === 0) return 'not-applicable';
  return rows
    .filter((row) => !holds(row.values, row))
    .map((row) => inRow(row, field, more?.(row.values, row) ?? {}));
}

/** The fields, of those that are filled in, for which `holds` is false. Nothing filled in = not applicable. */
export function eachFilled(
  rows: readonly PlacedRow[],
  fields: readonly string[],
  holds: (text: string, field: string, row: PlacedRow) => boolean,
  more?: (text: string, field: string) => Readonly<Record<string, string>>,
): readonly Found[] | 'not-applicable' {
  let filled = 0;
  const found: Found[] = [];
  for (const row of rows)
    for (const field of fields) {
      const text = value(row.values, field);
      if (text === '') continue;
      filled += 1;
      if (!holds(text, field, row)) found.push(inRow(row, field, more?.(text, field)));
    }
  return filled === 0 ? 'not-applicable' : found;
}

/** Trimmed text of a field; a missing element reads as blank. */
export function value(row: Row, field: string): string {
  return (row[field] ?? '').trim();
}

/** Exact number of a field; null when blank or not a plain number (another rule speaks then). */
export function number(row: Row, field: string): Decimal | null {
  return readNumber(value(row, field));
}

const readNumber = remembered((text) => (/^-?\d{1,18}(\.\d{1,6})?$/.test(text) ? decimal(text) : null));

/** A real moment `yyyyMMddHHmm`; null when blank or impossible. */
export function moment(row: Row, field: string): string | null {
  return readMoment(value(row, field));
}

export const readMoment = remembered((text) =>
  /^\d{12}$/.test(text) && isRealDay(text.slice(0, 8)) && text.slice(8, 10) < '24' && text.slice(10) < '60'
    ? text
    : null,
);

/** The moment that many minutes later (earlier when negative), over the ends of days and years. */
export function plusMinutes(from: string, minutes: number): string {
  if (minutes === 0) return from;
  const at = new Date(wallClock(from) + minutes * 60_000).toISOString();
  return `${at.slice(0, 4)}${at.slice(5, 7)}${at.slice(8, 10)}${at.slice(11, 13)}${at.slice(14, 16)}`;
}

/** Whole minutes from one moment to the other, negative when `to` is earlier. */
export function minutesBetween(from: string, to: string): number {
  return Math.round((wallClock(to) - wallClock(from)) / 60_000);
}

const wallClock = remembered((at) => Date.parse(`${isoDay(at)}T${at.slice(8, 10)}:${at.slice(10)}:00Z`));

/** Is `yyyyMMdd` a day of the calendar? It begins with the year 1. */
export const isRealDay = remembered((text): boolean => {
  if (!/^\d{8}$/.test(text) || text < '00010101') return false;
  const [year, month, day] = [Number(text.slice(0, 4)), Number(text.slice(4, 6)), Number(text.slice(6, 8))];
  if (month === 2 && isLeap(year)) return day >= 1 && day <= 29;
  return day >= 1 && day <= (DAYS_IN_MONTH[month - 1] ?? 0);
});

const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const isLeap = (year: number) => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);

/** `yyyyMMdd…` → `yyyy-MM-dd` */
export function isoDay(text: string): string {
  return `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6, 8)}`;
}

/** Elements of a `;` list; blank = none. */
export function list(row: Row, field: string): string[] {
  const text = value(row, field);
  return text === '' ? [] : text.split(';');
}

/** Base code of a service: without `.K.WWWWW` (sent out) and without `_XX` (stopped, local anaesthesia …). */
export const baseCode = (row: Row): string => value(row, 'MA_DICH_VU').replace(/(\.K\.[^_]*)?(_.*)?$/, '');

/** Active ingredient of a drug row: its code up to the first `+`. */
export const ingredient = (row: Row): string => value(row, 'MA_THUOC').split('+', 1)[0]!.trim();

/** Day of the line: when it was done, else when it was ordered, `yyyyMMdd`; null when neither is a moment. */
export function lineDay(row: Row): string | null {
  return (moment(row, 'NGAY_TH_YL') ?? moment(row, 'NGAY_YL'))?.slice(0, 8) ?? null;
}

export const INPATIENT_CLASSES: ReadonlySet<string> = new Set(['03', '04', '09']);
export const OUTPATIENT_CLASSES: ReadonlySet<string> = new Set(['01', '02', '05', '07', '08']);

/** Day of arrival, `yyyyMMdd`; null when `NGAY_VAO` is not a moment. */
export function arrivalDay({ xml1 }: Claim): string | null {
  return moment(xml1, 'NGAY_VAO')?.slice(0, 8) ?? null;
}

/**
 * Percent of the card's level that the claim's class leaves on the day of arrival. Null when the law has none for it:
 * an unknown class, a class that does not go with this type of care, arrival before the first list of classes.
 */
export function classRate(claim: Claim, { builtIns }: RuleContext): Decimal | null {
  const day = arrivalDay(claim);
  const type = value(claim.xml1, 'MA_LOAI_KCB');
  if (day === null || type === '') return null;
  const objectCode = value(claim.xml1, 'MA_DOITUONG_KCB');
  return builtIns.routeFactor(objectCode, INPATIENT_CLASSES.has(type), isoDay(day));
}
