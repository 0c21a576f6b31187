import { setTable, visit } from '../../../../test/harness/rules.ts';
import { rules } from './index.ts';

const ward = (values = {}) =>
  visit({ MA_LOAI_KCB: '03', NGAY_VAO: '202611020800', NGAY_RA: '202611061000', ...values });
const clinic = (values = {}) =>
  visit({ MA_LK: 'B', NGAY_VAO: '202611040800', NGAY_RA: '202611041000', ...values });
const elsewhere = (values = {}) => clinic({ MA_CSKCB: '40555', MA_BN: 'X9', ...values });
const CITIZEN = { SO_CCCD: '040190000001' };
const arrived = ['2 XML1 NGAY_VAO'];

setTable(rules, 'XENC_SAME_PATIENT_TWO_STAYS', [
  ['seen as an out-patient while in the ward', [ward(), clinic()], arrived],
  ['the stay is given later', [clinic(), ward()], arrived],
  ['two out-patient visits', [visit({}), visit({ MA_LK: 'B' })], []],
  [
    'until the minute of admission',
    [clinic({ NGAY_RA: '202611020800', NGAY_VAO: '202611020700' }), ward()],
    [],
  ],
  ['a minute longer', [clinic({ NGAY_RA: '202611020801', NGAY_VAO: '202611020700' }), ward()], arrived],
  [
    'from the minute of discharge on',
    [ward(), clinic({ NGAY_VAO: '202611061000', NGAY_RA: '202611061100' })],
    [],
  ],
  ['another person', [ward(), clinic({ MA_BN: 'P2' })], []],
  ['another facility', [ward(CITIZEN), elsewhere(CITIZEN)], []],
  ['no end yet', [ward({ NGAY_RA: '' }), clinic()], []],
  [
    'a duplicate is another finding',
    ['A', 'B'].map((MA_LK) =>
      ward({ MA_LK, HO_TEN: 'An', MA_BENH_CHINH: 'J18', T_TONGCHI_BV: '1', T_BHTT: '1' }),
    ),
    [],
  ],
]);

setTable(rules, 'XENC_TWO_FACILITIES', [
  ['at both at once', [ward(CITIZEN), elsewhere(CITIZEN)], arrived],
  [
    'the card alone',
    [ward({ MA_THE_BHYT: 'DN4400012345678' }), elsewhere({ MA_THE_BHYT: 'GD4400012345678' })],
    arrived,
  ],
  ['the number of the facility says nothing elsewhere', [ward(), elsewhere({ MA_BN: 'P1' })], []],
  [
    'one after the other',
    [ward(CITIZEN), elsewhere({ ...CITIZEN, NGAY_VAO: '202611061000', NGAY_RA: '202611061200' })],
    [],
  ],
  [
    'a minute at both',
    [ward(CITIZEN), elsewhere({ ...CITIZEN, NGAY_VAO: '202611060959', NGAY_RA: '202611061200' })],
    arrived,
  ],
  ['transferred there', [ward({ ...CITIZEN, MA_LOAI_RV: '2', MA_NOI_DEN: '40555' }), elsewhere(CITIZEN)], []],
  [
    'transferred elsewhere',
    [ward({ ...CITIZEN, MA_LOAI_RV: '2', MA_NOI_DEN: '40556' }), elsewhere(CITIZEN)],
    arrived,
  ],
  ['drugs by somebody else', [ward(CITIZEN), elsewhere({ ...CITIZEN, MA_DOITUONG_KCB: '7.2' })], []],
  ['other drug pick-up', [ward(CITIZEN), elsewhere({ ...CITIZEN, MA_DOITUONG_KCB: '10' })], []],
  [
    'the drugs last until the end of the month, the visit a day',
    [ward({ ...CITIZEN, MA_LOAI_KCB: '05', NGAY_RA: '202611300800' }), elsewhere(CITIZEN)],
    [],
  ],
  ['the same facility', [ward(CITIZEN), clinic(CITIZEN)], []],
]);

const typed = ['2 XML1 MA_LOAI_KCB'];
const pickUp = { ...CITIZEN, MA_DOITUONG_KCB: '7.3' };
setTable(rules, 'XENC_INPATIENT_ELSEWHERE_OUTPATIENT', [
  ['the stay goes on', [ward({ ...CITIZEN, NGAY_RA: '' }), elsewhere(CITIZEN)], typed],
  ['drugs only: at two facilities says nothing, this does', [ward(CITIZEN), elsewhere(pickUp)], typed],
  ['the out-patient claim is given first', [elsewhere(pickUp), ward(CITIZEN)], ['1 XML1 MA_LOAI_KCB']],
  ['left to XENC_TWO_FACILITIES', [ward(CITIZEN), elsewhere(CITIZEN)], []],
  ['at the minute of admission', [ward(CITIZEN), elsewhere({ ...pickUp, NGAY_VAO: '202611020800' })], typed],
  ['at the minute of discharge', [ward(CITIZEN), elsewhere({ ...pickUp, NGAY_VAO: '202611061000' })], []],
  ['an emergency', [ward({ ...CITIZEN, NGAY_RA: '' }), elsewhere({ ...CITIZEN, MA_DOITUONG_KCB: '2' })], []],
  ['an end that is no moment', [ward({ ...CITIZEN, NGAY_RA: '20261106' }), elsewhere(pickUp)], []],
  ['before the stay', [ward(CITIZEN), elsewhere({ ...pickUp, NGAY_VAO: '202611020759' })], []],
  ['an in-patient', [ward(CITIZEN), elsewhere({ ...CITIZEN, MA_LOAI_KCB: '03' })], []],
]);

const died = (values = {}) => ward({ KET_QUA_DTRI: '5', ...values });
setTable(rules, 'XENC_AFTER_DEATH', [
  ['a minute after', [died(), clinic({ NGAY_VAO: '202611061001' })], arrived],
  ['at the minute of death', [died(), clinic({ NGAY_VAO: '202611061000' })], []],
  ['before', [died(), clinic()], []],
  ['given in the other order', [clinic({ NGAY_VAO: '202611070800' }), died()], ['1 XML1 NGAY_VAO']],
  [
    'dead on arrival, elsewhere',
    [died({ ...CITIZEN, KET_QUA_DTRI: '8' }), elsewhere({ ...CITIZEN, NGAY_VAO: '202612010800' })],
    arrived,
  ],
  ['asked to go home', [died({ KET_QUA_DTRI: '6' }), clinic({ NGAY_VAO: '202611070800' })], []],
  ['another person', [died(), clinic({ NGAY_VAO: '202611070800', MA_BN: 'P2' })], []],
  ['the time of death is missing', [died({ NGAY_RA: '' }), clinic({ NGAY_VAO: '202611070800' })], []],
]);

const discharged = (values = {}) => ward({ MA_LOAI_RV: '1', MA_BENH_CHINH: 'J18.9', ...values });
const back = (values = {}) =>
  ward({ MA_LK: 'B', MA_BENH_CHINH: 'J18.0', NGAY_VAO: '202611071000', NGAY_RA: '202611091000', ...values });
setTable(rules, 'XENC_SPLIT_STAY', [
  ['a day later', [discharged(), back()], arrived],
  ['a minute more', [discharged(), back({ NGAY_VAO: '202611071001' })], []],
  ['given in the other order', [back(), discharged()], ['1 XML1 NGAY_VAO']],
  ['another disease', [discharged(), back({ MA_BENH_CHINH: 'J15.9' })], []],
  ['was transferred', [discharged({ MA_LOAI_RV: '2' }), back()], []],
  ['as an out-patient', [discharged(), back({ MA_LOAI_KCB: '01' })], []],
  ['at another facility', [discharged(CITIZEN), back({ ...CITIZEN, MA_CSKCB: '40555' })], []],
  ['while still there', [discharged(), back({ NGAY_VAO: '202611050800' })], []],
]);

const sent = (values = {}) => ward({ ...CITIZEN, MA_LOAI_RV: '2', MA_NOI_DEN: '40555', ...values });
const received = (values = {}) =>
  elsewhere({ ...CITIZEN, MA_DOITUONG_KCB: '1.3', MA_NOI_DI: '40021', NGAY_VAO: '202611160800', ...values });
const cameFrom = ['2 XML1 MA_NOI_DI'];
setTable(rules, 'XENC_TRANSFER_PAIR', [
  ['sent ten days ago', [sent(), received()], []],
  ['eleven days ago', [sent(), received({ NGAY_VAO: '202611170000' })], cameFrom],
  ['sent to somebody else', [sent({ MA_NOI_DEN: '40556' }), received()], cameFrom],
  ['somebody else was sent', [sent({ SO_CCCD: '2' }), received()], cameFrom],
  ['arrived before leaving', [sent(), received({ NGAY_VAO: '202611050800' })], cameFrom],
  ['given in the other order', [received(), sent()], []],
  ['a follow-up slip is no transfer', [sent({ MA_NOI_DEN: '' }), received({ MA_DOITUONG_KCB: '1.5' })], []],
  ['drugs moved here', [sent({ MA_NOI_DEN: '' }), received({ MA_DOITUONG_KCB: '7.3' })], []],
  ['nothing is known of that facility', [sent(), received({ MA_NOI_DI: '40556' })], []],
  ['came by oneself', [sent(), received({ MA_NOI_DI: '' })], []],
]);
