import { ruleTable, xml1 } from '../../../../test/harness/rules.ts';
import type { Row, Rule } from '../../rule.ts';
import { rules } from './index.ts';

function fieldsOf(id: string): readonly string[] {
  const found = rules.find((one) => one.id === id) as Rule<{ fields: readonly string[] }> | undefined;
  return found?.params.fields ?? [];
}

/** A row with every required field filled, but for those given. */
const full = (id: string, but: Row = {}): Row => ({
  ...Object.fromEntries(fieldsOf(id).map((field) => [field, '0'])),
  ...but,
});

const one = (but: Row) => xml1(full('STR_REQUIRED_XML1', { MA_QUOCTICH: '000', ...but }));
ruleTable(rules, 'STR_REQUIRED_XML1', [
  ['zeros are not blank', one({}), []],
  ['one finding per field', one({ HO_TEN: '', DIA_CHI: ' \t' }), ['XML1 HO_TEN', 'XML1 DIA_CHI']],
  ['nothing at all', xml1({}), fieldsOf('STR_REQUIRED_XML1').map((field) => `XML1 ${field}`)],
  [
    'a foreigner has no ethnic group or province',
    one({ MA_QUOCTICH: '116', MA_DANTOC: '', MATINH_CU_TRU: '' }),
    [],
  ],
  ['a foreigner has a name', one({ MA_QUOCTICH: '116', HO_TEN: '' }), ['XML1 HO_TEN']],
  ['a citizen has an ethnic group', one({ MA_DANTOC: '' }), ['XML1 MA_DANTOC']],
  [
    'no nationality is no foreign one',
    one({ MA_QUOCTICH: '', MA_DANTOC: '' }),
    ['XML1 MA_QUOCTICH', 'XML1 MA_DANTOC'],
  ],
  ['weight and head of facility have no place here', one({ CAN_NANG: '', MA_TTDV: '' }), []],
]);

const two = (but: Row) => ({ XML2: [full('STR_REQUIRED_XML2', but)] });
ruleTable(rules, 'STR_REQUIRED_XML2', [
  ['all there', two({ MA_NHOM: '4' }), []],
  [
    'a drug has a route and a strength',
    two({ MA_NHOM: '4', DUONG_DUNG: '', HAM_LUONG: '' }),
    ['XML2:1 HAM_LUONG', 'XML2:1 DUONG_DUNG'],
  ],
  ['blood has none', two({ MA_NHOM: '7', DUONG_DUNG: '', HAM_LUONG: '' }), []],
  ['blood preparation has none', two({ MA_NHOM: '17', DUONG_DUNG: '', HAM_LUONG: '' }), []],
  ['blood has a unit', two({ MA_NHOM: '7', DON_VI_TINH: '' }), ['XML2:1 DON_VI_TINH']],
  ['other payers are written, if only 0', two({ T_NGUONKHAC: '' }), ['XML2:1 T_NGUONKHAC']],
  ['no rows', xml1({}), []],
]);

const three = (but: Row) => ({ XML3: [full('STR_REQUIRED_XML3', but)] });
ruleTable(rules, 'STR_REQUIRED_XML3', [
  ['all there', three({ MA_NHOM: '1' }), []],
  [
    'a test has a unit and a rate',
    three({ MA_NHOM: '1', DON_VI_TINH: '', MUC_HUONG: '' }),
    ['XML3:1 DON_VI_TINH', 'XML3:1 MUC_HUONG'],
  ],
  ['transport has no rate', three({ MA_NHOM: '12', MUC_HUONG: '' }), []],
  ['transport has a unit', three({ MA_NHOM: '12', DON_VI_TINH: '' }), ['XML3:1 DON_VI_TINH']],
  ['an examination has no unit', three({ MA_NHOM: '13', DON_VI_TINH: '' }), []],
  ['a bed has no unit', three({ MA_NHOM: '16', DON_VI_TINH: '' }), []],
  ['a group of the row is needed', three({ MA_NHOM: '' }), ['XML3:1 MA_NHOM']],
  ['no rows', xml1({}), []],
]);
