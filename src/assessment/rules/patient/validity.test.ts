import { describe, expect, test } from '@jest/globals';
import { CHECK_DAY, ruleTable, type TestTables, xml1 } from '../../../../test/harness/rules.ts';
import { loadPolicy } from '../../../benefits/index.ts';
import { builtInsOf } from '../../built-ins.ts';
import { checkFile } from '../../check.ts';
import type { Row } from '../../rule.ts';
import { rules } from './index.ts';

const CARD = 'DN4400012345678';
const dates = (GT_THE_TU: string, GT_THE_DEN: string, MA_THE_BHYT = CARD) =>
  xml1({ MA_THE_BHYT, GT_THE_TU, GT_THE_DEN });

ruleTable(rules, 'CARD_DATES', [
  ['from and to', dates('20260101', '20261231'), []],
  ['one day', dates('20260101', '20260101'), []],
  ['a day too short', dates('20260102', '20260101'), ['XML1 GT_THE_DEN']],
  ['open', dates('20260101', ''), []],
  ['no day of the calendar', dates('20260229', '20261231'), ['XML1 GT_THE_TU']],
  ['end is no day', dates('20260101', '20260631'), ['XML1 GT_THE_DEN']],
  ['twelve digits', dates('202601010000', ''), ['XML1 GT_THE_TU']],
  ['the second of two', dates('20250101;20260701', '20251231;20260630'), ['XML1 GT_THE_DEN']],
  ['the second is open', dates('20250101;20260101', '20251231;'), []],
  ['both bad', dates('x;y', ';'), ['XML1 GT_THE_TU', 'XML1 GT_THE_TU']],
  ['a missing start is left to CARD_LIST_COUNTS', dates('', '20261231'), []],
  ['no card', dates('x', 'y', ''), []],
]);

const admitted = (NGAY_VAO: string, more: Row = {}) =>
  xml1({ MA_THE_BHYT: CARD, GT_THE_TU: '20260301', GT_THE_DEN: '20260831', NGAY_VAO, ...more });
const spoken = ['XML1 GT_THE_TU'];
ruleTable(rules, 'CARD_VALID_AT_ADMISSION', [
  ['the first minute', admitted('202603010000'), []],
  ['the day before', admitted('202602282359'), spoken],
  ['the last minute', admitted('202608312359'), []],
  ['the day after', admitted('202609010000'), spoken],
  ['an open card', admitted('202701010000', { GT_THE_DEN: '' }), []],
  [
    'the second of two',
    admitted('202609010000', { GT_THE_TU: '20260301;20260901', GT_THE_DEN: '20260831;' }),
    [],
  ],
  [
    'between two',
    admitted('202609010000', { GT_THE_TU: '20260301;20260902', GT_THE_DEN: '20260831;' }),
    spoken,
  ],
  ['no card', admitted('202609010000', { MA_THE_BHYT: '' }), []],
  ['a day that is none', admitted('202609010000', { GT_THE_DEN: '20260832' }), []],
  ['no start', admitted('202609010000', { GT_THE_TU: '' }), []],
  ['no admission', admitted(''), []],
  ['a newborn', admitted('202609010000', { MA_DOITUONG_KCB: '1.7' }), []],
  ['another class', admitted('202609010000', { MA_DOITUONG_KCB: '1.8' }), spoken],
]);

/** The card ends on 31 August; 15 September is the last day of grace. */
const stay = (line: Row, more: Row = {}): TestTables => ({
  ...admitted('202608200800', { MA_LOAI_KCB: '03', ...more }),
  XML2: [{ T_BHTT: '80.00', ...line }],
});
ruleTable(rules, 'CARD_EXPIRED_IN_STAY', [
  ['the last day of grace', stay({ NGAY_YL: '202609152359' }), []],
  ['a day later', stay({ NGAY_YL: '202609160000' }), ['XML2:1 NGAY_YL']],
  [
    'done later than ordered',
    stay({ NGAY_YL: '202609150800', NGAY_TH_YL: '202609160000' }),
    ['XML2:1 NGAY_TH_YL'],
  ],
  [
    'an examination has no grace',
    stay({ NGAY_YL: '202609010000' }, { MA_LOAI_KCB: '01' }),
    ['XML2:1 NGAY_YL'],
  ],
  ['an examination on the last day', stay({ NGAY_YL: '202608312359' }, { MA_LOAI_KCB: '01' }), []],
  ['the patient pays', stay({ NGAY_YL: '202609160000', T_BHTT: '0.00' }), []],
  [
    'the later of two cards counts',
    stay(
      { NGAY_YL: '202609160000' },
      {
        GT_THE_TU: '20260301;20250101',
        GT_THE_DEN: '20260901;20251231',
      },
    ),
    [],
  ],
  [
    'an open card',
    stay({ NGAY_YL: '202609160000' }, { GT_THE_TU: '20260301;20260901', GT_THE_DEN: '20260831;' }),
    [],
  ],
  ['the last day that can be written', stay({ NGAY_YL: '202609160000' }, { GT_THE_DEN: '99991231' }), []],
  ['no card', stay({ NGAY_YL: '202609160000' }, { MA_THE_BHYT: '' }), []],
  ['an end that is no day', stay({ NGAY_YL: '202609160000' }, { GT_THE_DEN: '20260832' }), []],
  ['a line without a day', stay({ NGAY_YL: '' }), []],
  ['a service', { ...stay({}), XML3: [{ T_BHTT: '1.00', NGAY_YL: '202609160000' }] }, ['XML3:1 NGAY_YL']],
]);

describe('CARD_EXPIRED_IN_STAY', () => {
  test('is silent when no card was valid on admission', () => {
    const records = [stay({ NGAY_YL: '202609300800' }, { NGAY_VAO: '202609290800', MA_DKBD: '40021' })];
    const builtIns = builtInsOf(loadPolicy());
    const findings = checkFile({ facilityCode: '40021', madeOn: CHECK_DAY, records }, { builtIns, rules });
    const errors = findings.filter(({ severity }) => severity === 'error');
    expect(errors.map(({ rule }) => rule)).toEqual(['CARD_VALID_AT_ADMISSION']);
  });
});
