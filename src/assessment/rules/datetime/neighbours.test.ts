import { setTable, visit } from '../../../../test/harness/rules.ts';
import type { Row } from '../../rule.ts';
import { rules } from './index.ts';

const EIGHT = '202611020805';
const examined = (MA_BN: string, row: Row = {}, more: Row = {}) =>
  visit(
    { MA_LK: MA_BN, MA_BN, ...more },
    { XML3: [{ MA_NHOM: '13', MA_BAC_SI: 'A', NGAY_YL: EIGHT, ...row }] },
  );
const second = ['2 XML3:1 NGAY_YL'];

setTable(rules, 'DT_ORDER_SAME_MINUTE', [
  ['two patients, the later one', [examined('1'), examined('2')], second],
  ['three', [examined('1'), examined('2'), examined('3')], [...second, '3 XML3:1 NGAY_YL']],
  ['a minute later', [examined('1'), examined('2', { NGAY_YL: '202611020806' })], []],
  ['another doctor', [examined('1'), examined('2', { MA_BAC_SI: 'B' })], []],
  ['one of two doctors', [examined('1'), examined('2', { MA_BAC_SI: 'B;A' })], second],
  ['a test', [examined('1'), examined('2', { MA_NHOM: '1' })], []],
  ['one patient twice', [examined('1'), examined('1', {}, { MA_LK: '9' })], []],
  ['at another facility', [examined('1'), examined('2', {}, { MA_CSKCB: '40022' })], []],
  ['no patient number', [examined('1'), examined('', {}, { MA_LK: '9' })], []],
  ['no time', [examined('1', { NGAY_YL: '' }), examined('2', { NGAY_YL: '' })], []],
  ['a visit alone', [examined('1')], []],
]);
