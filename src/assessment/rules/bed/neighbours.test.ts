import { setTable, visit } from '../../../../test/harness/rules.ts';
import type { Row } from '../../rule.ts';
import { rules } from './index.ts';

const lying = (MA_BN: string, row: Row = {}, more: Row = {}) =>
  visit(
    { MA_LK: MA_BN, MA_BN, ...more },
    {
      XML3: [
        {
          MA_NHOM: '15',
          MA_KHOA: 'K03',
          MA_GIUONG: 'H001',
          NGAY_YL: '202611020800',
          TYLE_TT_DV: '100',
          ...row,
        },
      ],
    },
  );
const second = ['2 XML3:1 MA_GIUONG'];

setTable(rules, 'BED_OVERLAP_OTHER_PATIENT', [
  ['two patients, the later one', [lying('1'), lying('2', { NGAY_YL: '202611022359' })], second],
  ['three', [lying('1'), lying('2'), lying('3')], [...second, '3 XML3:1 MA_GIUONG']],
  ['charged by half', [lying('1', { TYLE_TT_DV: '50' }), lying('2', { TYLE_TT_DV: '50' })], []],
  ['one of them by half', [lying('1', { TYLE_TT_DV: '50' }), lying('2')], []],
  ['written as 100.00', [lying('1', { TYLE_TT_DV: '100.00' }), lying('2')], second],
  ['the day after', [lying('1'), lying('2', { NGAY_YL: '202611030000' })], []],
  ['another bed', [lying('1'), lying('2', { MA_GIUONG: 'H002' })], []],
  ['one of two beds', [lying('1'), lying('2', { MA_GIUONG: 'H002;H001' })], second],
  ['another department', [lying('1'), lying('2', { MA_KHOA: 'K04' })], []],
  ['another facility', [lying('1'), lying('2', {}, { MA_CSKCB: '40022' })], []],
  ['a day bed', [lying('1', { MA_NHOM: '14' }), lying('2', { MA_NHOM: '14' })], []],
  ['one person', [lying('1', {}, { SO_CCCD: '7' }), lying('2', {}, { SO_CCCD: '7' })], []],
  ['no day', [lying('1', { NGAY_YL: '' }), lying('2', { NGAY_YL: '' })], []],
]);
