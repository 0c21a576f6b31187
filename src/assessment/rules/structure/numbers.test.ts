import { ruleTable, xml1 } from '../../../../test/harness/rules.ts';
import { rules } from './index.ts';

ruleTable(rules, 'STR_NUMBER_NEGATIVE', [
  ['nothing is not negative', { ...xml1({ T_BHTT: '0.00' }), XML2: [{ SO_LUONG: '1' }] }, []],
  [
    'a hundredth below',
    xml1({ T_BHTT: '-0.01', CAN_NANG: '-3', SO_NGAY_DTRI: '-1' }),
    ['XML1 T_BHTT', 'XML1 CAN_NANG', 'XML1 SO_NGAY_DTRI'],
  ],
  [
    'in rows',
    { XML2: [{}, { DON_GIA: '-5' }], XML3: [{ T_BNTT: '-1.00' }] },
    ['XML2:2 DON_GIA', 'XML3:1 T_BNTT'],
  ],
  ['no number is left to others', xml1({ T_BHTT: '-x', T_BNTT: '' }), []],
  ['nothing filled in', xml1({ T_BHTT: '' }), []],
]);

ruleTable(rules, 'STR_DECIMALS', [
  ['amounts have two', xml1({ T_BHTT: '1.25', T_BNTT: '-1.25', T_THUOC: '5' }), []],
  ['amounts do not have three', xml1({ T_BHTT: '1.255' }), ['XML1 T_BHTT']],
  ['prices have three', { XML2: [{ DON_GIA: '1.255', SO_LUONG: '0.333' }] }, []],
  ['prices do not have four', { XML3: [{ DON_GIA_BH: '1.2555' }] }, ['XML3:1 DON_GIA_BH']],
  ['zeros at the end do not count', xml1({ T_BHTT: '1.2500', T_BNTT: '1.0000' }), []],
  ['a zero inside counts', xml1({ T_BHTT: '1.2005' }), ['XML1 T_BHTT']],
  ['more than a number can hold', { XML2: [{ SO_LUONG: '0.3333333333' }] }, ['XML2:1 SO_LUONG']],
  ['rates are not among them', { XML2: [{ TYLE_TT_BH: '33.3333' }] }, []],
  ['no number', xml1({ T_BHTT: '1,2555' }), []],
]);

ruleTable(rules, 'STR_QUANTITY_POSITIVE', [
  ['one', { XML2: [{ SO_LUONG: '1' }] }, []],
  ['a thousandth', { XML2: [{ SO_LUONG: '0.001' }] }, []],
  [
    'zero',
    { XML2: [{ SO_LUONG: '0' }], XML3: [{ SO_LUONG: '0.000', MA_NHOM: '13' }] },
    ['XML2:1 SO_LUONG', 'XML3:1 SO_LUONG'],
  ],
  ['blank and negative are left to others', { XML3: [{ SO_LUONG: '' }, { SO_LUONG: '-1' }] }, []],
  ['beds may have zero', { XML3: ['14', '15', '16'].map((MA_NHOM) => ({ MA_NHOM, SO_LUONG: '0' })) }, []],
  ['groups beside the beds may not', { XML3: [{ MA_NHOM: '17', SO_LUONG: '0' }] }, ['XML3:1 SO_LUONG']],
]);
