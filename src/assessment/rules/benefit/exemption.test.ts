import { describe, expect, test } from '@jest/globals';
import { CHECK_DAY, ruleTable, type TestTables, xml1 } from '../../../../test/harness/rules.ts';
import { loadPolicy } from '../../../benefits/index.ts';
import { builtInsOf } from '../../built-ins.ts';
import { checkFile } from '../../check.ts';
import type { Row } from '../../rule.ts';
import { rules } from './index.ts';

const [FULL, CHILD, PART] = ['HN2400012345678', 'TE1400012345678', 'DN4400012345678'];
const visit = (MA_THE_BHYT: string, T_BNCCT: string, more: Row = {}): TestTables =>
  xml1({
    MA_THE_BHYT,
    T_BNCCT,
    MA_DOITUONG_KCB: '1.1',
    MA_LOAI_KCB: '01',
    NGAY_VAO: '202608100800',
    ...more,
  });
const copay = ['XML1 T_BNCCT'];

ruleTable(rules, 'BEN_FULL_CARD_COPAY', [
  ['nothing', visit(FULL, '0.00'), []],
  ['as much as is forgiven', visit(FULL, '1.00'), []],
  ['a hundredth more', visit(FULL, '1.01'), copay],
  ['a child', visit(CHILD, '1.01'), copay],
  ['two cards of 100', visit(`${FULL};${CHILD}`, '1.01'), copay],
  ['one of two', visit(`${FULL};${PART}`, '1.01'), []],
  ['one that cannot be read', visit(`${FULL};${FULL.slice(1)}`, '1.01'), []],
  ['80', visit(PART, '1.01'), []],
  ['CN3 the day before', visit('CN3400012345678', '1.01', { NGAY_VAO: '202512312359' }), []],
  ['CN3 from the day on', visit('CN3400012345678', '1.01', { NGAY_VAO: '202601010000' }), copay],
  ['off route', visit(FULL, '1.01', { MA_DOITUONG_KCB: '1.18' }), []],
  ['no card', visit('', '1.01'), []],
  ['unknown money', visit(FULL, ''), []],
  ['no arrival', visit(FULL, '1.01', { NGAY_VAO: '' }), []],
]);

ruleTable(rules, 'BEN_CHILD_COPAY', [
  ['as much as is forgiven', visit(CHILD, '1.00'), []],
  ['a hundredth more', visit(CHILD, '1.01'), copay],
  ['whatever the digit', visit('TE4400012345678', '1.01'), copay],
  ['one card of two', visit(`${CHILD};${FULL}`, '1.01'), []],
  ['nobody', visit('', '1.01'), []],
  ['off route', visit(CHILD, '1.01', { MA_DOITUONG_KCB: '1.18' }), []],
  ['unknown money', visit(CHILD, 'x'), []],
]);

const since = (NGAY_MIEN_CCT: string) => xml1({ NGAY_MIEN_CCT });
const spoken = ['XML1 NGAY_MIEN_CCT'];
ruleTable(rules, 'BEN_EXEMPT_DATE_FORMAT', [
  ['a day', since('20260810'), []],
  ['a moment', since('202608102359'), []],
  ['blank', since(' '), []],
  ['no day of the calendar', since('20260230'), spoken],
  ['no time of the day', since('202608102400'), spoken],
  ['ten digits', since('2026081008'), spoken],
  ['with strokes', since('2026-08-10'), spoken],
]);

const line = (NGAY_YL: string, T_BNCCT = '0.01', more: Row = {}) => ({
  PHAM_VI: '1',
  NGAY_YL,
  T_BNCCT,
  ...more,
});
const exempt = (NGAY_MIEN_CCT: string, row: Row, more: Row = {}) => ({
  ...visit(PART, '0.01', { NGAY_MIEN_CCT, ...more }),
  XML3: [row],
});
const row = ['XML3:1 T_BNCCT'];
ruleTable(rules, 'BEN_EXEMPT_NOT_APPLIED', [
  ['nothing', exempt('20260810', line('202608100000', '0.00')), []],
  ['something on the first day', exempt('20260810', line('202608100000')), row],
  ['the day before', exempt('20260810', line('202608092359')), []],
  [
    'done later than ordered',
    exempt('20260810', { ...line('202608090800'), NGAY_TH_YL: '202608100000' }),
    row,
  ],
  ['by the day of the moment', exempt('202608101200', line('202608100800')), row],
  ['the last day of the year', exempt('20260810', line('202612312359')), row],
  ['the first of the next', exempt('20260810', line('202701010000')), []],
  ['a drug', { ...exempt('20260810', line('')), XML2: [line('202608100800')] }, ['XML2:1 T_BNCCT']],
  ['out of scope', exempt('20260810', line('202608100800', '0.01', { PHAM_VI: '2' })), []],
  ['unknown money', exempt('20260810', line('202608100800', '')), []],
  ['a line without a day', exempt('20260810', line('')), []],
  ['off route', exempt('20260810', line('202608100800'), { MA_DOITUONG_KCB: '1.18' }), []],
  ['not exempt', exempt('', line('202608100800')), []],
  ['since no day at all', exempt('20260230', line('202608100800')), []],
]);

describe('one fact, one finding', () => {
  const spokenOf = (claim: TestTables) =>
    checkFile(
      { facilityCode: '40021', madeOn: CHECK_DAY, records: [claim] },
      { builtIns: builtInsOf(loadPolicy()), rules },
    ).map(({ rule }) => rule);

  test('a copay of a child is said once', () => {
    expect(spokenOf(visit(CHILD, '2'))).toEqual(['BEN_FULL_CARD_COPAY']);
  });
  test('and not at all where the level of a line is wrong', () => {
    const cut = { PHAM_VI: '1', T_BHTT: '80', MUC_HUONG: '80', NGAY_YL: '202608100900' };
    expect(spokenOf({ ...visit(CHILD, '20'), XML3: [cut] })).toEqual(['BEN_CARD_LEVEL']);
  });
});
