import { setTable, visit } from '../../../../test/harness/rules.ts';
import type { Row } from '../../rule.ts';
import { rules } from './index.ts';

const CITIZEN = { SO_CCCD: '040190000001', MA_BENH_CHINH: 'I10' };
const seen = (day: string, values: Row = {}) =>
  visit({ ...CITIZEN, MA_LK: day, NGAY_VAO: `${day}0800`, NGAY_RA: `${day}1000`, ...values });
const elsewhere = (day: string, values: Row = {}) => seen(day, { MA_CSKCB: '40555', MA_BN: 'X', ...values });
const arrived = ['2 XML1 NGAY_VAO'];

setTable(rules, 'XENC_REVISIT_INTERVAL', [
  ['after seven days, elsewhere', [seen('20261102'), elsewhere('20261109')], arrived],
  ['after eight days', [seen('20261102'), elsewhere('20261110')], []],
  ['at the same facility', [seen('20261102'), seen('20261103')], arrived],
  ['given in the other order', [seen('20261109'), seen('20261102')], ['1 XML1 NGAY_VAO']],
  [
    'the first three characters',
    [seen('20261102', { MA_BENH_CHINH: 'E11.9' }), seen('20261105', { MA_BENH_CHINH: 'E11' })],
    arrived,
  ],
  ['another disease', [seen('20261102'), seen('20261105', { MA_BENH_CHINH: 'I11' })], []],
  [
    'three days before the appointment',
    [seen('20261102', { NGAY_TAI_KHAM: '20261201;20261108' }), seen('20261105')],
    [],
  ],
  ['four days before', [seen('20261102', { NGAY_TAI_KHAM: '20261109' }), seen('20261105')], arrived],
  ['sent on', [seen('20261102', { MA_LOAI_RV: '2', MA_NOI_DEN: '40555' }), elsewhere('20261103')], []],
  [
    'the same day elsewhere is another finding',
    [seen('20261102'), elsewhere('20261102', { MA_LK: 'B' })],
    [],
  ],
  ['after a stay', [seen('20261102', { MA_LOAI_KCB: '03' }), seen('20261105')], []],
  [
    'drugs by appointment',
    [seen('20261102', { MA_LOAI_KCB: '05' }), seen('20261105', { MA_LOAI_KCB: '07' })],
    arrived,
  ],
  ['another person', [seen('20261102'), seen('20261105', { SO_CCCD: '', MA_BN: 'P2' })], []],
]);

const days = (...all: string[]) => all.map((day, n) => (n % 2 ? seen(day) : elsewhere(day)));
setTable(rules, 'XENC_VISIT_COUNT', [
  ['four in thirty days', [...days('20261101', '20261105', '20261112', '20261130')], []],
  ['five', days('20261101', '20261105', '20261112', '20261120', '20261130'), ['5 XML1 NGAY_VAO']],
  ['the first is thirty days back', days('20261031', '20261105', '20261112', '20261120', '20261130'), []],
  [
    'one is a stay',
    [...days('20261101', '20261105', '20261112', '20261120'), seen('20261121', { MA_LOAI_KCB: '03' })],
    [],
  ],
  [
    'given the other way round',
    days('20261130', '20261120', '20261112', '20261105', '20261101'),
    ['1 XML1 NGAY_VAO'],
  ],
  [
    'no arrival',
    [...days('20261101', '20261105', '20261112', '20261120'), seen('20261121', { NGAY_VAO: '' })],
    [],
  ],
]);

setTable(rules, 'XENC_SAME_DAY_VISITS', [
  [
    'the same day elsewhere',
    [seen('20261102'), elsewhere('20261102', { NGAY_VAO: '202611022359' })],
    arrived,
  ],
  ['the next day', [seen('20261102'), elsewhere('20261103', { NGAY_VAO: '202611030000' })], []],
  ['at the same facility', [seen('20261102'), seen('20261102', { MA_LK: 'B' })], []],
  ['sent there', [seen('20261102', { MA_LOAI_RV: '5', MA_NOI_DEN: '40555' }), elsewhere('20261102')], []],
  ['the first was an emergency', [seen('20261102', { MA_DOITUONG_KCB: '2' }), elsewhere('20261102')], []],
  ['the second is an emergency', [seen('20261102'), elsewhere('20261102', { MA_DOITUONG_KCB: '2' })], []],
]);

const exempt = (day: string, NGAY_MIEN_CCT: string) => elsewhere(day, { NGAY_MIEN_CCT });
setTable(rules, 'XENC_COPAY_ACROSS_FACILITIES', [
  ['another day', [exempt('20261102', '20260901'), exempt('20261103', '20260902')], ['2 XML1 NGAY_MIEN_CCT']],
  ['the same day with a time', [exempt('20261102', '20260901'), exempt('20261103', '202609010815')], []],
  ['another year', [exempt('20261102', '20251231'), exempt('20261103', '20260101')], []],
  ['not exempt before', [exempt('20261102', ''), exempt('20261103', '20260902')], []],
  ['not exempt now', [exempt('20261102', '20260901'), exempt('20261103', '')], []],
]);

const drug = (day: string, dose: string, values: Row = {}) => ({
  ...seen(day, values),
  XML2: [{ MA_THUOC: '40.30', NGAY_YL: `${day}0900`, LIEU_DUNG: dose }],
});
const TEN_DAYS = '1 viên/lần * 2 lần/ngày * 10 ngày';
const drugRow = ['2 XML2:1 LIEU_DUNG'];
setTable(rules, 'XENC_REVISIT_WITHIN_SUPPLY', [
  ['four days are left', [drug('20261102', TEN_DAYS), drug('20261108', TEN_DAYS)], drugRow],
  ['three days are left', [drug('20261102', TEN_DAYS), drug('20261109', TEN_DAYS)], []],
  [
    'elsewhere, two-part text',
    [drug('20261102', 'Uống sáng * 10 ngày'), drug('20261108', 'x', { MA_CSKCB: '40555' })],
    drugRow,
  ],
  ['the dose says no days', [drug('20261102', '1 viên/lần * 2 lần/ngày'), drug('20261103', TEN_DAYS)], []],
  [
    'a combination begins with the ingredient',
    [
      drug('20261102', TEN_DAYS),
      { ...seen('20261103'), XML2: [{ MA_THUOC: '40.30+40.31', NGAY_YL: '202611030900' }] },
    ],
    drugRow,
  ],
  [
    'another ingredient',
    [
      drug('20261102', TEN_DAYS),
      { ...seen('20261103'), XML2: [{ MA_THUOC: '40.31', NGAY_YL: '202611030900' }] },
    ],
    [],
  ],
  ['given in a stay', [drug('20261102', TEN_DAYS, { MA_LOAI_KCB: '03' }), drug('20261103', TEN_DAYS)], []],
  [
    'both at once',
    [drug('20261102', TEN_DAYS, { NGAY_RA: '202611031200', MA_LOAI_KCB: '06' }), drug('20261103', TEN_DAYS)],
    [],
  ],
  [
    'long-term care ends with the last dose',
    [drug('20261102', TEN_DAYS, { NGAY_RA: '202611120800', MA_LOAI_KCB: '05' }), drug('20261104', TEN_DAYS)],
    drugRow,
  ],
  ['the visit goes on', [drug('20261102', TEN_DAYS), drug('20261103', TEN_DAYS, { NGAY_RA: '' })], drugRow],
  [
    'given in the other order',
    [drug('20261108', TEN_DAYS), drug('20261102', TEN_DAYS)],
    ['1 XML2:1 LIEU_DUNG'],
  ],
  ['no order time', [drug('20261102', TEN_DAYS), { ...seen('20261103'), XML2: [{ MA_THUOC: '40.30' }] }], []],
]);

const test = (day: string, values: Row, row: Row = {}) => ({
  ...seen(day, values),
  XML3: [{ MA_DICH_VU: '23.0003.1494', MA_NHOM: '1', NGAY_YL: `${day}0900`, NGAY_KQ: `${day}1000`, ...row }],
});
const THERE = { MA_CSKCB: '40555' };
const testRow = ['2 XML3:1 MA_DICH_VU'];
setTable(rules, 'XENC_TEST_REPEATED_ELSEWHERE', [
  ['seven days later', [test('20261102', THERE), test('20261109', {})], testRow],
  ['eight days later', [test('20261102', THERE), test('20261110', {})], []],
  [
    'sent out before',
    [test('20261102', THERE, { MA_DICH_VU: '23.0003.1494.K.40001' }), test('20261103', {})],
    testRow,
  ],
  ['no result yet', [test('20261102', THERE, { NGAY_KQ: '' }), test('20261103', {})], []],
  [
    'the result comes later',
    [test('20261102', THERE, { NGAY_KQ: '202611041000' }), test('20261103', {})],
    [],
  ],
  ['at the same facility', [test('20261102', {}), test('20261103', {})], []],
  ['another test', [test('20261102', THERE, { MA_DICH_VU: '23.0004.1494' }), test('20261103', {})], []],
  ['imaging', [test('20261102', THERE, { MA_NHOM: '2' }), test('20261103', {}, { MA_NHOM: '2' })], testRow],
  ['a procedure', [test('20261102', THERE), test('20261103', {}, { MA_NHOM: '18' })], []],
  ['no time of order', [test('20261102', THERE), test('20261103', {}, { NGAY_YL: '' })], []],
]);
