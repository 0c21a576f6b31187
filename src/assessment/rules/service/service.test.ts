import { ruleTable, xml1 } from '../../../../test/harness/rules.ts';
import { catalogueOf } from '../../catalogues.ts';
import type { Row } from '../../rule.ts';
import { rules } from './index.ts';

const rows = (...given: Row[]) => ({ XML3: given.map((row) => ({ MA_NHOM: '1', ...row })) });
const coded = (...codes: string[]) => rows(...codes.map((MA_DICH_VU) => ({ MA_DICH_VU })));
const CODE = 'XML3:1 MA_DICH_VU';

ruleTable(rules, 'SVC_CODE_OR_SUPPLY', [
  ['a service, a supply', rows({ MA_DICH_VU: 'A' }, { MA_NHOM: '10', MA_VAT_TU: 'B' }), []],
  ['no code', rows({ MA_DICH_VU: ' ' }), [CODE]],
  ['a supply under the code of a service', rows({ MA_NHOM: '11', MA_DICH_VU: 'A' }), ['XML3:1 MA_VAT_TU']],
  ['no rows', xml1({}), []],
]);

ruleTable(rules, 'SVC_CODE_STRUCTURE', [
  [
    'each form',
    coded('22.0121.1369', '22.0121.1369.K.40001', 'VC.40001', 'K02.1911', 'K0203.191', '02.1896'),
    [],
  ],
  ['with suffixes', coded('03.2457.1044_GT', '03.2457.1044_TB_TT'), []],
  ['shorter and longer blocks', coded('22.121.1369'), [CODE]],
  ['no digits', coded('KHAM'), [CODE]],
  ['sent to nobody', coded('22.0121.1369.K.4001'), [CODE]],
  ['supplies', rows({ MA_NHOM: '10', MA_DICH_VU: 'x' }), []],
  ['blank', coded(''), []],
]);

ruleTable(rules, 'SVC_SUFFIX_KNOWN', [
  ['known ones', coded('A_TB', 'A_GT', 'A_TT'), []],
  ['another', coded('A_XX'), [CODE]],
  ['the last one counts', coded('A_XX_TB', 'A_TB_XX'), ['XML3:2 MA_DICH_VU']],
  ['an empty one', coded('A_'), [CODE]],
  ['none', coded('A'), []],
]);

ruleTable(rules, 'SVC_STOPPED_PRICE', [
  ['costs nothing', rows({ MA_DICH_VU: 'A_TB', DON_GIA_BV: '0', DON_GIA_BH: '0.00' }), []],
  [
    'costs the patient',
    rows({ MA_DICH_VU: 'A_TB', DON_GIA_BV: '0.001', DON_GIA_BH: '0' }),
    ['XML3:1 DON_GIA_BV'],
  ],
  [
    'costs the insurer',
    rows({ MA_DICH_VU: 'A_TB', DON_GIA_BV: '0', DON_GIA_BH: '5' }),
    ['XML3:1 DON_GIA_BH'],
  ],
  ['not stopped', rows({ MA_DICH_VU: 'A', DON_GIA_BV: '5', DON_GIA_BH: '5' }), []],
]);

ruleTable(rules, 'SVC_LOCAL_ANAESTHESIA_SUFFIX', [
  ['local', rows({ MA_DICH_VU: 'A_GT', PP_VO_CAM: '2' }), []],
  [
    'another way, or none',
    rows({ MA_DICH_VU: 'A_GT', PP_VO_CAM: '1' }, { MA_DICH_VU: 'A_GT' }),
    ['XML3:1 PP_VO_CAM', 'XML3:2 PP_VO_CAM'],
  ],
  ['without the suffix', rows({ MA_DICH_VU: 'A', PP_VO_CAM: '1' }), []],
]);

ruleTable(rules, 'SVC_UNPRICED_CODE', [
  ['costs nothing', rows({ MA_DICH_VU: '22.0121.0000', DON_GIA_BH: '0' }), []],
  ['costs', rows({ MA_DICH_VU: '22.0121.0000', DON_GIA_BH: '0.001' }), ['XML3:1 DON_GIA_BH']],
  [
    'sent out or with a suffix',
    rows(
      { MA_DICH_VU: '22.0121.0000.K.40001', DON_GIA_BH: '5' },
      { MA_DICH_VU: '22.0121.0000_GT', DON_GIA_BH: '5' },
    ),
    ['XML3:1 DON_GIA_BH', 'XML3:2 DON_GIA_BH'],
  ],
  ['has a price', rows({ MA_DICH_VU: '22.0121.0001', DON_GIA_BH: '5' }), []],
]);

ruleTable(rules, 'SVC_TRANSPORT', [
  ['with its fuel', rows({ MA_NHOM: '12', MA_DICH_VU: 'VC.40001', MA_XANG_DAU: 'X' }), []],
  ['without', rows({ MA_NHOM: '12', MA_DICH_VU: 'VC.40001' }), ['XML3:1 MA_XANG_DAU']],
  ['another group', rows({ MA_DICH_VU: 'VC.40001', MA_XANG_DAU: 'X' }), ['XML3:1 MA_NHOM']],
  ['another code', rows({ MA_NHOM: '12', MA_DICH_VU: 'A', MA_XANG_DAU: 'X' }), [CODE]],
  ['no transport', coded('A'), []],
]);

ruleTable(rules, 'SVC_SENT_OUT_FACILITY', [
  ['to another', { ...xml1({ MA_CSKCB: '40021' }), ...coded('22.0121.1369.K.40001') }, []],
  ['to itself', { ...xml1({ MA_CSKCB: '40021' }), ...coded('22.0121.1369.K.40021') }, [CODE]],
  ['done here', { ...xml1({ MA_CSKCB: '40021' }), ...coded('22.0121.1369') }, []],
]);

ruleTable(rules, 'SVC_EXECUTOR_REQUIRED', [
  ['somebody', rows({ NGUOI_THUC_HIEN: 'x' }), []],
  ['nobody', rows({}, { MA_NHOM: '18' }), ['XML3:1 NGUOI_THUC_HIEN', 'XML3:2 NGUOI_THUC_HIEN']],
  ['sent out, or stopped', coded('22.0121.1369.K.40001', 'A_TB'), []],
  ['an examination', rows({ MA_NHOM: '13' }), []],
]);

ruleTable(rules, 'SVC_ANAESTHESIA_REQUIRED', [
  ['said', rows({ MA_NHOM: '8', PP_VO_CAM: '4' }), []],
  ['not said', rows({ MA_NHOM: '8' }), ['XML3:1 PP_VO_CAM']],
  ['stopped', rows({ MA_NHOM: '8', MA_DICH_VU: 'A_TB' }), []],
  ['a procedure', rows({ MA_NHOM: '18' }), []],
]);

const surgery = (
  TYLE_TT_DV: string,
  NGUOI_THUC_HIEN = 'A;B',
  NGAY_TH_YL = '202611010900',
  more: Row = {},
) => ({
  MA_NHOM: '8',
  TYLE_TT_DV,
  NGUOI_THUC_HIEN,
  NGAY_TH_YL,
  ...more,
});
const SECOND = ['XML3:2 TYLE_TT_DV'];
ruleTable(rules, 'SVC_SECOND_SURGERY_RATE', [
  ['one of the team again', rows(surgery('100'), surgery('50', 'B;C')), []],
  ['another team', rows(surgery('100'), surgery('80', 'C')), []],
  ['twice in full', rows(surgery('100'), surgery('100')), SECOND],
  ['80 for the same team', rows(surgery('100'), surgery('80')), SECOND],
  ['50 for another team', rows(surgery('100'), surgery('50', 'C')), SECOND],
  ['another operation', rows(surgery('100'), surgery('100', 'A', '202611010901')), []],
  ['stopped', rows(surgery('100'), surgery('100', 'A', '202611010900', { MA_DICH_VU: 'A_TB' })), []],
  ['none in full', rows(surgery('80'), surgery('50')), []],
  ['no operation', rows(surgery('100', 'A', '202611010900', { MA_NHOM: '18' })), []],
]);

const exam = (rate: string, at = '202611010800', more: Row = {}): Row => ({
  MA_NHOM: '13',
  TYLE_TT_DV: rate,
  NGAY_YL: at,
  T_BHTT: '1.00',
  ...more,
});
ruleTable(rules, 'EXM_FEE_SEQUENCE', [
  [
    'in full, then less and less',
    rows(exam('100'), exam('30'), exam('30'), exam('30'), exam('10'), exam('0'), exam('0')),
    [],
  ],
  ['two in full', rows(exam('100'), exam('100', '202611010900')), SECOND],
  ['the second came first', rows(exam('100', '202611010900'), exam('100')), ['XML3:1 TYLE_TT_DV']],
  [
    'the fifth above 10',
    rows(exam('100'), exam('30'), exam('30'), exam('30'), exam('10.1')),
    ['XML3:5 TYLE_TT_DV'],
  ],
  [
    'the seventh above nothing',
    rows(...['100', '30', '30', '30', '10', '0', '1'].map((rate) => exam(rate))),
    ['XML3:7 TYLE_TT_DV'],
  ],
  ['not paid by the insurer', rows(exam('100'), exam('100', '202611010900', { T_BHTT: '0' })), []],
  ['one without a time', rows(exam('100'), exam('100', '')), []],
]);

ruleTable(rules, 'EXM_ONE_FULL_PRICE', [
  ['dated ones are judged by their turn', rows(exam('100'), exam('100')), []],
  ['two in full, one of them undated', rows(exam('100'), exam('100', '')), ['XML3 TYLE_TT_DV']],
  ['one in full', rows(exam('100', ''), exam('30', '')), []],
]);

const fee = (amount: string, price = '50000') =>
  exam('100', '202611010800', { THANH_TIEN_BH: amount, DON_GIA_BH: price });
ruleTable(rules, 'EXM_TOTAL_CAP', [
  ['twice the dearest, and the tolerance', rows(fee('50000'), fee('50001', '40000')), []],
  ['a hundredth more', rows(fee('50000'), fee('50001.01', '40000')), ['XML3 THANH_TIEN_BH']],
  ['unreadable', rows(fee('500000', 'x')), []],
  ['not paid by the insurer', rows({ ...fee('500000'), T_BHTT: '0' }), []],
]);

const facility_catalogue = catalogueOf([{ code: '40001' }, { code: '40021' }], 'code')!;
ruleTable(
  rules,
  'SVC_TRANSPORT',
  [
    ['to a known place', rows({ MA_NHOM: '12', MA_DICH_VU: 'VC.40001', MA_XANG_DAU: 'X' }), []],
    ['to an unknown one', rows({ MA_NHOM: '12', MA_DICH_VU: 'VC.40002', MA_XANG_DAU: 'X' }), [CODE]],
  ],
  { facility_catalogue },
);
ruleTable(
  rules,
  'SVC_SENT_OUT_FACILITY',
  [
    ['to a known place', { ...xml1({ MA_CSKCB: '40021' }), ...coded('22.0121.1369.K.40001') }, []],
    ['to an unknown one', { ...xml1({ MA_CSKCB: '40021' }), ...coded('22.0121.1369.K.40002') }, [CODE]],
  ],
  { facility_catalogue },
);
