import {
  type AnyRule,
  comparable,
  type Found,
  ingredient,
  inRow,
  moment,
  OUTPATIENT_CLASSES,
  type PlacedRow,
  rule,
  value,
} from '../../rule.ts';

const BLOOD = ['7', '17'];
const codeOf = ({ values }: PlacedRow) => value(values, 'MA_THUOC');
const orderDay = ({ values }: PlacedRow) => moment(values, 'NGAY_YL')?.slice(0, 8) ?? null;

/** Groups of rows with more than one row, by a key; one finding for a group, on its last row. */
function repeated(
  rows: readonly PlacedRow[],
  keyOf: (row: PlacedRow) => string,
  code: (row: PlacedRow) => string,
  isWrong: (group: readonly PlacedRow[]) => boolean,
): Found[] {
  return [...Map.groupBy(rows, keyOf).values()]
    .filter((group) => group.length > 1 && isWrong(group))
    .map((group) => {
      const last = group.at(-1)!;
      return inRow(last, 'MA_THUOC', { code: code(last), rows: group.map(({ row }) => row).join(', ') });
    });
}

/** The same drug, or the same ingredient, on several rows of a day. */
export const twice: readonly AnyRule[] = [
  rule({
    id: 'DRG_DUPLICATE_SAME_DAY',
    severity: 'warning',
    stage: 'order',
    params: {},
    check: ({ xml1, xml2 }) => {
      const rows = xml2.filter((row) => codeOf(row) !== '' && orderDay(row) !== null);
      if (!OUTPATIENT_CLASSES.has(value(xml1, 'MA_LOAI_KCB')) || rows.length === 0) return 'not-applicable';
      const fields = ['MA_THUOC', 'DUONG_DUNG', 'MA_BAC_SI', 'MA_KHOA', 'LIEU_DUNG'];
      const key = (row: PlacedRow) =>
        JSON.stringify([orderDay(row), ...fields.map((field) => comparable(value(row.values, field)))]);
      return repeated(rows, key, codeOf, () => true);
    },
  }),
  rule({
    id: 'DRG_SAME_INGREDIENT',
    severity: 'warning',
    stage: 'order',
    cause: 'drug',
    // Solvents of infusions.
    params: { exemptCodes: ['40.1015', '40.1021', '40.1026'] },
    check: ({ xml2 }, { exemptCodes }) => {
      const registration = ({ values }: PlacedRow) =>
        comparable(value(values, 'SO_DANG_KY')).replaceAll(' ', '');
      const rows = xml2.filter(
        (row) =>
          registration(row) !== '' &&
          orderDay(row) !== null &&
          value(row.values, 'DUONG_DUNG') !== '' &&
          !BLOOD.includes(value(row.values, 'MA_NHOM')) &&
          !['', ...exemptCodes].includes(ingredient(row.values)),
      );
      if (rows.length === 0) return 'not-applicable';
      return repeated(
        rows,
        (row) => JSON.stringify([orderDay(row), value(row.values, 'DUONG_DUNG'), ingredient(row.values)]),
        (row) => ingredient(row.values),
        (group) => new Set(group.map(registration)).size > 1,
      );
    },
  }),
];
