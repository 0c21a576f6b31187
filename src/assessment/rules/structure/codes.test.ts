import { expect, test } from '@jest/globals';
import { ruleTable, xml1 } from '../../../../test/harness/rules.ts';
import { dictionary } from '../../../claims/index.ts';
import { rules } from './index.ts';

ruleTable(rules, 'STR_LIST_FORMAT', [
  ['one element, several elements', xml1({ MA_DKBD: '40021', MA_BENH_KT: 'E11;I10' }), []],
  [
    'other separators',
    { XML2: [{ MA_BAC_SI: 'A,B' }], XML3: [{ NGUOI_THUC_HIEN: 'A|B' }] },
    ['XML2:1 MA_BAC_SI', 'XML3:1 NGUOI_THUC_HIEN'],
  ],
  ['a separator at the end', xml1({ MA_BENH_KT: 'E11; ' }), ['XML1 MA_BENH_KT']],
  ['a gap', xml1({ MA_BENH_KT: 'E11;;I10' }), ['XML1 MA_BENH_KT']],
  [
    'the end of a card may be open',
    xml1({ GT_THE_DEN: '20261231;', GT_THE_TU: '20260101;' }),
    ['XML1 GT_THE_TU'],
  ],
  ['but is not separated otherwise', xml1({ GT_THE_DEN: '20261231,' }), ['XML1 GT_THE_DEN']],
  ['blank', xml1({ MA_BENH_KT: ' ' }), []],
  ['commas in texts', xml1({ CHAN_DOAN_RV: 'a, b' }), []],
]);

ruleTable(rules, 'STR_ENUM_VALUES', [
  ['first and last', xml1({ GIOI_TINH: '1', KET_QUA_DTRI: '8', MA_TAI_NAN: '0', MA_KHUVUC: 'K3' }), []],
  [
    'beyond each end',
    xml1({ GIOI_TINH: '4', KET_QUA_DTRI: '9', MA_TAI_NAN: '9', MA_LOAI_RV: '0', MA_KHUVUC: 'k1' }),
    ['XML1 GIOI_TINH', 'XML1 MA_TAI_NAN', 'XML1 KET_QUA_DTRI', 'XML1 MA_LOAI_RV', 'XML1 MA_KHUVUC'],
  ],
  [
    'rows',
    { XML2: [{ PHAM_VI: '3', NGUON_CTRA: '5' }], XML3: [{ PP_VO_CAM: '0', MA_PTTT: '4' }] },
    ['XML2:1 NGUON_CTRA', 'XML3:1 MA_PTTT', 'XML3:1 PP_VO_CAM'],
  ],
  [
    'one or nothing',
    { XML3: [{ TAI_SU_DUNG: '1' }, { TAI_SU_DUNG: '0', VET_THUONG_TP: '' }] },
    ['XML3:2 TAI_SU_DUNG'],
  ],
  ['names of things are not values', xml1({ GIOI_TINH: 'constructor' }), ['XML1 GIOI_TINH']],
  ['blank', xml1({ GIOI_TINH: '' }), []],
]);

test('the closed lists of the dictionary are those of the rule', () => {
  const has = (list: string) => Object.keys(dictionary().enums[list]?.values ?? {}).join('');
  expect(['GIOI_TINH', 'MA_LOAI_RV', 'PHAM_VI', 'MA_PTTT', 'NGUON_CTRA', 'PP_VO_CAM'].map(has)).toEqual([
    '123',
    '12345',
    '123',
    '123',
    '1234',
    '1234',
  ]);
  expect(['MA_TAI_NAN', 'KET_QUA_DTRI', 'MA_KHUVUC', 'ONE_OR_BLANK'].map(has)).toEqual([
    '012345678',
    '12345678',
    'K1K2K3',
    '1',
  ]);
});

ruleTable(rules, 'STR_KCB_TYPE', [
  ['01 and 10', xml1({ MA_LOAI_KCB: '01', NGAY_RA: '202601010800' }), []],
  ['one digit', xml1({ MA_LOAI_KCB: '1' }), ['XML1 MA_LOAI_KCB']],
  ['00', xml1({ MA_LOAI_KCB: '00' }), ['XML1 MA_LOAI_KCB']],
  [
    '11 on the last day without it',
    xml1({ MA_LOAI_KCB: '11', NGAY_RA: '202607312359' }),
    ['XML1 MA_LOAI_KCB'],
  ],
  ['11 on its first day', xml1({ MA_LOAI_KCB: '11', NGAY_RA: '202608010000' }), []],
  ['16 before discharge', xml1({ MA_LOAI_KCB: '16', NGAY_RA: '' }), []],
  ['17 never', xml1({ MA_LOAI_KCB: '17', NGAY_RA: '202609010000' }), ['XML1 MA_LOAI_KCB']],
  ['blank', xml1({ MA_LOAI_KCB: '' }), []],
]);

const groups = (...texts: string[]) => texts.map((MA_NHOM) => ({ MA_NHOM }));
ruleTable(rules, 'STR_GROUP_TABLE', [
  ['drugs and blood', { XML2: groups('4', '5', '6', '7', '17') }, []],
  ['services', { XML3: groups('1', '2', '3', '8', '9', '10', '13', '16', '18', '19') }, []],
  [
    'a drug among services',
    { XML3: groups('3', '4', '7', '17') },
    ['XML3:2 MA_NHOM', 'XML3:3 MA_NHOM', 'XML3:4 MA_NHOM'],
  ],
  ['a test among drugs', { XML2: groups('1', '8') }, ['XML2:1 MA_NHOM', 'XML2:2 MA_NHOM']],
  [
    'no group of the list',
    { XML3: groups('0', '20', 'x') },
    ['XML3:1 MA_NHOM', 'XML3:2 MA_NHOM', 'XML3:3 MA_NHOM'],
  ],
  ['blank', { XML2: groups('', ' ') }, []],
]);

/** The file is checked on 24 November 2026. */
const period = (NAM_QT: string, THANG_QT: string, NGAY_RA = '202610311600') =>
  xml1({ NAM_QT, THANG_QT, NGAY_RA });
ruleTable(rules, 'STR_PERIOD', [
  ['the month of discharge', period('2026', '10'), []],
  ['the month of the check', period('2026', '11'), []],
  ['a month after the check', period('2026', '12'), ['XML1 THANG_QT']],
  ['a month before discharge', period('2026', '9'), ['XML1 THANG_QT']],
  ['with and without a leading zero', period('2026', '09', '202609010000'), []],
  ['the first month', period('2026', '1', '202601010000'), []],
  ['month 13', period('2026', '13', ''), ['XML1 THANG_QT']],
  ['month 0', period('2026', '0', ''), ['XML1 THANG_QT']],
  ['a year of two digits', period('26', '11'), ['XML1 NAM_QT']],
  ['a patient without discharge', period('2026', '1', ''), []],
  ['the year before', period('2025', '12', '202512312359'), []],
  ['blank', period('', '13'), []],
]);
