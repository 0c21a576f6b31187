import { setTable, visit } from '../../../../test/harness/rules.ts';
import type { Row } from '../../rule.ts';
import { rules } from './index.ts';

/** Six base salaries are 14,040,000 đồng until June 2026 and 15,180,000 from July on. */
const stay = (MA_LK: string, day: string, T_BNCCT: string, more: Row = {}) =>
  visit({
    MA_LK,
    MA_BN: MA_LK,
    SO_CCCD: '040012345678',
    MA_THE_BHYT: 'DN4400012345678',
    NAM_NAM_LIEN_TUC: '20260101',
    NGAY_VAO: `${day}0800`,
    NGAY_RA: `${day}1600`,
    T_BNCCT,
    ...more,
  });
const [MARCH, MAY, AUGUST] = ['20260310', '20260510', '20260810'];
const first = (amount: string, more: Row = {}) => stay('1', MARCH, amount, more);
const due = ['2 XML1 T_BNCCT'];

setTable(rules, 'BEN_EXEMPT_DUE', [
  ['exactly six', [first('10000000'), stay('2', MAY, '4040000')], []],
  ['a hundredth more', [first('10000000'), stay('2', MAY, '4040000.01')], due],
  ['both elsewhere', [first('10000000', { MA_CSKCB: '40022' }), stay('2', MAY, '4040001')], due],
  ['given in the other order', [stay('2', MAY, '4040001'), first('10000000')], ['1 XML1 T_BNCCT']],
  // 7,020,000 of the old salary are three months; three of the new one are 7,590,000.
  ['over a change of the salary', [first('7020000'), stay('2', AUGUST, '7590000')], []],
  ['and a hundredth more', [first('7020000'), stay('2', AUGUST, '7590000.01')], due],
  ['of the year before', [stay('1', '20251231', '10000000'), stay('2', MAY, '9000000')], []],
  ['another person', [first('10000000', { SO_CCCD: '040099999999' }), stay('2', MAY, '9000000')], []],
  [
    'the same card where there is no number',
    [first('10000000', { SO_CCCD: '' }), stay('2', MAY, '9000000', { SO_CCCD: '' })],
    due,
  ],
  [
    'off route does not count',
    [first('10000000', { MA_DOITUONG_KCB: '1.18' }), stay('2', MAY, '9000000')],
    [],
  ],
  ['off route says nothing', [first('14000000'), stay('2', MAY, '9000000', { MA_DOITUONG_KCB: '1.18' })], []],
  ['exempt already', [first('10000000'), stay('2', MAY, '9000000', { NGAY_MIEN_CCT: '20260501' })], []],
  ['five years on that day', [first('10000000'), stay('2', MAY, '9000000', { NAM_NAM_LIEN_TUC: MAY })], due],
  ['a day later', [first('10000000'), stay('2', MAY, '9000000', { NAM_NAM_LIEN_TUC: '20260511' })], []],
  ['not discharged', [first('10000000'), stay('2', MAY, '9000000', { NGAY_RA: '' })], []],
  ['one alone is not compared', [stay('2', MAY, '99000000')], []],
]);
