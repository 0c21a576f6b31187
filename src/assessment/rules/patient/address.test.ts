import { ruleTable, xml1 } from '../../../../test/harness/rules.ts';
import { catalogueOf } from '../../catalogues.ts';
import { rules } from './index.ts';

const units = catalogueOf(
  [
    { ward: '16681', province: '40', from: '20250701' },
    { ward: '17000', province: '40', to: '20250630' },
    { ward: '00001', province: '01' },
    { ward: '25000', province: '70', to: '20250630' },
    { ward: '30000' },
  ],
  'ward',
)!;
const needs = { admin_units: units };
const lives = (MATINH_CU_TRU: string, MAXA_CU_TRU: string, NGAY_VAO = '202611020800', MA_QUOCTICH = '000') =>
  xml1({ MATINH_CU_TRU, MAXA_CU_TRU, NGAY_VAO, MA_QUOCTICH });

ruleTable(
  rules,
  'PAT_PROVINCE',
  [
    ['known', lives('40', ''), []],
    ['three digits', lives('001', ''), []],
    ['unknown', lives('41', ''), ['XML1 MATINH_CU_TRU']],
    ['the last day of a province', lives('70', '', '202506302359'), []],
    ['merged the day after', lives('70', '', '202507010000'), ['XML1 MATINH_CU_TRU']],
    ['blank', lives('', ''), []],
    ['a foreigner without one', lives('', '', '202611020800', '840'), []],
    ['no arrival', lives('41', '', ''), []],
  ],
  needs,
);
ruleTable(
  rules,
  'PAT_WARD',
  [
    ['known', lives('', '16681'), []],
    ['unknown', lives('', '16682'), ['XML1 MAXA_CU_TRU']],
    ['the day before it began', lives('', '16681', '202506302359'), ['XML1 MAXA_CU_TRU']],
    ['the first day', lives('', '16681', '202507010000'), []],
    ['blank', lives('', ''), []],
    ['no arrival', lives('', '16682', ''), []],
  ],
  needs,
);
ruleTable(
  rules,
  'PAT_WARD_IN_PROVINCE',
  [
    ['there', lives('40', '16681'), []],
    ['three digits', lives('001', '00001'), []],
    ['elsewhere', lives('01', '16681'), ['XML1 MAXA_CU_TRU']],
    ['unknown ward', lives('40', '16682'), []],
    ['a ward of before', lives('01', '17000'), []],
    ['unknown province', lives('41', '16681'), []],
    ['the catalogue does not say', lives('40', '30000'), []],
    ['blank', lives('', '16681'), []],
  ],
  needs,
);
