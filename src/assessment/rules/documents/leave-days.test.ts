import { ruleTable, xml1 } from '../../../../test/harness/rules.ts';
import { rules } from './index.ts';

const rest = (SO_NGAY_NGHI: string, NGOAITRU_TUNGAY: string, NGOAITRU_DENNGAY: string) => ({
  ...xml1({ NGAY_RA: '202611051500' }),
  XML7: [{ SO_NGAY_NGHI, NGOAITRU_TUNGAY, NGOAITRU_DENNGAY }],
});
ruleTable(rules, 'XML7_LEAVE_DAYS', [
  ['five days', rest('5', '20261106', '20261110'), []],
  ['one day', rest('1', '20261106', '20261106'), []],
  ['a leading zero', rest('05', '20261106', '20261110'), []],
  ['the last day not counted', rest('4', '20261106', '20261110'), ['XML7 SO_NGAY_NGHI']],
  ['over the end of a month', rest('3', '20261130', '20261202'), []],
  ['backwards', rest('0', '20261107', '20261106'), ['XML7 SO_NGAY_NGHI']],
  ['no days', rest('', '20261106', '20261110'), ['XML7 SO_NGAY_NGHI']],
  ['no last day', rest('5', '20261106', ' '), ['XML7 NGOAITRU_DENNGAY']],
  ['less than nothing', rest('-1', '20261106', '20261110'), ['XML7 SO_NGAY_NGHI']],
  ['what is no number or no day is left to others', rest('x', '20261106', '20261110'), []],
  ['no day', rest('5', '20261131', '20261110'), []],
  ['none granted', rest('', '', ''), []],
]);

ruleTable(rules, 'XML7_LEAVE_START', [
  ['from the day of discharge', rest('1', '20261105', '20261105'), []],
  ['from the day before', rest('2', '20261104', '20261105'), ['XML7 NGOAITRU_TUNGAY']],
  ['none granted', rest('', '', ''), []],
  ['still there', { XML7: [{ NGOAITRU_TUNGAY: '20261104' }], XML1: [{}] }, []],
]);

const pregnancy = (SO_NGAY: string, TU_NGAY: string, DEN_NGAY: string) => ({
  ...xml1({}),
  XML10: [{ SO_NGAY, TU_NGAY, DEN_NGAY }],
});
ruleTable(rules, 'XML10_DAYS', [
  ['both days counted', pregnancy('10', '20261101', '20261110'), []],
  ['the last day not counted', pregnancy('9', '20261101', '20261110'), []],
  ['two too few', pregnancy('8', '20261101', '20261110'), ['XML10 SO_NGAY']],
  ['one too many', pregnancy('11', '20261101', '20261110'), ['XML10 SO_NGAY']],
  ['half a year', pregnancy('180', '20260601', '20261127'), []],
  ['a day more', pregnancy('181', '20260601', '20261128'), ['XML10 SO_NGAY']],
  ['nothing', pregnancy('0', '20261101', '20261101'), ['XML10 SO_NGAY']],
  ['backwards', pregnancy('1', '20261102', '20261101'), ['XML10 SO_NGAY']],
  ['no number', pregnancy('x', '20261101', '20261102'), ['XML10 SO_NGAY']],
  ['no first day', pregnancy('2', '', '20261102'), ['XML10 TU_NGAY']],
  ['no paper', xml1({}), []],
]);

const sick = (SO_NGAY_NGHI: string, TU_NGAY: string, DEN_NGAY: string) => ({
  ...xml1({}),
  XML11: [{ SO_NGAY_NGHI, TU_NGAY, DEN_NGAY }],
});
ruleTable(rules, 'XML11_DAYS', [
  ['three days', sick('3', '20261101', '20261103'), []],
  ['the last day not counted', sick('2', '20261101', '20261103'), ['XML11 SO_NGAY_NGHI']],
  ['half a day', sick('0.5', '20261101', '20261101'), ['XML11 SO_NGAY_NGHI']],
  ['backwards', sick('0', '20261102', '20261101'), ['XML11 SO_NGAY_NGHI']],
  ['no last day', sick('3', '20261101', ''), ['XML11 DEN_NGAY']],
  ['a day of another shape is left to others', sick('3', '20261101', '2026'), []],
  ['no paper', xml1({}), []],
]);

ruleTable(rules, 'XML11_WITH_XML7_LEAVE', [
  ['one after the other', { ...rest('2', '20261106', '20261107'), ...sick('1', '20261108', '20261108') }, []],
  [
    'a day in common',
    { ...rest('2', '20261106', '20261107'), ...sick('2', '20261107', '20261108') },
    ['XML11 SO_NGAY_NGHI'],
  ],
  ['before it', { ...rest('2', '20261106', '20261107'), ...sick('1', '20261105', '20261105') }, []],
  ['only one of them', sick('1', '20261105', '20261105'), []],
  ['no leave in the discharge paper', { ...rest('', '', ''), ...sick('1', '20261105', '20261105') }, []],
]);
