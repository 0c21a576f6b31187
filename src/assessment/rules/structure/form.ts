import { dictionary, type TableCode } from '../../../claims/dictionary.ts';
import {
  type AnyRule,
  eachRow,
  type Found,
  INPATIENT_CLASSES,
  inRow,
  type PlacedRow,
  rule,
  value,
  xml1Row,
} from '../../rule.ts';

/** Fields that hold numbers, by table. */
const NUMBERS = new Map(
  ['XML1', 'XML2', 'XML3', 'XML7', 'XML9', 'XML11'].map((code) => [
    code,
    (dictionary().tables.get(code as TableCode)?.fields ?? [])
      .filter(({ type }) => type === 'integer' || type === 'decimal')
      .map(({ name }) => name),
  ]),
);

const CODES = ['MA_THUOC', 'MA_DICH_VU', 'MA_VAT_TU', 'MA_BENH_CHINH', 'MA_THE_BHYT', 'MA_KHOA', 'MA_BAC_SI'];
/** Blanks of every kind, also those that nobody sees. */
const BLANK = /[\s\u200B-\u200D\u2060\uFEFF]/u;

const TEXTS = [
  'HO_TEN',
  'TEN_THUOC',
  'TEN_DICH_VU',
  'TEN_VAT_TU',
  'CHAN_DOAN_RV',
  'DIEN_BIEN_LS',
  'KET_LUAN',
];
/** Control characters, the sign of a lost character, and a question mark inside a word where a letter was lost. */
const SPOILT = /[^\P{Cc}\t\n\r\u0080-\u009F]|\uFFFD|\p{L}\?\p{L}/u;

/** The fields, of those that are filled in, for which `isWrong`, as they stand in the file: with their blanks. */
function asWritten(
  rows: readonly PlacedRow[],
  fields: readonly string[],
  isWrong: (text: string) => boolean,
): readonly Found[] | 'not-applicable' {
  const filled = rows.flatMap((row) =>
    fields.filter((field) => value(row.values, field) !== '').map((field) => [row, field] as const),
  );
  if (filled.length === 0) return 'not-applicable';
  return filled.flatMap(([row, field]) => {
    const text = row.values[field] ?? '';
    return isWrong(text) ? [inRow(row, field, { value: text })] : [];
  });
}

/** How numbers, codes and texts are written, whatever the field means. */
export const form: readonly AnyRule[] = [
  rule({
    id: 'STR_NUMBER_FORMAT',
    severity: 'error',
    stage: 'export',
    params: {},
    check: (claim) =>
      [...NUMBERS].flatMap(([code, names]) =>
        claim
          .rows(code)
          .flatMap((row) =>
            names.filter((name) => !isNumber(value(row.values, name))).map((name) => inRow(row, name)),
          ),
      ),
  }),
  rule({
    id: 'STR_CODE_WHITESPACE',
    severity: 'warning',
    stage: 'order',
    params: {},
    check: (claim) =>
      asWritten([xml1Row(claim), ...claim.chargeRows, ...claim.xml4], CODES, (text) => BLANK.test(text)),
  }),
  rule({
    id: 'STR_TEXT_UNICODE',
    severity: 'warning',
    stage: 'order',
    params: {},
    check: (claim) =>
      asWritten(
        [xml1Row(claim), ...claim.chargeRows, ...claim.xml4, ...claim.xml5],
        TEXTS,
        (text) => text.normalize('NFC') !== text || SPOILT.test(text),
      ),
  }),
  rule({
    id: 'STR_REQUIRED_NGAY_TH_YL',
    severity: 'warning',
    stage: 'discharge',
    params: { groups: ['1', '2', '3', '8', '18'] },
    // What an in-patient gets is used in the house; what others get may be taken home.
    check: ({ xml1, xml2, xml3 }, { groups }) => {
      const drugs = INPATIENT_CLASSES.has(value(xml1, 'MA_LOAI_KCB')) ? xml2 : [];
      const services = xml3.filter(({ values }) => groups.includes(value(values, 'MA_NHOM')));
      return eachRow([...drugs, ...services], 'NGAY_TH_YL', (values) => value(values, 'NGAY_TH_YL') !== '');
    },
  }),
];

/** Blank is left to others. */
const isNumber = (text: string): boolean => text === '' || /^-?\d+(\.\d+)?$/.test(text);
