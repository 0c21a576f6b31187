import { daysBetween } from '../../../platform/dates.ts';
import {
  type AnyRule,
  type Claim,
  comparable,
  type Found,
  inRow,
  isoDay,
  isRealDay,
  list,
  moment,
  type PlacedRow,
  type Row,
  rule,
  type Severity,
  value,
} from '../../rule.ts';

/** What stands in a message where the claim has nothing. */
export const shown = (row: Row, field: string): string => value(row, field) || '–';

export const isFilled = (row: Row, field: string): boolean => value(row, field) !== '';

/** A real day `yyyyMMdd`; null when blank or impossible. */
export function dayOf(row: Row, field: string): string | null {
  const text = value(row, field);
  return isRealDay(text) ? text : null;
}

/** Day of a moment `yyyyMMddHHmm`, as `yyyyMMdd`; null when blank or impossible. */
export const dayOfMoment = (row: Row, field: string): string | null =>
  moment(row, field)?.slice(0, 8) ?? null;

/** Whole days between two days `yyyyMMdd`. */
export const daysFrom = (from: string, to: string): number => daysBetween(isoDay(from), isoDay(to));

/** A whole number of at least 0; null when blank or anything else. */
export function wholeNumber(row: Row, field: string): number | null {
  const text = value(row, field);
  return /^\d{1,9}$/.test(text) ? Number(text) : null;
}

/** The rule that a paper, where there is one, holds all of these fields; one finding per blank field. */
export const filledRule = (
  id: string,
  table: string,
  fields: string,
  severity: Severity = 'error',
): AnyRule =>
  rule({
    id,
    severity,
    stage: 'export',
    params: { fields: fields.split(' ') },
    check: (claim, params) => {
      const rows = claim.rows(table);
      if (rows.length === 0) return 'not-applicable';
      return rows.flatMap((row) =>
        params.fields.filter((field) => !isFilled(row.values, field)).map((field) => inRow(row, field)),
      );
    },
  });

/** How a field of a paper is compared with the same field of XML1. */
export type Comparison = 'text' | 'name' | 'cards' | 'one-of';

const agrees: Readonly<Record<Comparison, (paper: Row, xml1: Row, field: string) => boolean>> = {
  text: (paper, xml1, field) => value(paper, field) === value(xml1, field),
  name: (paper, xml1, field) => comparable(value(paper, field)) === comparable(value(xml1, field)),
  cards: (paper, xml1, field) => {
    const known = elements(xml1, field);
    return elements(paper, field).every((one) => known.includes(one));
  },
  'one-of': (paper, xml1, field) => elements(paper, field).includes(value(xml1, field)),
};

export const elements = (row: Row, field: string): string[] => list(row, field).map((one) => one.trim());

/** Fields that a paper repeats from XML1: those filled in on both sides must agree. */
export function repeated(
  { xml1 }: Claim,
  paper: PlacedRow,
  fields: Readonly<Record<string, Comparison>>,
): Found[] {
  return Object.entries(fields)
    .filter(([field]) => isFilled(paper.values, field) && isFilled(xml1, field))
    .filter(([field, how]) => !agrees[how](paper.values, xml1, field))
    .map(([field]) => inRow(paper, field, { expected: value(xml1, field) }));
}
