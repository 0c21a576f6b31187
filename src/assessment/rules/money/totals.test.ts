import { expect, test } from '@jest/globals';
import { ruleTable, type TestTables, xml1 } from '../../../../test/harness/rules.ts';
import { loadPolicy } from '../../../benefits/index.ts';
import { builtInsOf, checkFile } from '../../index.ts';
import type { AnyRule, Row } from '../../rule.ts';
import { totals } from './totals.ts';

const claim = (total: Row, drugs: readonly Row[], services: readonly Row[] = []): TestTables => ({
  ...xml1(total),
  XML2: drugs,
  XML3: services,
});

const BOTH_TABLES = [
  ['MON_SUM_TONGCHI_BV', 'T_TONGCHI_BV', 'THANH_TIEN_BV'],
  ['MON_SUM_TONGCHI_BH', 'T_TONGCHI_BH', 'THANH_TIEN_BH'],
  ['MON_SUM_BHTT', 'T_BHTT', 'T_BHTT'],
  ['MON_SUM_BNCCT', 'T_BNCCT', 'T_BNCCT'],
  ['MON_SUM_BNTT', 'T_BNTT', 'T_BNTT'],
  ['MON_SUM_NGUONKHAC', 'T_NGUONKHAC', 'T_NGUONKHAC'],
] as const;
for (const [id, total, ofRows] of BOTH_TABLES) {
  const sum = (text: string) =>
    claim({ [total]: text }, [{ [ofRows]: '100.25' }, { [ofRows]: '200' }], [{ [ofRows]: '50.25' }]);
  ruleTable(totals, id, [
    ['both tables', sum('350.50'), []],
    ['the tolerance above', sum('351.50'), []],
    ['the tolerance below', sum('349.50'), []],
    ['a hundredth more above', sum('351.51'), [`XML1 ${total}`]],
    ['a hundredth more below', sum('349.49'), [`XML1 ${total}`]],
    ['no rows, no money', xml1({ [total]: '0' }), []],
    ['no rows, yet money', xml1({ [total]: '1.01' }), [`XML1 ${total}`]],
    ['total unreadable', sum('x'), []],
    ['a row unreadable', claim({ [total]: '9' }, [{ [ofRows]: '1' }, { [ofRows]: '1,5' }]), []],
    // Other sources left blank are nothing; any other amount left blank leaves the sum open.
    [
      'a row blank',
      claim({ [total]: '9' }, [{ [ofRows]: '1' }, { [ofRows]: '' }]),
      total === 'T_NGUONKHAC' ? ['XML1 T_NGUONKHAC'] : [],
    ],
    ['total blank', sum(''), total === 'T_NGUONKHAC' ? ['XML1 T_NGUONKHAC'] : []],
  ]);
}

const drugTotal = (T_THUOC: string) =>
  claim(
    { T_THUOC },
    [
      { MA_NHOM: '4', THANH_TIEN_BV: '100' },
      { MA_NHOM: '7', THANH_TIEN_BV: '20.5' },
    ],
    [{ MA_NHOM: '10', THANH_TIEN_BV: '3000' }],
  );
ruleTable(totals, 'MON_SUM_THUOC', [
  ['drugs and blood, no services', drugTotal('120.50'), []],
  ['the tolerance above', drugTotal('121.50'), []],
  ['the tolerance below', drugTotal('119.50'), []],
  ['a hundredth more above', drugTotal('121.51'), ['XML1 T_THUOC']],
  ['a hundredth more below', drugTotal('119.49'), ['XML1 T_THUOC']],
  ['no drugs', xml1({ T_THUOC: '0' }), []],
  ['total blank', drugTotal(''), []],
  ['total unreadable', drugTotal('x'), []],
  ['a row blank', claim({ T_THUOC: '9' }, [{ THANH_TIEN_BV: '' }]), []],
  ['a row unreadable', claim({ T_THUOC: '9' }, [{ THANH_TIEN_BV: 'x' }]), []],
]);

const supplyTotal = (T_VTYT: string, ...more: Row[]) =>
  claim(
    { T_VTYT },
    [{ MA_NHOM: '10', THANH_TIEN_BV: '7' }],
    [
      { MA_NHOM: '10', THANH_TIEN_BV: '100' },
      { MA_NHOM: '11', THANH_TIEN_BV: '20.5' },
      { MA_NHOM: '8', MA_VAT_TU: 'N01', THANH_TIEN_BV: '3000' },
      { MA_NHOM: '8', MA_VAT_TU: ' ', THANH_TIEN_BV: '50000' },
      ...more,
    ],
  );
ruleTable(totals, 'MON_SUM_VTYT', [
  ['by group or by code', supplyTotal('3120.50'), []],
  ['the tolerance above', supplyTotal('3121.50'), []],
  ['the tolerance below', supplyTotal('3119.50'), []],
  ['a hundredth more above', supplyTotal('3121.51'), ['XML1 T_VTYT']],
  ['a hundredth more below', supplyTotal('3119.49'), ['XML1 T_VTYT']],
  ['a supply unreadable', supplyTotal('9', { MA_NHOM: '10', THANH_TIEN_BV: 'x' }), []],
  ['a supply blank', supplyTotal('9', { MA_VAT_TU: 'N02' }), []],
  ['another row unreadable', supplyTotal('9', { MA_NHOM: '8', THANH_TIEN_BV: 'x' }), ['XML1 T_VTYT']],
  ['total blank', supplyTotal(''), []],
]);

/** The insurer's rows come to 500; 1000 insured less 200 co-payments would be 800: 300 came from others. */
const supported = (T_BHTT: string, more: Row = {}) =>
  claim({ T_TONGCHI_BH: '1000', T_BNCCT: '200', T_NGUONKHAC: '300', T_BHTT, ...more }, [{ T_BHTT: '500' }]);
ruleTable(totals, 'MON_SUM_BHTT', [
  ['by the sum of the rows', supported('500'), []],
  ['by subtraction', supported('800'), []],
  ['by subtraction, the tolerance', supported('801'), []],
  ['a hundredth more above', supported('801.01'), ['XML1 T_BHTT']],
  ['a hundredth more below', supported('798.99'), ['XML1 T_BHTT']],
  ['without others there is no subtraction', supported('800', { T_NGUONKHAC: '0' }), ['XML1 T_BHTT']],
  ['nor with a blank', supported('800', { T_NGUONKHAC: '' }), ['XML1 T_BHTT']],
  ['nor with less than nothing', supported('800', { T_NGUONKHAC: '-1' }), ['XML1 T_BHTT']],
  ['whether it was subtracted cannot be read', supported('9', { T_TONGCHI_BH: '' }), []],
  ['whether others paid cannot be read', supported('9', { T_NGUONKHAC: 'x', T_BNCCT: 'x' }), []],
]);

const balance = {
  T_TONGCHI_BV: '1000.05',
  T_BHTT: '500',
  T_BNCCT: '200',
  T_BNTT: '100.05',
  T_NGUONKHAC: '200',
};
const balanced = (more: Row, paid = '500') =>
  claim({ ...balance, ...more }, [{ T_BHTT: '0' }], [{ T_BHTT: paid }]);
ruleTable(totals, 'MON_TOTAL_BALANCE', [
  ['exact', balanced({}), []],
  ['no others', balanced({ T_NGUONKHAC: '', T_BNTT: '300.05' }), []],
  ['the tolerance above', balanced({ T_TONGCHI_BV: '1001.05' }), []],
  ['the tolerance below', balanced({ T_TONGCHI_BV: '999.05' }), []],
  ['a hundredth more above', balanced({ T_TONGCHI_BV: '1001.06' }), ['XML1 T_TONGCHI_BV']],
  ['a hundredth more below', balanced({ T_TONGCHI_BV: '999.04' }), ['XML1 T_TONGCHI_BV']],
  ['each source counts', balanced({ T_NGUONKHAC: '' }), ['XML1 T_TONGCHI_BV']],
  ['the insurer’s only by subtraction', balanced({ T_BHTT: '650', T_TONGCHI_BH: '850' }), []],
  [
    'by subtraction and by the rows',
    balanced({ T_BHTT: '650', T_TONGCHI_BH: '850' }, '650'),
    ['XML1 T_TONGCHI_BV'],
  ],
  ['by neither', balanced({ T_BHTT: '650', T_TONGCHI_BH: '900' }), ['XML1 T_TONGCHI_BV']],
  ['blank', balanced({ T_TONGCHI_BV: '' }), []],
  ['a source blank', balanced({ T_BNTT: '' }), []],
  ['unreadable', balanced({ T_BNCCT: 'x' }), []],
  ['others unreadable', balanced({ T_NGUONKHAC: 'x' }), []],
]);

const insured = (more: Row) =>
  xml1({ T_TONGCHI_BH: '1000', T_BHTT: '800', T_BNCCT: '200', T_NGUONKHAC: '0', ...more });
ruleTable(totals, 'MON_TOTAL_BH_SPLIT', [
  ['exact', insured({}), []],
  ['others blank', insured({ T_NGUONKHAC: '' }), []],
  ['the tolerance above', insured({ T_TONGCHI_BH: '1001' }), []],
  ['the tolerance below', insured({ T_TONGCHI_BH: '999' }), []],
  ['a hundredth more above', insured({ T_TONGCHI_BH: '1001.01' }), ['XML1 T_TONGCHI_BH']],
  ['a hundredth more below', insured({ T_TONGCHI_BH: '998.99', T_NGUONKHAC: '' }), ['XML1 T_TONGCHI_BH']],
  ['others paid', insured({ T_TONGCHI_BH: '1500', T_NGUONKHAC: '0.01' }), []],
  ['blank', insured({ T_TONGCHI_BH: '' }), []],
  ['a part blank', insured({ T_BNCCT: '' }), []],
  ['unreadable', insured({ T_BHTT: 'x' }), []],
  ['others unreadable', insured({ T_NGUONKHAC: 'x', T_BHTT: '0' }), []],
]);

const sent: Row = {
  MA_THE_BHYT: 'DN4400000000001',
  MA_DOITUONG_KCB: '1.1',
  MA_LOAI_KCB: '01',
  NGAY_VAO: '202611010800',
  T_BHTT: '0.00',
};
const SPEAKS = ['XML1 T_BHTT'];
const unpaid = (more: Row) => xml1({ ...sent, ...more });
ruleTable(totals, 'MON_BHTT_POSITIVE', [
  ['a hundredth', unpaid({ T_BHTT: '0.01' }), []],
  ['nothing', unpaid({}), SPEAKS],
  ['less than nothing', unpaid({ T_BHTT: '-5' }), SPEAKS],
  ['not insured', unpaid({ MA_THE_BHYT: '' }), []],
  ['class 9', unpaid({ MA_DOITUONG_KCB: '9' }), []],
  ['a class of rate 0', unpaid({ MA_DOITUONG_KCB: '8' }), []],
  ['3.1 pays in the ward only', unpaid({ MA_DOITUONG_KCB: '3.1' }), []],
  ['3.1 in the ward', unpaid({ MA_DOITUONG_KCB: '3.1', MA_LOAI_KCB: '03' }), SPEAKS],
  ['1.13 the day before it is paid', unpaid({ MA_DOITUONG_KCB: '1.13', NGAY_VAO: '202606302359' }), []],
  ['1.13 from the day on', unpaid({ MA_DOITUONG_KCB: '1.13', NGAY_VAO: '202607010000' }), SPEAKS],
  ['before there were classes', unpaid({ NGAY_VAO: '202412312359' }), []],
  ['the first day with classes', unpaid({ NGAY_VAO: '202501010000' }), SPEAKS],
  ['a class that nobody knows', unpaid({ MA_DOITUONG_KCB: '99' }), []],
  ['class blank', unpaid({ MA_DOITUONG_KCB: '' }), []],
  ['arrival blank', unpaid({ NGAY_VAO: '' }), []],
  ['amount blank', unpaid({ T_BHTT: '' }), []],
  ['amount unreadable', unpaid({ T_BHTT: 'x' }), []],
]);

const builtIns = builtInsOf(loadPolicy());
const spoken = (tables: TestTables, rules: readonly AnyRule[] = totals) =>
  checkFile({ facilityCode: '40021', madeOn: '2026-11-24', records: [tables] }, { builtIns, rules }).map(
    ({ rule }) => rule,
  );

test('claims that nobody pays may be allowed', () => {
  const allowing = totals.map(
    (one) => ({ ...one, params: { ...(one.params as object), allowZero: true } }) as AnyRule,
  );
  expect(spoken(unpaid({}))).toContain('MON_BHTT_POSITIVE');
  expect(spoken(unpaid({}), allowing)).not.toContain('MON_BHTT_POSITIVE');
});

const totalsOf = { ...balance, T_TONGCHI_BH: '700', T_NGUONKHAC: '', T_BNTT: '300.05' };
const rowOf = {
  THANH_TIEN_BV: '1000.05',
  THANH_TIEN_BH: '700',
  T_BHTT: '500',
  T_BNCCT: '200',
  T_BNTT: '300.05',
};
test.each([
  ['all agree', totalsOf, rowOf, []],
  [
    'the rows do not balance, nor do their sums',
    { ...totalsOf, T_BNTT: '0', T_TONGCHI_BH: '900' },
    { ...rowOf, T_BNTT: '0', THANH_TIEN_BH: '900' },
    ['MON_TOTAL_BALANCE', 'MON_TOTAL_BH_SPLIT'],
  ],
  ['a total that is no sum speaks alone', { ...totalsOf, T_BHTT: '9' }, rowOf, ['MON_SUM_BHTT']],
  ['of the insured too', { ...totalsOf, T_TONGCHI_BH: '9' }, rowOf, ['MON_SUM_TONGCHI_BH']],
  ['of all', { ...totalsOf, T_TONGCHI_BV: '9' }, rowOf, ['MON_SUM_TONGCHI_BV']],
  ['of the co-payments', { ...totalsOf, T_BNCCT: '9' }, rowOf, ['MON_SUM_BNCCT']],
  ['of the patient', { ...totalsOf, T_BNTT: '9' }, rowOf, ['MON_SUM_BNTT']],
  ['of others', { ...totalsOf, T_NGUONKHAC: '9' }, rowOf, ['MON_SUM_NGUONKHAC']],
])('one fact, one finding: %s', (_name, total, row, expected) => {
  expect(spoken(claim(total, [row]))).toEqual(expected);
});
