import { ruleTable, xml1 } from '../../../../test/harness/rules.ts';
import { type CatalogueRow, catalogueOf } from '../../catalogues.ts';
import { rules } from './index.ts';

const main = (MA_BENH_CHINH: string, more: Record<string, string> = {}) => xml1({ MA_BENH_CHINH, ...more });
const icd10 = (...rows: readonly CatalogueRow[]) => ({ icd10_catalogue: catalogueOf(rows, 'code')! });
const MAIN = ['XML1 MA_BENH_CHINH'];
const SECONDARY = ['XML1 MA_BENH_KT'];

ruleTable(
  rules,
  'ICD_IN_CATALOGUE',
  [
    ['all known', main('J18.9', { MA_BENH_KT: 'A17.0†;G01*' }), []],
    ['one unknown', main('J18.9', { MA_BENH_KT: 'A17.0;B99' }), SECONDARY],
    // 16.4 % of orders carried more detailed local codes: known when they stand in the catalogue, never cut short.
    ['a local code that the catalogue has', main('J18.91'), []],
    ['a local code that it has not', main('J18.92'), MAIN],
    ['a code without shape is left to others', main('j18.9'), []],
    ['none', main(''), []],
  ],
  icd10({ code: 'J18.9' }, { code: 'J18.91' }, { code: 'A17.0' }, { code: 'G01' }),
);

ruleTable(
  rules,
  'ICD_PRIMARY_FORBIDDEN',
  [
    ['allowed', main('J18.9'), []],
    ['forbidden', main('Y83.8'), MAIN],
    ['forbidden, with a mark', main('Y83.8+'), MAIN],
    ['the code above', main('Y83'), []],
    ['a code below', main('Y83.81'), []],
    ['secondary', main('J18.9', { MA_BENH_KT: 'Y83.8' }), []],
    ['blank', main(' '), []],
  ],
  { icd_primary_forbidden: catalogueOf([{ code: 'Y83.8' }], 'code')! },
);

ruleTable(rules, 'ICD_PRIMARY_DISCOURAGED', [
  ['a disease', main('J18.9'), []],
  ['an examination', main('Z00'), MAIN],
  ['a code below', main('R53.1'), MAIN],
  ['beside it', main('Z01.0'), []],
  ['secondary', main('J18.9', { MA_BENH_KT: 'R53' }), []],
  ['blank', main(''), []],
]);
ruleTable(
  rules,
  'ICD_PRIMARY_DISCOURAGED',
  [
    ['no flag', main('J18.0'), []],
    ['discouraged', main('J18.8'), MAIN],
    ['a more specific code exists', main('J18.9'), MAIN],
    ['discouraged since the day of arrival', main('J18.1', { NGAY_VAO: '202611010800' }), MAIN],
    ['a day before', main('J18.1', { NGAY_VAO: '202610312359' }), []],
  ],
  icd10(
    { code: 'J18.0' },
    { code: 'J18.8', discouraged: true },
    { code: 'J18.9', unspecific: true },
    { code: 'J18.1', discouraged: true, from: '20261101' },
  ),
);

ruleTable(
  rules,
  'ICD_NEEDS_FOURTH_CHARACTER',
  [
    ['four characters', main('J18.9'), []],
    ['three, and it is divided', main('J18'), MAIN],
    ['three, and it is not divided', main('J00'), []],
    ['a secondary one with a mark', main('J00', { MA_BENH_KT: 'A17†' }), SECONDARY],
    ['not in the catalogue', main('B99'), []],
    ['none', main(''), []],
  ],
  icd10({ code: 'J18' }, { code: 'J18.9' }, { code: 'J00' }, { code: 'A17' }, { code: 'A17.0' }),
);

const on = (NGAY_VAO: string, MA_BENH_KT = '') => main('U07.1', { NGAY_VAO, MA_BENH_KT });
ruleTable(
  rules,
  'ICD_VALIDITY_DATES',
  [
    ['the first day', on('202001010000'), []],
    ['the day before', on('201912312359'), MAIN],
    ['the last day', on('202612312359'), []],
    ['the day after', on('202701010000'), MAIN],
    ['always valid, unknown', on('202611010800', 'J00;B99'), []],
    ['no day', on(''), []],
  ],
  icd10({ code: 'U07.1', from: '20200101', to: '20261231' }, { code: 'J00' }),
);

const said = (CHAN_DOAN_RV: string, code = 'J18.9') => main(code, { CHAN_DOAN_RV });
ruleTable(
  rules,
  'ICD_TEXT_MATCH',
  [
    ['a word of the name', said('VIÊM phổi thùy'), []],
    ['composed otherwise', said('viêm'.normalize('NFD')), []],
    ['only the code', said('J18.9'), ['XML1 CHAN_DOAN_RV']],
    ['another disease', said('gãy xương đùi'), ['XML1 CHAN_DOAN_RV']],
    ['a word of exactly three letters', said('tác'), []],
    ['a word too short to count', said('do tai nạn'), ['XML1 CHAN_DOAN_RV']],
    ['blank', said(' '), ['XML1 CHAN_DOAN_RV']],
    ['the catalogue has no name', said('x', 'J00'), []],
  ],
  icd10({ code: 'J18.9', name: 'Viêm phổi do tác nhân không xác định' }, { code: 'J00' }),
);
