import { describe, expect, test } from '@jest/globals';
import { CHECK_DAY, type RuleCase, ruleTable, type TestTables } from '../../../../test/harness/rules.ts';
import { loadPolicy } from '../../../benefits/index.ts';
import { builtInsOf } from '../../built-ins.ts';
import { checkFile } from '../../check.ts';
import type { AnyRule, Row } from '../../rule.ts';
import { rules } from './index.ts';

const CARD = '4400012345678';
const [DN4, HT3, HN2, TE1, CN3, LH4] = ['DN', 'HT', 'HN', 'TE', 'CN', 'LH'].map(
  (group, n) => `${group}${[4, 3, 2, 1, 3, 4][n]}${CARD.slice(1)}`,
) as [string, string, string, string, string, string];

const visit = (head: Row, ...lines: Row[]): TestTables => ({
  XML1: [
    {
      MA_DOITUONG_KCB: '1.1',
      MA_LOAI_KCB: '01',
      NGAY_VAO: '202608100800',
      NGAY_SINH: '196001010000',
      MA_THE_BHYT: DN4,
      GT_THE_TU: '20260101',
      GT_THE_DEN: '20261231',
      T_TONGCHI_BH: '379500.00',
      ...head,
    },
  ],
  XML3: lines.map((line) => ({ MA_NHOM: '1', T_BHTT: '0.01', NGAY_YL: '202608100900', ...line })),
});
const at = (MUC_HUONG: string, head: Row = {}, line: Row = {}) => visit(head, { MUC_HUONG, ...line });
const spoken = ['XML3:1 MUC_HUONG'];
const silent = (value: string, wholeVisit: Row): readonly RuleCase[] => [
  ['paid by nobody', at(value, wholeVisit, { T_BHTT: '0.00' }), []],
  ['unknown money', at(value, wholeVisit, { T_BHTT: '' }), []],
  ['transport', at(value, wholeVisit, { MA_NHOM: '12' }), []],
  ['a line without a day', at(value, wholeVisit, { NGAY_YL: '' }), []],
  ['no level', at('', wholeVisit), []],
  ['no card', at(value, { ...wholeVisit, MA_THE_BHYT: '' }), []],
  ['no readable card', at(value, { ...wholeVisit, MA_THE_BHYT: DN4.slice(1) }), []],
  ['no arrival', at(value, { ...wholeVisit, NGAY_VAO: '' }), []],
  ['no type', at(value, { ...wholeVisit, MA_LOAI_KCB: '' }), []],
  ['before the classes', at(value, { ...wholeVisit, NGAY_VAO: '202412312359' }), []],
  ['no line', visit(wholeVisit), []],
];

const half: Row = { MA_DOITUONG_KCB: '1.18' };
const forty: Row = { MA_DOITUONG_KCB: '3.1', MA_LOAI_KCB: '03' };
ruleTable(rules, 'BEN_CLASS_RATE', [
  ['half of 80', at('40', half), []],
  ['less', at('32', half), []],
  ['as much as is forgiven', at('40.05', half), []],
  ['a hundredth more', at('40.06', half), spoken],
  ['40 percent of 80, in-patient', at('32', forty), []],
  ['flat 40', at('40', forty), spoken],
  ['half of 95', at('47.5', { ...half, MA_THE_BHYT: HT3 }), []],
  ['more than half of 95', at('48', { ...half, MA_THE_BHYT: HT3 }), spoken],
  ['the better of two cards, valid or not', at('50', { ...half, MA_THE_BHYT: `${DN4};${HN2}` }), []],
  ['not more than the better', at('51', { ...half, MA_THE_BHYT: `${DN4};${HN2}` }), spoken],
  ['a low cost', at('50', { ...half, T_TONGCHI_BH: '379499.99' }), []],
  ['not more than half of a low cost', at('51', { ...half, T_TONGCHI_BH: '379499.99' }), spoken],
  ['no cost is not low', at('50', { ...half, T_TONGCHI_BH: '0.00' }), spoken],
  ['the limit is not below it', at('50', half), spoken],
  ['unknown cost', at('50', { ...half, T_TONGCHI_BH: '' }), []],
  ['a drug', { ...visit(half), XML2: [...at('50').XML3!] }, ['XML2:1 MUC_HUONG']],
  ['on route', at('80'), []],
  ['a class that pays nothing', at('50', { MA_DOITUONG_KCB: '3.1' }), []],
  ['the day before', at('50', { ...half, NGAY_VAO: '202606302359' }), []],
  ['the first day', at('50', { ...half, NGAY_VAO: '202607010000' }), spoken],
  ...silent('50', half),
]);

const two = (from: string, to: string, more: Row = {}): Row => ({
  MA_THE_BHYT: `${DN4};${HT3}`,
  GT_THE_TU: from,
  GT_THE_DEN: to,
  ...more,
});
const change = two('20260101;20260816', '20260815;');
const on = (day: string): Row => ({ NGAY_YL: `${day}0900` });
const inWard: Row = { ...change, MA_LOAI_KCB: '03' };
const endedCard: Row = {
  ...two('20260101;20260301', '20260831;20260430'),
  MA_LOAI_KCB: '03',
  NGAY_VAO: '202608200800',
};
const lh = (NGAY_SINH: string): Row => ({ MA_THE_BHYT: LH4, NGAY_SINH });
ruleTable(rules, 'BEN_CARD_LEVEL', [
  ['80', at('80'), []],
  ['80 as a decimal', at('80.0'), []],
  ['below', at('79.9'), spoken],
  ['above', at('95'), spoken],
  ['100 is judged by another rule', at('100'), []],
  ['95', at('95', { MA_THE_BHYT: HT3 }), []],
  ['80 for 95', at('80', { MA_THE_BHYT: HT3 }), spoken],
  ['100', at('100', { MA_THE_BHYT: TE1 }), []],
  ['95 for 100', at('95', { MA_THE_BHYT: HN2 }), spoken],
  ['digit 5', at('95', { MA_THE_BHYT: `QN5${CARD.slice(1)}` }), spoken],
  ['a drug', { ...visit({}), XML2: [...at('95').XML3!] }, ['XML2:1 MUC_HUONG']],

  ['CN3 the day before', at('95', { MA_THE_BHYT: CN3 }, on('20251231')), []],
  ['CN3 from the day on', at('95', { MA_THE_BHYT: CN3 }, on('20260101')), spoken],
  ['the day it was done counts', at('95', { MA_THE_BHYT: CN3 }, { NGAY_TH_YL: '202512312359' }), []],
  ['LH4 at 75', at('80', lh('195108100000')), spoken],
  ['LH4 a day short of it', at('80', lh('195108110000')), []],
  ['LH4 at 75 the day before', at('80', lh('195108100000'), on('20251231')), []],
  ['LH4 of unknown age', at('80', lh('')), spoken],
  ['LH4 with only the year', at('80', lh('195100000000')), spoken],

  ['the first card on its last day', at('80', change, on('20260815')), []],
  ['the second on its day before', at('95', change, on('20260815')), spoken],
  ['the second on its first day', at('95', change, on('20260816')), []],
  ['the first a day too late', at('80', change, on('20260816')), spoken],
  ['the first in its days of grace', at('80', inWard, on('20260830')), []],
  ['and after', at('80', inWard, on('20260831')), spoken],
  ['the last day of grace', at('95', endedCard, on('20260915')), spoken],
  ['after it, none counts and any does', at('95', endedCard, on('20260916')), []],
  ['a card not valid at arrival has no grace', at('95', { ...inWard, GT_THE_DEN: '20260809;' }), []],
  ['a day that cannot be read', at('80', two('20260101;x', '20260731;')), spoken],
  ['and excludes nothing', at('95', two('20260101;x', '20260731;')), []],

  ['off route', at('79', half), []],
  ['class 1.2', at('80', { MA_DOITUONG_KCB: '1.2' }), []],
  ...silent('79', {}),
]);

const exempt = (NGAY_MIEN_CCT: string, day = '20260810') => at('100', { NGAY_MIEN_CCT }, on(day));
ruleTable(rules, 'BEN_LEVEL_100_REASON', [
  ['80 needs none', at('80'), []],
  ['none', at('100'), spoken],
  ['each row', visit({}, { MUC_HUONG: '100' }, { MUC_HUONG: '100.0' }), [...spoken, 'XML3:2 MUC_HUONG']],
  ['the card', at('100', { MA_THE_BHYT: HN2 }), []],
  ['CN3 from the day on', at('100', { MA_THE_BHYT: CN3 }, on('20260101')), []],
  ['CN3 the day before', at('100', { MA_THE_BHYT: CN3 }, on('20251231')), spoken],
  ['a card that is not valid yet', at('100', { ...change, MA_THE_BHYT: `${DN4};${HN2}` }), spoken],
  [
    'a card that has become valid',
    at('100', { ...change, MA_THE_BHYT: `${DN4};${HN2}` }, on('20260816')),
    [],
  ],

  ['a low cost', at('100', { T_TONGCHI_BH: '379499.99' }), []],
  ['the least cost', at('100', { T_TONGCHI_BH: '0.01' }), []],
  ['no cost', at('100', { T_TONGCHI_BH: '0' }), spoken],
  ['unknown cost', at('100', { T_TONGCHI_BH: '' }), []],
  [
    'the older limit, the day before',
    at('100', { T_TONGCHI_BH: '351000', NGAY_VAO: '202606302359' }),
    spoken,
  ],
  ['the limit of the day of arrival', at('100', { T_TONGCHI_BH: '351000', NGAY_VAO: '202607010000' }), []],

  ['exempt from that day', exempt('20260810'), []],
  ['exempt from that moment, by its day', exempt('202608102359'), []],
  ['exempt a day later', exempt('20260811'), spoken],
  ['exempt to the end of the year', exempt('20260101', '20261231'), []],
  ['and not after', exempt('20260101', '20270101'), spoken],
  ['exempt since no day at all', exempt('20260230'), spoken],
  ['class 1.2', at('100', { MA_DOITUONG_KCB: '1.2' }), []],
  ['class 1.11', at('100', { MA_DOITUONG_KCB: '1.11' }), spoken],
  ['off route', at('100', half), []],
  ...silent('100', {}),
]);

describe('BEN_CLASS_RATE with a flat rate', () => {
  test.each([
    ['50.05', 0],
    ['50.06', 1],
  ])('%s', (written, count) => {
    const params = { offrouteMode: 'flat_rate', tol: '0.05', skipGroups: [] };
    const flat = { ...rules.find(({ id }) => id === 'BEN_CLASS_RATE'), params } as unknown as AnyRule;
    const findings = checkFile(
      { facilityCode: '40021', madeOn: CHECK_DAY, records: [at(written, half)] },
      { builtIns: builtInsOf(loadPolicy()), rules: [flat] },
    );
    expect(findings).toHaveLength(count);
  });
});
