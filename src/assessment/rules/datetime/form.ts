import { type AnyRule, eachFilled, isRealDay, type PlacedRow, readMoment, rule } from '../../rule.ts';

const MOMENTS =
  'NGAY_VAO NGAY_VAO_NOI_TRU NGAY_RA NGAY_TTOAN NGAY_YL NGAY_TH_YL NGAY_KQ THOI_DIEM_DBLS'.split(' ');
const OF_MOMENTS = ['XML0', 'XML1', 'XML2', 'XML3', 'XML4', 'XML5', 'XML7', 'XML8'];
const DAYS =
  'NAM_NAM_LIEN_TUC NGAY_TAI_KHAM NGAY_CT TU_NGAY DEN_NGAY NGAYSINH_NND NGAY_HEN_KL NGOAITRU_TUNGAY NGOAITRU_DENNGAY'.split(
    ' ',
  );
const OF_DAYS = ['XML1', 'XML7', 'XML9', 'XML10', 'XML11', 'XML14'];
/** Several days with `;` between them. */
const LIST = 'NGAY_TAI_KHAM';

const isDays = (text: string, field: string): boolean =>
  (field === LIST ? text.split(';') : [text]).every((day) => isRealDay(day.trim()));

/** How moments and days are written. The day of birth has a rule of its own. */
export const form: readonly AnyRule[] = [
  rule({
    id: 'DT_FORMAT_12',
    severity: 'error',
    stage: 'export',
    ofCheckIns: true,
    params: {},
    check: (claim) => eachFilled(rowsOf(claim, OF_MOMENTS), MOMENTS, (text) => readMoment(text) !== null),
  }),
  rule({
    id: 'DT_FORMAT_8',
    severity: 'error',
    stage: 'export',
    params: {},
    check: (claim) => eachFilled(rowsOf(claim, OF_DAYS), DAYS, isDays),
  }),
];

const rowsOf = (claim: { rows(table: string): readonly PlacedRow[] }, tables: readonly string[]) =>
  tables.flatMap((table) => claim.rows(table));
