import { type AnyRule, eachRow, type Found, inRow, number, type PlacedRow, rule, value } from '../../rule.ts';
import { dayOf, dayOfMoment, daysFrom, isFilled, shown } from './paper.ts';

/** Number of days, first day, last day. */
type LeaveFields = readonly [count: string, first: string, last: string];
const AFTER_DISCHARGE: LeaveFields = ['SO_NGAY_NGHI', 'NGOAITRU_TUNGAY', 'NGOAITRU_DENNGAY'];
const PREGNANCY: LeaveFields = ['SO_NGAY', 'TU_NGAY', 'DEN_NGAY'];
const SICK: LeaveFields = ['SO_NGAY_NGHI', 'TU_NGAY', 'DEN_NGAY'];

/** Both days, where they can be read. */
function periodOf({ values }: PlacedRow, [, first, last]: LeaveFields) {
  const [from, to] = [dayOf(values, first), dayOf(values, last)];
  return from === null || to === null ? null : { from, to };
}
export const sickLeaveOf = (row: PlacedRow) => periodOf(row, SICK);

/** How many days off a paper grants: after discharge (XML7), in pregnancy (XML10), for illness (XML11). */
export const leaveDays: readonly AnyRule[] = [
  rule({
    id: 'XML7_LEAVE_DAYS',
    severity: 'error',
    stage: 'export',
    params: {},
    check: (claim) =>
      days(
        claim.rows('XML7').filter(({ values }) => AFTER_DISCHARGE.some((field) => isFilled(values, field))),
        AFTER_DISCHARGE,
        (count, between) => count === null || (count > 0 && count === between + 1),
      ),
  }),
  rule({
    id: 'XML7_LEAVE_START',
    severity: 'error',
    stage: 'export',
    params: {},
    check: (claim) => {
      const left = dayOfMoment(claim.xml1, 'NGAY_RA');
      if (left === null) return 'not-applicable';
      const field = 'NGOAITRU_TUNGAY';
      const granted = claim.rows('XML7').filter(({ values }) => dayOf(values, field) !== null);
      return eachRow(
        granted,
        field,
        (values) => value(values, field) >= left,
        () => ({ ngay_ra: left }),
      );
    },
  }),
  rule({
    id: 'XML10_DAYS',
    severity: 'error',
    stage: 'export',
    params: { max: 180 },
    // The official text says last minus first day, its example counts both days: either will do.
    check: (claim, { max }) =>
      days(claim.rows('XML10'), PREGNANCY, (count, between) => {
        const isAllowed = count !== null && count >= 1 && count <= max;
        return isAllowed && between >= 0 && (count === between || count === between + 1);
      }),
  }),
  rule({
    id: 'XML11_DAYS',
    severity: 'error',
    stage: 'export',
    params: {},
    check: (claim) =>
      days(
        claim.rows('XML11'),
        SICK,
        (count, between) => count !== null && count > 0 && count === between + 1,
      ),
  }),
  rule({
    id: 'XML11_WITH_XML7_LEAVE',
    severity: 'warning',
    stage: 'export',
    params: {},
    check: (claim) => {
      const others = claim
        .rows('XML7')
        .map((row) => periodOf(row, AFTER_DISCHARGE))
        .filter((one) => one !== null);
      if (others.length === 0) return 'not-applicable';
      const papers = claim.rows('XML11').filter((row) => sickLeaveOf(row) !== null);
      return eachRow(papers, 'SO_NGAY_NGHI', (_values, row) => {
        const { from, to } = sickLeaveOf(row)!;
        return others.every((other) => to < other.from || other.to < from);
      });
    },
  }),
];

/**
 * All three fields, and a number of days that fits the days between; days that cannot be read are left to the rules on
 * shapes.
 */
function days(
  papers: readonly PlacedRow[],
  fields: LeaveFields,
  holds: (count: number | null, between: number) => boolean,
): readonly Found[] | 'not-applicable' {
  if (papers.length === 0) return 'not-applicable';
  return papers.flatMap((row) => {
    const { values } = row;
    const period = periodOf(row, fields);
    const between = period && daysFrom(period.from, period.to);
    const [field, first, last] = fields;
    const more = {
      value: shown(values, field),
      from: shown(values, first),
      to: shown(values, last),
      expected: between === null ? '–' : String(between + 1),
    };
    const blank = fields.find((one) => !isFilled(values, one));
    if (blank) return [inRow(row, blank, more)];
    const count = number(values, field);
    const isRight = between === null || holds(count?.toNumber() ?? null, between);
    return isRight ? [] : [inRow(row, field, more)];
  });
}
