import { addDays, daysBetween } from '../../../platform/dates.ts';
import {
  type AnyRule,
  comparable,
  inRow,
  inTable,
  isoDay,
  moment,
  type PlacedRow,
  rule,
  value,
} from '../../rule.ts';

const filled = ({ values }: PlacedRow, field: string) => value(values, field) !== '';

/** The longest run of days of which none is among these, `yyyy-MM-dd`; the first of equal ones. */
function longestGap(from: string, to: string, days: readonly string[]) {
  const marks = [
    addDays(from, -1),
    ...days.filter((day) => from <= day && day <= to).toSorted(),
    addDays(to, 1),
  ];
  let longest = { from, to: from, days: 0 };
  for (const [index, mark] of marks.entries()) {
    const next = marks[index + 1] ?? mark;
    const length = daysBetween(mark, next) - 1;
    if (length > longest.days) longest = { from: addDays(mark, 1), to: addDays(next, -1), days: length };
  }
  return longest;
}

/** Is a stay followed by notes: at all, each few days, and by notes that say something new? */
export const noteCoverage: readonly AnyRule[] = [
  rule({
    id: 'NOTE_TABLE_FOR_TYPE',
    severity: 'warning',
    stage: 'discharge',
    /** Of `alsoExpected` the official text wants notes as well; nothing is said when there are none. */
    params: { required: ['03', '04', '09'], alsoExpected: ['02', '05', '06', '08'] },
    check: ({ xml1, xml5 }, { required }) => {
      const type = value(xml1, 'MA_LOAI_KCB');
      if (!required.includes(type)) return 'not-applicable';
      return xml5.length > 0 ? [] : [inTable('XML5', 'MA_LOAI_KCB', { type })];
    },
  }),
  rule({
    id: 'NOTE_DUPLICATE_TEXT',
    severity: 'warning',
    stage: 'discharge',
    params: { minChars: 20 },
    check: ({ xml5 }, { minChars }) => {
      const textOf = ({ values }: PlacedRow) => comparable(value(values, 'DIEN_BIEN_LS'));
      const long = xml5.filter((row) => Array.from(textOf(row)).length > minChars);
      if (long.length === 0) return 'not-applicable';
      const same = Map.groupBy(long, textOf);
      return long.flatMap((row) => {
        const first = same.get(textOf(row))![0]!;
        return row === first ? [] : [inRow(row, 'DIEN_BIEN_LS', { other: String(first.row) })];
      });
    },
  }),
  rule({
    id: 'NOTE_DAILY_COVERAGE',
    severity: 'warning',
    stage: 'discharge',
    parents: ['DT_ADMIT_BEFORE_DISCHARGE', 'NOTE_TABLE_FOR_TYPE'],
    params: { types: ['03'], maxGapDays: 2 },
    check: ({ xml1, xml5 }, { types, maxGapDays }) => {
      const [admitted, left] = [
        moment(xml1, value(xml1, 'NGAY_VAO_NOI_TRU') === '' ? 'NGAY_VAO' : 'NGAY_VAO_NOI_TRU'),
        moment(xml1, 'NGAY_RA'),
      ];
      const noted = xml5.map(({ values }) => moment(values, 'THOI_DIEM_DBLS')).filter((at) => at !== null);
      const isReadable = admitted !== null && left !== null && noted.length === xml5.length;
      if (!isReadable || !types.includes(value(xml1, 'MA_LOAI_KCB'))) return 'not-applicable';
      const gap = longestGap(isoDay(admitted), isoDay(left), noted.map(isoDay));
      if (gap.days <= maxGapDays) return [];
      return [inTable('XML5', 'THOI_DIEM_DBLS', { from: gap.from, to: gap.to, days: String(gap.days) })];
    },
  }),
  rule({
    id: 'NOTE_SURGERY_REPORT',
    severity: 'warning',
    stage: 'discharge',
    isOffByDefault: true,
    params: { groups: ['8'] },
    check: ({ xml3, xml5 }, { groups }) => {
      if (!xml3.some(({ values }) => groups.includes(value(values, 'MA_NHOM')))) return 'not-applicable';
      return xml5.some((row) => filled(row, 'PHAU_THUAT')) ? [] : [inTable('XML5', 'PHAU_THUAT')];
    },
  }),
];
