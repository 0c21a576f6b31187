import { ruleTable, xml1 } from '../../../../test/harness/rules.ts';
import { rules } from './index.ts';

const rest = {
  SO_SERI: '1',
  SO_CT: '1',
  CHAN_DOAN_RV: 'x',
  MA_TTDV: '1',
  MA_BS: '1',
  TEN_BS: 'x',
  NGAY_CT: '20261101',
};
const pregnancy = (more: Record<string, string>, GIOI_TINH = '2') => ({
  ...xml1({ GIOI_TINH }),
  XML10: [{ ...rest, ...more }],
});
ruleTable(rules, 'XML10_FIELDS', [
  ['all there, a woman', pregnancy({}), []],
  ['a blank', pregnancy({ TEN_BS: ' ' }), ['XML10 TEN_BS']],
  ['a man', pregnancy({}, '1'), ['XML10 GIOI_TINH']],
  ['both', pregnancy({ SO_SERI: '' }, '3'), ['XML10 SO_SERI', 'XML10 GIOI_TINH']],
  ['sex blank is left to others', pregnancy({}, ''), []],
  ['no paper', xml1({ GIOI_TINH: '1' }), []],
]);

const sick = (XML11: Record<string, string>, XML1: Record<string, string> = {}) => ({
  XML1: [XML1],
  XML11: [XML11],
});
const filled = {
  SO_SERI: '1',
  SO_CT: '1',
  DON_VI: 'x',
  CHAN_DOAN_RV: 'x',
  PP_DIEUTRI: 'x',
  MA_TTDV: '1',
  MA_BS: '1',
  NGAY_CT: '20261101',
};
ruleTable(rules, 'XML11_FIELDS', [
  ['all there', sick(filled), []],
  ['two blank', sick({ ...filled, DON_VI: '', MA_BS: ' ' }), ['XML11 DON_VI', 'XML11 MA_BS']],
  ['a zero is not blank', sick({ ...filled, SO_CT: '0' }), []],
  ['no paper', xml1({}), []],
]);

const granted = (SO_NGAY_NGHI: string, MA_BENH_CHINH = 'J00', more: Record<string, string> = {}) =>
  sick({ SO_NGAY_NGHI, ...more }, { MA_BENH_CHINH });
const loss = (TUOI_THAI: string) => ({ MA_DINH_CHI_THAI: '1', TUOI_THAI });
const TOO_LONG = ['XML11 SO_NGAY_NGHI'];
ruleTable(rules, 'XML11_MAX_DAYS', [
  ['thirty', granted('30'), []],
  ['thirty-one', granted('31'), TOO_LONG],
  ['tuberculosis', granted('180', 'A15.0'), []],
  ['tuberculosis, the last code, a day more', granted('181', 'A19'), TOO_LONG],
  ['beside tuberculosis', granted('31', 'A20'), TOO_LONG],
  ['a late loss', granted('50', 'O03', loss('13')), []],
  ['a late loss, a day more', granted('51', 'O03', loss('13')), TOO_LONG],
  ['an early loss', granted('31', 'O03', loss('12')), TOO_LONG],
  ['no number', granted('x'), []],
  ['no paper', xml1({ MA_BENH_CHINH: 'J00' }), []],
]);

const period = (TU_NGAY: string, DEN_NGAY: string, MA_LOAI_KCB = '01') =>
  sick({ TU_NGAY, DEN_NGAY }, { MA_LOAI_KCB, NGAY_VAO: '202611010800', NGAY_RA: '202611050900' });
ruleTable(rules, 'XML11_PERIOD_IN_VISIT', [
  ['from the last day', period('20261105', '20261109'), []],
  ['from the day after', period('20261106', '20261109'), ['XML11 TU_NGAY']],
  ['until the first day', period('20261030', '20261101'), []],
  ['over before it', period('20261030', '20261031'), ['XML11 DEN_NGAY']],
  ['a course: a day after arrival', period('20261102', '20261109', '02'), []],
  ['a course: two days after', period('20261103', '20261109', '02'), ['XML11 TU_NGAY']],
  ['no day', period('20261131', '20261209'), []],
  ['still there', sick({ TU_NGAY: '20261106', DEN_NGAY: '20261107' }, { NGAY_VAO: '202611010800' }), []],
]);

const CARD = 'DN4404000000001';
const NUMBER = '4000000001';
const identity = (more: Record<string, string>, MA_THE_BHYT = CARD) =>
  sick({ MA_BHXH: NUMBER, MA_THE_BHYT: CARD, ...more }, { MA_THE_BHYT });
ruleTable(rules, 'XML11_IDENTITY', [
  ['number and card', identity({}), []],
  ['no card, the form named', identity({ MA_THE_BHYT: '', MAU_SO: 'CT07' }), []],
  ['one of two cards', identity({}, `GD4404000000001;${CARD}`), []],
  [
    'two cards of the person',
    identity({ MA_THE_BHYT: `GD440${NUMBER};${CARD}` }, `GD440${NUMBER};${CARD}`),
    [],
  ],
  ['nine digits', identity({ MA_BHXH: '400000001', MA_THE_BHYT: '' }), ['XML11 MA_BHXH']],
  ['blank', identity({ MA_BHXH: '', MA_THE_BHYT: '' }), ['XML11 MA_BHXH']],
  ['the card of another person', identity({ MA_BHXH: '4000000002' }), ['XML11 MA_THE_BHYT']],
  ['a card that is not in XML1', identity({}, `GD440${NUMBER}`), ['XML11 MA_THE_BHYT']],
  ['XML1 has no card', identity({}, ''), []],
  ['a card too short', identity({ MA_THE_BHYT: 'DN404000000001' }, ''), ['XML11 MA_THE_BHYT']],
  ['another form', identity({ MAU_SO: 'CT08' }), ['XML11 MAU_SO']],
  ['no paper', xml1({ MA_THE_BHYT: CARD }), []],
]);
