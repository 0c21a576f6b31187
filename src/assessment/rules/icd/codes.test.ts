import { ruleTable, xml1 } from '../../../../test/harness/rules.ts';
import { catalogueOf } from '../../catalogues.ts';
import { rules } from './index.ts';

const main = (MA_BENH_CHINH: string, more: Record<string, string> = {}) => xml1({ MA_BENH_CHINH, ...more });
const MAIN = ['XML1 MA_BENH_CHINH'];

ruleTable(rules, 'ICD_PRIMARY_SINGLE', [
  ['one code', main('J00'), []],
  ['two codes', main('J00;I10'), MAIN],
  ['a comma', main('J00,I10'), MAIN],
  ['a blank inside', main('J00 I10'), MAIN],
  ['blank', main(' '), []],
]);

ruleTable(rules, 'ICD_CODE_SHAPE', [
  ['plain, with decimals, with a mark', main('J00', { MA_BENH_KT: 'E11.9;I10;A17.0†;G01*' }), []],
  ['three decimals, not four', main('M80.123', { MA_BENH_KT: 'M80.1234' }), ['XML1 MA_BENH_KT']],
  ['small letters', main('j00'), MAIN],
  ['no letter', main('100'), MAIN],
  ['a point without decimals', main('J00.'), MAIN],
  ['blank', main(''), []],
]);

ruleTable(rules, 'ICD_SEX_LIMIT', [
  ['a pregnancy of a woman', main('O80', { GIOI_TINH: '2' }), []],
  ['a pregnancy of a man', main('O80.1', { GIOI_TINH: '1' }), MAIN],
  [
    'a prostate of a woman, secondary',
    main('J00', { MA_BENH_KT: 'I10;N40', GIOI_TINH: '2' }),
    ['XML1 MA_BENH_KT'],
  ],
  ['beside the ranges', main('N52', { MA_BENH_KT: 'N69;N78;N79;D24', GIOI_TINH: '2' }), []],
  ['the ends of a range', main('N98.9', { MA_BENH_KT: 'N99', GIOI_TINH: '1' }), MAIN],
  ['not said', main('O80', { GIOI_TINH: '3' }), []],
]);

ruleTable(rules, 'ICD_EXTERNAL_CAUSE_PRIMARY', [
  ['the injury', main('S52', { MA_BENH_KT: 'W01' }), []],
  ['its cause', main('W01.0'), MAIN],
  ['first and last of the chapter', main('V01'), MAIN],
  ['the last one', main('Y98'), MAIN],
  ['after it', main('Z00'), []],
  ['before it', main('U07'), []],
  ['blank', main(''), []],
]);

ruleTable(rules, 'ICD_DEATH_ONLY_CODES', [
  ['died', main('R96', { KET_QUA_DTRI: '5' }), []],
  ['brought dead', main('R99', { KET_QUA_DTRI: '8' }), []],
  ['alive', main('R96.0', { KET_QUA_DTRI: '1' }), MAIN],
  ['a code below', main('I46.1', { KET_QUA_DTRI: '4' }), MAIN],
  ['beside it', main('I46.0', { KET_QUA_DTRI: '1' }), []],
  ['R97 is not one', main('R97', { KET_QUA_DTRI: '1' }), []],
]);

const icd10_catalogue = catalogueOf(
  [
    { code: 'O80', sex: '' },
    { code: 'Z30.1', sex: '2' },
    { code: 'N40' },
    { code: 'R57.0', deathOnly: true },
    { code: 'R99', deathOnly: false },
  ],
  'code',
)!;
ruleTable(
  rules,
  'ICD_SEX_LIMIT',
  [
    ['of women, of a man', main('Z30.1', { GIOI_TINH: '1' }), MAIN],
    ['of women, of a woman', main('Z30.1', { GIOI_TINH: '2' }), []],
    ['of both by the catalogue', main('O80', { GIOI_TINH: '1' }), []],
    ['the catalogue does not say', main('N40', { GIOI_TINH: '2' }), MAIN],
    ['not in the catalogue', main('C53.9', { GIOI_TINH: '1' }), MAIN],
  ],
  { icd10_catalogue },
);
ruleTable(
  rules,
  'ICD_DEATH_ONLY_CODES',
  [
    ['flagged, alive', main('R57.0', { KET_QUA_DTRI: '1' }), MAIN],
    ['flagged, dead', main('R57.0', { KET_QUA_DTRI: '5' }), []],
    ['not reserved by the catalogue', main('R99', { KET_QUA_DTRI: '1' }), []],
    ['the catalogue does not say', main('R96', { KET_QUA_DTRI: '1' }), MAIN],
  ],
  { icd10_catalogue },
);
