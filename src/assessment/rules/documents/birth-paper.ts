import {
  type AnyRule,
  eachFilled,
  eachRow,
  inRow,
  inTable,
  isRealDay,
  list,
  moment,
  type PlacedRow,
  plusMinutes,
  rule,
  value,
} from '../../rule.ts';
import { dayOf, isFilled, wholeNumber } from './paper.ts';

const BABIES = ['SO_CON', 'SO_CON_SONG'];

/** The birth papers of a delivery, XML9: one row per living baby, in the claim of the mother. */
export const birthPaper: readonly AnyRule[] = [
  rule({
    id: 'XML9_FOR_BIRTH_WEIGHT',
    severity: 'warning',
    stage: 'export',
    params: {},
    check: (claim) => {
      const expected = list(claim.xml1, 'CAN_NANG_CON').length;
      if (expected === 0) return 'not-applicable';
      const count = claim.count('XML9');
      if (count === expected) return [];
      return [inTable('XML9', null, { count: String(count), expected: String(expected) })];
    },
  }),
  rule({
    id: 'XML9_MOTHER_FORMAT',
    severity: 'error',
    stage: 'export',
    params: {},
    check: (claim, _params, { checkTime }) =>
      eachFilled(claim.rows('XML9'), Object.keys(MOTHER), (text, field, row) =>
        MOTHER[field]!(text, row, checkTime.slice(0, 8)),
      ),
  }),
  rule({
    id: 'XML9_CHILD_FIELDS',
    severity: 'error',
    stage: 'export',
    params: {
      fields: (
        'GIOI_TINH_CON SO_CON LAN_SINH SO_CON_SONG CAN_NANG_CON NGAY_SINH_CON NOI_SINH_CON NGUOI_DO_DE ' +
        'NGUOI_GHI_PHIEU NGAY_CT SO QUYEN_SO MA_TTDV'
      ).split(' '),
      // From, to; grams.
      numbers: {
        GIOI_TINH_CON: [1, 3],
        SO_CON: [1, 99],
        LAN_SINH: [0, 99],
        SO_CON_SONG: [0, 99],
        CAN_NANG_CON: [200, 9999],
      } as Readonly<Record<string, readonly [number, number]>>,
    },
    check: (claim, { fields, numbers }) => {
      const isGood = (row: PlacedRow, field: string) => {
        if (!isFilled(row.values, field)) return false;
        const [least, most] = numbers[field] ?? [];
        if (least === undefined || most === undefined) return true;
        const found = wholeNumber(row.values, field);
        return found !== null && least <= found && found <= most;
      };
      const rows = claim.rows('XML9');
      if (rows.length === 0) return 'not-applicable';
      return rows.flatMap((row) =>
        fields.filter((field) => !isGood(row, field)).map((field) => inRow(row, field)),
      );
    },
  }),
  rule({
    id: 'XML9_BIRTH_IN_STAY',
    severity: 'error',
    stage: 'export',
    parents: ['DT_ADMIT_BEFORE_DISCHARGE'],
    // A baby may be born on the way to the hospital.
    params: { beforeHours: 24 },
    check: (claim, { beforeHours }) => {
      const [arrived, left] = [moment(claim.xml1, 'NGAY_VAO'), moment(claim.xml1, 'NGAY_RA')];
      if (arrived === null || left === null) return 'not-applicable';
      const earliest = plusMinutes(arrived, -beforeHours * 60);
      const dated = claim.rows('XML9').filter(({ values }) => moment(values, 'NGAY_SINH_CON') !== null);
      return eachRow(dated, 'NGAY_SINH_CON', (values) => {
        const born = value(values, 'NGAY_SINH_CON');
        return earliest <= born && born <= left;
      });
    },
  }),
  rule({
    id: 'XML9_BABY_COUNT',
    severity: 'warning',
    stage: 'export',
    params: {},
    check: (claim) => {
      const papers = claim.rows('XML9');
      const rows = String(papers.length);
      if (papers.length === 0) return 'not-applicable';
      return papers.flatMap((row) => {
        const field = BABIES.find((one) => (wholeNumber(row.values, one) ?? Infinity) < papers.length);
        return field ? [inRow(row, field, { rows, count: value(row.values, field) })] : [];
      });
    },
  }),
];

type Holds = (text: string, row: PlacedRow, today: string) => boolean;

const shape =
  (pattern: RegExp): Holds =>
  (text) =>
    pattern.test(text);
const isPastDay = (text: string, today: string) => isRealDay(text) && text <= today;

/** What is written of the mother or carer, where it is written. */
const MOTHER: Readonly<Record<string, Holds>> = {
  MA_BHXH_NND: shape(/^\d{10}$/),
  MA_THE_NND: (text) => text.length === 15,
  NGAYSINH_NND: (text, _row, today) => isPastDay(text, today),
  // The dictionary allows a passport, which foreigners have.
  SO_CCCD_NND: (text, { values }) => {
    const isForeigner = !['', '000'].includes(value(values, 'MA_QUOCTICH'));
    return /^(\d{9}|\d{12})$/.test(text) || (isForeigner && /^[A-Za-z0-9]{6,15}$/.test(text));
  },
  NGAYCAP_CCCD_NND: (text, { values }, today) =>
    isPastDay(text, today) && (dayOf(values, 'NGAYSINH_NND') ?? '') < text,
  MA_DANTOC_NND: shape(/^\d{2}$/),
  MA_QUOCTICH: shape(/^\d{3}$/),
};
