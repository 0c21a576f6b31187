import {
  type AnyRule,
  baseCode,
  eachRow,
  inRow,
  minutesBetween,
  moment,
  type PlacedRow,
  type Row,
  rule,
  value,
} from '../../rule.ts';

const groupOf = (row: Row) => value(row, 'MA_NHOM');
const inGroups = (rows: readonly PlacedRow[], groups: readonly string[]) =>
  rows.filter(({ values }) => groups.includes(groupOf(values)));

/** Do both say the same minute? Silent when one cannot be read; a later one before an earlier one has its own rule. */
const isSameMinute = (row: Row, earlier: string, later: string): boolean => {
  const at = moment(row, earlier);
  return at !== null && at === moment(row, later);
};

/** From when to when a service was done, `[from, to)`; null when that cannot be read or is nothing. */
function spanOf({ values }: PlacedRow): { readonly from: string; readonly to: string } | null {
  const [from, to] = [moment(values, 'NGAY_TH_YL'), moment(values, 'NGAY_KQ')];
  return from !== null && to !== null && from < to ? { from, to } : null;
}

/** How fast things follow each other: orders, what is done, results. */
export const pace: readonly AnyRule[] = [
  rule({
    id: 'DT_EXEC_EQUALS_RESULT',
    severity: 'warning',
    stage: 'discharge',
    params: { groups: ['1', '2', '3', '8', '18'] },
    check: ({ xml3 }, { groups }) =>
      eachRow(inGroups(xml3, groups), 'NGAY_KQ', (row) => !isSameMinute(row, 'NGAY_TH_YL', 'NGAY_KQ')),
  }),
  rule({
    id: 'DT_EXEC_TOO_SHORT',
    severity: 'warning',
    stage: 'discharge',
    cause: 'service',
    // By group; `minutes` of the service catalogue goes before.
    params: { minMinutes: { '1': 3, '2': 3, '3': 3 } as Readonly<Record<string, number>> },
    check: ({ xml3 }, { minMinutes }, { catalogues }) => {
      const rows = inGroups(xml3, Object.keys(minMinutes));
      if (rows.length === 0) return 'not-applicable';
      return rows.flatMap((row) => {
        const span = spanOf(row);
        if (span === null) return [];
        const listed = [value(row.values, 'MA_DICH_VU'), baseCode(row.values)]
          .flatMap((one) => catalogues.service_catalogue?.validOn(one, span.from.slice(0, 8)) ?? [])
          .find(({ minutes }) => typeof minutes === 'number')?.minutes;
        const min = Number(listed ?? minMinutes[groupOf(row.values)]);
        const minutes = minutesBetween(span.from, span.to);
        return minutes >= min ? [] : [inRow(row, 'NGAY_KQ', { minutes: String(minutes), min: String(min) })];
      });
    },
  }),
  rule({
    id: 'DT_ORDER_EQUALS_EXEC',
    severity: 'warning',
    stage: 'discharge',
    isOffByDefault: true,
    params: { groups: ['1', '2', '3', '8'] },
    check: ({ xml3 }, { groups }) =>
      eachRow(inGroups(xml3, groups), 'NGAY_TH_YL', (row) => !isSameMinute(row, 'NGAY_YL', 'NGAY_TH_YL')),
  }),
  rule({
    id: 'DT_PATIENT_OVERLAP_PROCEDURES',
    severity: 'warning',
    stage: 'discharge',
    params: { groups: ['8', '18'], minOverlapMinutes: 1 },
    check: ({ xml3 }, { groups, minOverlapMinutes }) => {
      const done = inGroups(xml3, groups).flatMap((row) => {
        const span = spanOf(row);
        return span === null ? [] : [{ row, ...span }];
      });
      if (done.length === 0) return 'not-applicable';
      return done.flatMap((later, index) =>
        done.slice(0, index).flatMap((earlier) => {
          const isOneOperation =
            later.from === earlier.from &&
            [later, earlier].every(({ row }) => groupOf(row.values) === OPERATION);
          const from = later.from > earlier.from ? later.from : earlier.from;
          const to = later.to < earlier.to ? later.to : earlier.to;
          if (isOneOperation || minutesBetween(from, to) < minOverlapMinutes) return [];
          return [
            inRow(later.row, 'NGAY_TH_YL', { other: String(earlier.row.row), overlap: `${from}–${to}` }),
          ];
        }),
      );
    },
  }),
];

const OPERATION = '8';
