import { ruleTable, xml1 } from '../../../../test/harness/rules.ts';
import type { Row } from '../../rule.ts';
import { rules } from './index.ts';

const beds = (...rows: Row[]) => ({ XML3: rows.map((row) => ({ MA_NHOM: '15', T_BHTT: '1.00', ...row })) });

ruleTable(rules, 'BED_CODE_FORMAT', [
  ['each kind', beds({ MA_GIUONG: 'H001;T012' }, { MA_GIUONG: 'C999' }, { MA_GIUONG: 'K100' }), []],
  [
    'other letters, other lengths',
    beds({ MA_GIUONG: 'A001' }, { MA_GIUONG: 'H01' }, { MA_GIUONG: 'H001;H0012' }),
    ['XML3:1 MA_GIUONG', 'XML3:2 MA_GIUONG', 'XML3:3 MA_GIUONG'],
  ],
  ['blank', beds({ MA_GIUONG: '' }), []],
]);

ruleTable(rules, 'BED_CODE_REQUIRED', [
  ['a bed', beds({ MA_GIUONG: 'H001' }), []],
  [
    'each bed group',
    beds({ MA_NHOM: '14' }, {}, { MA_NHOM: '16', MA_GIUONG: ' ' }),
    ['XML3:1 MA_GIUONG', 'XML3:2 MA_GIUONG', 'XML3:3 MA_GIUONG'],
  ],
  ['an examination', beds({ MA_NHOM: '13' }), []],
]);

ruleTable(rules, 'BED_OUTPATIENT', [
  ['in-patients', { ...xml1({ MA_LOAI_KCB: '03' }), ...beds({}) }, []],
  ['observation at a station', { ...xml1({ MA_LOAI_KCB: '06' }), ...beds({}) }, []],
  [
    'out-patients',
    { ...xml1({ MA_LOAI_KCB: '01' }), ...beds({}, { MA_NHOM: '14' }) },
    ['XML3:1 MA_NHOM', 'XML3:2 MA_NHOM'],
  ],
  ['out-patients without a bed', { ...xml1({ MA_LOAI_KCB: '01' }), ...beds({ MA_NHOM: '13' }) }, []],
]);

const stay = (MA_LOAI_KCB: string, from: string, to: string, more: Row = {}) =>
  xml1({ MA_LOAI_KCB, NGAY_VAO: from, NGAY_RA: to, ...more });
const morning = '202611010800';
ruleTable(rules, 'BED_UNDER_4H', [
  ['four hours', { ...stay('03', morning, '202611011200'), ...beds({}) }, []],
  ['a minute less', { ...stay('03', morning, '202611011159'), ...beds({}) }, ['XML3:1 MA_NHOM']],
  [
    'counted from the ward',
    { ...stay('03', morning, '202611011230', { NGAY_VAO_NOI_TRU: '202611010831' }), ...beds({}) },
    ['XML3:1 MA_NHOM'],
  ],
  ['type 09, however long', { ...stay('09', morning, '202611012000'), ...beds({}) }, ['XML3:1 MA_NHOM']],
  ['not paid by the insurer', { ...stay('09', morning, '202611012000'), ...beds({ T_BHTT: '0' }) }, []],
  ['out-patients have their own rule', { ...stay('01', morning, '202611010900'), ...beds({}) }, []],
]);

const inWard = (to: string, days: string, more: Row = {}) => ({
  ...stay('03', morning, to, more),
  ...beds({ SO_LUONG: days }),
});
ruleTable(rules, 'BED_DAY_COUNT_EXCESS', [
  ['part of a day is one', inWard('202611011700', '1'), []],
  ['part of a day is not two', inWard('202611011700', '2'), ['XML3 SO_LUONG']],
  ['a night is one', inWard('202611020900', '1'), []],
  ['a night is not two', inWard('202611020900', '2'), ['XML3 SO_LUONG']],
  ['unless the patient was sent on', inWard('202611020900', '2', { MA_LOAI_RV: '2' }), []],
  ['or did not get better', inWard('202611020900', '2', { KET_QUA_DTRI: '3' }), []],
  ['and then not three', inWard('202611020900', '3', { KET_QUA_DTRI: '3' }), ['XML3 SO_LUONG']],
  [
    'halves add up',
    { ...stay('03', morning, '202611020900'), ...beds({ SO_LUONG: '0.5' }, { SO_LUONG: '0.5' }) },
    [],
  ],
  ['a thousandth is forgiven, two are not', inWard('202611020900', '1.002'), ['XML3 SO_LUONG']],
  ['four hours', inWard('202611011200', '2'), ['XML3 SO_LUONG']],
  ['a minute less has its own rule', inWard('202611011159', '2'), []],
  ['other types', { ...stay('04', morning, '202611020900'), ...beds({ SO_LUONG: '9' }) }, []],
  ['unreadable', inWard('202611020900', 'x'), []],
]);

const daily = (...rows: [day: string, quantity: string][]) =>
  beds(...rows.map(([day, SO_LUONG]) => ({ NGAY_YL: `${day}0800`, SO_LUONG })));
ruleTable(rules, 'BED_DAILY_SUM', [
  ['one a day', daily(['20261101', '1'], ['20261102', '1']), []],
  ['two wards share a day', daily(['20261101', '0.5'], ['20261101', '0.5']), []],
  [
    'more than one a day',
    daily(['20261101', '0.5'], ['20261102', '1'], ['20261101', '0.6']),
    ['XML3:3 SO_LUONG'],
  ],
  ['a row of several days', daily(['20261101', '3'], ['20261101', '0.5']), []],
  ['other groups', beds({ MA_NHOM: '14', NGAY_YL: morning, SO_LUONG: '2' }), []],
]);
