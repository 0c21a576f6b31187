import { type Decimal, zero } from '../../../platform/money.ts';
import { type Found, inRow, number, type PlacedRow, type Row, value } from '../../rule.ts';

export type Amounts<Field extends string> = Readonly<Record<Field, Decimal>>;

/** PHAM_VI of what insurance does not cover. */
export const OUT_OF_SCOPE = '2';

/** Other sources and their four parts: left blank, they are nothing. */
const OTHER_SOURCE = 'T_NGUONKHAC';

/** Exact numbers of the fields, read once; null when one is blank or unreadable, for then nothing can be compared. */
export function amountsOf<Field extends string>(row: Row, fields: readonly Field[]): Amounts<Field> | null {
  const amounts: Partial<Record<Field, Decimal>> = {};
  for (const field of fields) {
    const isNothing = field.startsWith(OTHER_SOURCE) && value(row, field) === '';
    const amount = isNothing ? zero : number(row, field);
    if (amount === null) return null;
    amounts[field] = amount;
  }
  return amounts as Amounts<Field>;
}

/** What the message shows of a row that fails; or why there is no finding. */
export type Verdict = Readonly<Record<string, string>> | 'holds' | 'skipped';

/** Judges each row whose amounts can all be read; findings stand in `field`. No row judged = not applicable. */
export function judgeRows<Field extends string>(
  rows: readonly PlacedRow[],
  field: NoInfer<Field>,
  fields: readonly Field[],
  judge: (amounts: Amounts<Field>, row: Row) => Verdict,
): readonly Found[] | 'not-applicable' {
  let judged = 0;
  const found: Found[] = [];
  for (const row of rows) {
    const amounts = amountsOf(row.values, fields);
    const verdict = amounts === null ? 'skipped' : judge(amounts, row.values);
    if (verdict === 'skipped') continue;
    judged += 1;
    if (verdict !== 'holds') found.push(inRow(row, field, verdict));
  }
  return judged === 0 ? 'not-applicable' : found;
}

/** Not further apart than the tolerance, which itself still holds. */
export const isNear = (amount: Decimal, other: Decimal, tol: Decimal): boolean =>
  amount.eq(other) || amount.minus(other).abs().lte(tol);

export const notBelowZero = (amount: Decimal): Decimal => (amount.lt(zero) ? zero : amount);
