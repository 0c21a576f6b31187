import { ruleTable, xml1 } from '../../../../test/harness/rules.ts';
import type { Row } from '../../rule.ts';
import { rules } from './index.ts';

const [PART, OTHER, FULL] = ['DN4400012345678', 'HT3400012345678', 'HN2400012345678'];
/** 15 % of 2,530,000 đồng is 379,500. */
const visit = (T_TONGCHI_BH: string, T_BNCCT: string, more: Row = {}) =>
  xml1({
    MA_THE_BHYT: PART,
    MA_DOITUONG_KCB: '1.1',
    MA_LOAI_KCB: '01',
    NGAY_VAO: '202608100800',
    T_TONGCHI_BH,
    T_BNCCT,
    ...more,
  });
const copay = ['XML1 T_BNCCT'];

ruleTable(rules, 'BEN_SMALL_CLAIM_COPAY', [
  ['nothing', visit('379499.99', '0.00'), []],
  ['a hundredth', visit('379499.99', '0.01'), copay],
  ['exactly the limit', visit('379500.00', '75900.00'), []],
  ['the limit of the day before', visit('351000.00', '70200.00', { NGAY_VAO: '202606302359' }), []],
  ['and below it', visit('350999.99', '70200.00', { NGAY_VAO: '202606302359' }), copay],
  ['no cost', visit('0', '5'), []],
  ['off route', visit('100000', '50000', { MA_DOITUONG_KCB: '1.18' }), []],
  ['no card', visit('100000', '20000', { MA_THE_BHYT: '' }), []],
  ['unknown money', visit('100000', ''), []],
]);

const paid = (MUC_HUONG: string, more: Row = {}): Row => ({
  PHAM_VI: '1',
  T_BHTT: '1',
  NGAY_YL: '202608100800',
  MUC_HUONG,
  ...more,
});
const levels = (more: Row, ...rows: Row[]) => ({
  ...visit('1000000', '0', { NGAY_RA: '202608150800', ...more }),
  XML2: rows.slice(0, 1),
  XML3: rows.slice(1),
});
const mixed = ['XML3 MUC_HUONG'];
ruleTable(rules, 'BEN_LEVEL_UNIFORM', [
  ['one level, written in two ways', levels({}, paid('80'), paid('80.0')), []],
  ['two', levels({}, paid('80'), paid('100')), mixed],
  ['three are said once', levels({}, paid('80'), paid('95'), paid('100')), mixed],
  ['transport', levels({}, paid('80'), paid('100', { MA_NHOM: '12' })), []],
  ['not paid by the insurer', levels({}, paid('80'), paid('0', { T_BHTT: '0' })), []],
  ['out of scope', levels({}, paid('80'), paid('100', { PHAM_VI: '3' })), []],
  ['exempt from the last day on', levels({ NGAY_MIEN_CCT: '20260815' }, paid('80'), paid('100')), []],
  ['exempt from the day after', levels({ NGAY_MIEN_CCT: '20260816' }, paid('80'), paid('100')), mixed],
  ['exempt from the day before', levels({ NGAY_MIEN_CCT: '202608092359' }, paid('80'), paid('100')), mixed],
  [
    'two cards that give different levels',
    levels({ MA_THE_BHYT: `${PART};${FULL}` }, paid('80'), paid('100')),
    [],
  ],
  ['two cards of one level', levels({ MA_THE_BHYT: `${PART};${PART}` }, paid('80'), paid('100')), mixed],
  [
    'the law gives the card more from a day of the stay on',
    levels(
      { MA_THE_BHYT: 'CN3400012345678', NGAY_VAO: '202512310800', NGAY_RA: '202601020800' },
      paid('95', { NGAY_YL: '202512310900' }),
      paid('100', { NGAY_YL: '202601010900' }),
    ),
    [],
  ],
  ['a card that the law leaves alone', levels({ MA_THE_BHYT: OTHER }, paid('95'), paid('100')), mixed],
  ['nothing paid', visit('1', '0'), []],
  ['no arrival', levels({ NGAY_VAO: '' }, paid('80'), paid('100')), []],
]);

const exempt = (NGAY_MIEN_CCT: string, NAM_NAM_LIEN_TUC: string) => xml1({ NGAY_MIEN_CCT, NAM_NAM_LIEN_TUC });
const years = ['XML1 NGAY_MIEN_CCT'];
ruleTable(rules, 'BEN_EXEMPT_NEEDS_FIVE_YEARS', [
  ['reached on that day', exempt('20260810', '20260810'), []],
  ['a day later', exempt('202608102359', '20260811'), years],
  ['never', exempt('20260810', ''), years],
  ['unreadable', exempt('20260810', '2026'), []],
  ['not exempt', exempt('', ''), []],
  ['what is no day has its own rule', exempt('2026', ''), []],
]);

/** 45 months of 2,530,000 đồng are 113,850,000. */
const uses = (card: string, ...rows: Row[]) => ({ ...visit('1', '0', { MA_THE_BHYT: card }), XML3: rows });
ruleTable(rules, 'BEN_SERVICE_CEILING_45', [
  ['exactly the limit', uses(PART, { T_BHTT: '113850000.00' }), []],
  ['a hundredth more', uses(PART, { T_BHTT: '113850000.01' }), ['XML3:1 T_BHTT']],
  ['two services', uses(PART, { T_BHTT: '100000000' }, { T_BHTT: '100000000' }), []],
  [
    'one package',
    uses(
      PART,
      { T_BHTT: '100000000', GOI_VTYT: 'G1' },
      { T_BHTT: '1' },
      { T_BHTT: '100000000', GOI_VTYT: 'G1' },
    ),
    ['XML3:3 T_BHTT'],
  ],
  ['a limit of its own', uses(PART, { T_BHTT: '200000000', T_TRANTT: '300000000' }), []],
  ['a card without limits', uses('TE1400012345678', { T_BHTT: '200000000' }), []],
  ['unknown money', uses(PART, { T_BHTT: '200000000', GOI_VTYT: 'G1' }, { T_BHTT: '', GOI_VTYT: 'G1' }), []],
  ['no services', visit('1', '0'), []],
]);
