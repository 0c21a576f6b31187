import { ruleTable, xml1 } from '../../../../test/harness/rules.ts';
import { type CatalogueRow, catalogueOf } from '../../catalogues.ts';
import { rules } from './index.ts';

const main = (MA_BENH_CHINH: string, more: Record<string, string> = {}) => xml1({ MA_BENH_CHINH, ...more });
const icd10 = (...rows: readonly CatalogueRow[]) => ({ icd10_catalogue: catalogueOf(rows, 'code')! });
const MAIN = ['XML1 MA_BENH_CHINH'];
const SECONDARY = ['XML1 MA_BENH_KT'];

const arrived = { NGAY_VAO: '202611290800' };
const aged = (code: string, NGAY_SINH: string, MA_BENH_KT = '') =>
  main(code, { ...arrived, NGAY_SINH, MA_BENH_KT });
ruleTable(rules, 'ICD_AGE_LIMIT', [
  ['a newborn of 28 days', aged('P59.9', '202611010000'), []],
  ['29 days', aged('P59.9', '202610310000'), MAIN],
  ['29 days, secondary', aged('J00', '202610310000', 'P59.9'), []],
  ['a mother of ten', aged('O80', '201611290000'), []],
  ['a day younger', aged('O80', '201611300000'), MAIN],
  ['a mother of sixty', aged('O80', '196511300000'), []],
  ['sixty-one', aged('O80', '196511290000'), MAIN],
  ['only the year is known: the first possible day', aged('O80', '201600000000'), []],
  ['beside the ranges', aged('Q00', '196511290000'), []],
  ['nobody knows how old', aged('P59.9', ''), []],
  ['born after arrival', aged('P59.9', '202611300000'), []],
]);
ruleTable(
  rules,
  'ICD_AGE_LIMIT',
  [
    ['the youngest', aged('N40', '198611290000'), []],
    ['a day younger', aged('N40', '198611300000'), MAIN],
    ['the oldest, in days', aged('P59.9', '202611010000'), []],
    ['a day older, secondary', aged('J00', '202610310000', 'P59.9'), SECONDARY],
    ['the catalogue names no limit', aged('O80', '202611010000'), []],
  ],
  icd10({ code: 'N40', min_age: 40 }, { code: 'P59.9', max_age_days: 28 }, { code: 'O80' }, { code: 'J00' }),
);

const injured = (MA_BENH_CHINH: string, MA_TAI_NAN: string, MA_BENH_KT = '') =>
  main(MA_BENH_CHINH, { MA_TAI_NAN, MA_BENH_KT });
const ACCIDENT = ['XML1 MA_TAI_NAN'];
ruleTable(rules, 'ICD_EXTERNAL_CAUSE_MISSING', [
  ['an accident', injured('S52.5', '1'), []],
  ['the last kind', injured('T79.9', '8'), []],
  ['no kind', injured('S00', ''), ACCIDENT],
  ['kind 0', injured('T78', '0'), ACCIDENT],
  ['kind 9', injured('S52', '9'), ACCIDENT],
  ['a complication', injured('T80.1', ''), []],
  ['a disease', injured('J00', ''), []],
]);
ruleTable(
  rules.map((one) =>
    one.id === 'ICD_EXTERNAL_CAUSE_MISSING'
      ? { ...one, params: { ...(one.params as object), requireCause: true } as never }
      : one,
  ),
  'ICD_EXTERNAL_CAUSE_MISSING',
  [
    ['where the cause is asked for: given', injured('S52.5', '1', 'V01.1'), []],
    ['where the cause is asked for: missing', injured('S52.5', '1', 'J00'), SECONDARY],
  ],
);

ruleTable(rules, 'ICD_ACCIDENT_WITHOUT_INJURY', [
  ['an injury', injured('S00.0', '1'), []],
  ['the last code, secondary', injured('J00', '8', 'T98.3'), []],
  ['a disease', injured('J00', '1'), ACCIDENT],
  ['beside the range', injured('R99', '1', 'U07.1;V01'), ACCIDENT],
  ['no accident', injured('J00', '0'), []],
  ['no diagnosis yet', injured('', '1'), []],
]);
