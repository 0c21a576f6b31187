import { type Decimal, decimal } from '../platform/money.ts';

/** One row of an official table: element name → the exact string in the file. */
export type Row = Readonly<Record<string, string>>;
export type Tables = Readonly<Record<string, readonly Row[] | undefined>>;

/** What the claims reader gives for one file; only what rules look at. */
export interface ClaimFileView {
  readonly facilityCode: string;
  /** `yyyyMMdd` */
  readonly madeOn: string;
  readonly records: readonly Tables[];
}

/** A charged row with the table it stands in; `row` is its 1-based position there. */
export interface ChargeRow {
  readonly table: 'XML2' | 'XML3';
  readonly row: number;
  readonly values: Row;
}

/** One claim, indexed once for all rules. */
export interface Claim {
  readonly file: ClaimFileView;
  readonly maLk: string | null;
  readonly tables: Tables;
  readonly xml1: Row;
  readonly xml2: readonly Row[];
  readonly xml3: readonly Row[];
  readonly xml4: readonly Row[];
  readonly xml5: readonly Row[];
  /** XML2 then XML3, in file order. */
  readonly chargeRows: readonly ChargeRow[];
  /** Ids of rules that already spoke on this claim, for subsumption (`parents`). */
  readonly spoken: ReadonlySet<string>;
}

/** What the law says, built in; dates are `yyyy-MM-dd`. */
export interface BuiltIns {
  /** đồng per month, plain decimal text; null before the first known value. */
  baseSalary(date: string): string | null;
  /** Percent; null = the combination does not exist or is not in force. */
  routeFactor(objectCode: string, inpatient: boolean, date: string): number | null;
}

export interface RuleContext {
  readonly builtIns: BuiltIns;
  /** End of the check day, `yyyyMMddHHmm`. */
  readonly checkTime: string;
}

/** Where a rule found something, and what the message shows. */
export interface Found {
  readonly table: string;
  readonly row: number | null;
  readonly field: string | null;
  readonly values: Readonly<Record<string, string>>;
}

export interface Finding extends Found {
  readonly rule: string;
  readonly severity: 'error' | 'warning';
  readonly maLk: string | null;
}

export interface Rule<Params = Readonly<Record<string, never>>> {
  readonly id: string;
  readonly group: string;
  readonly severity: 'error' | 'warning';
  /** The earliest moment at which it can speak. */
  readonly stage: 'order' | 'discharge' | 'settlement' | 'export';
  readonly defaultOn: boolean;
  readonly params: Params;
  readonly message: { readonly vi: string; readonly en: string };
  /** Rules whose finding on the same claim silences this one. */
  readonly parents?: readonly string[];
  /** `not-applicable` is not a pass. */
  check(claim: Claim, params: Params, context: RuleContext): readonly Found[] | 'not-applicable';
}

export type AnyRule = Rule<never>;

/** Declares a rule; keeps its parameter type for `check` and forgets it for the list. */
export function rule<Params>(definition: Rule<Params>): AnyRule {
  return definition as unknown as AnyRule;
}

export function found(
  table: string,
  row: number | null,
  field: string | null,
  values: Readonly<Record<string, string>> = {},
): Found {
  return { table, row, field, values };
}

/** Trimmed text of a field; a missing element reads as blank. */
export function value(row: Row, field: string): string {
  return (row[field] ?? '').trim();
}

/** Exact number of a field; null when blank or not a plain number (another rule speaks then). */
export function number(row: Row, field: string): Decimal | null {
  const text = value(row, field);
  return /^-?\d{1,18}(\.\d{1,6})?$/.test(text) ? decimal(text) : null;
}

/** A real moment `yyyyMMddHHmm`; null when blank or impossible. */
export function moment(row: Row, field: string): string | null {
  return readMoment(value(row, field));
}

export function readMoment(text: string): string | null {
  return /^\d{12}$/.test(text) &&
    isRealDay(text.slice(0, 8)) &&
    text.slice(8, 10) < '24' &&
    text.slice(10) < '60'
    ? text
    : null;
}

/** Is `yyyyMMdd` a day of the calendar? */
export function isRealDay(text: string): boolean {
  if (!/^\d{8}$/.test(text)) return false;
  const iso = `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6, 8)}`;
  const ms = Date.parse(`${iso}T00:00:00Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(iso);
}

/** `yyyyMMdd…` → `yyyy-MM-dd` */
export function isoDay(text: string): string {
  return `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6, 8)}`;
}

/** Elements of a `;` list; blank = none. */
export function list(row: Row, field: string): string[] {
  const text = value(row, field);
  return text === '' ? [] : text.split(';');
}

/** Day of the line: when it was done, else when it was ordered, `yyyyMMdd`; null when neither is a moment. */
export function lineDay(row: Row): string | null {
  return (moment(row, 'NGAY_TH_YL') ?? moment(row, 'NGAY_YL'))?.slice(0, 8) ?? null;
}

export const INPATIENT_CLASSES: ReadonlySet<string> = new Set(['03', '04', '09']);
