import { ruleTable, type TestTables, xml1 } from '../../../../test/harness/rules.ts';
import { rules } from './index.ts';

const executed = (NGAY_YL: string, NGAY_TH_YL: string, MA_DOITUONG_KCB = '1.1'): TestTables => ({
  ...xml1({ MA_DOITUONG_KCB }),
  XML2: [{ NGAY_YL, NGAY_TH_YL }],
});
ruleTable(rules, 'DT_EXEC_BEFORE_ORDER', [
  ['the same minute', executed('202611200800', '202611200800'), []],
  ['a minute before', executed('202611200800', '202611200759'), ['XML2:1 NGAY_TH_YL']],
  ['five minutes before in an emergency', executed('202611200000', '202611192355', '2'), []],
  [
    'six minutes before in an emergency',
    executed('202611200000', '202611192354', '2'),
    ['XML2:1 NGAY_TH_YL'],
  ],
  ['a service', { XML3: [{ NGAY_YL: '202611200800', NGAY_TH_YL: '202611200759' }] }, ['XML3:1 NGAY_TH_YL']],
  ['blank', executed('202611200800', ''), []],
  ['unreadable', executed('202611200800', '20261119'), []],
  ['no lines', xml1({}), []],
]);

const resulted = (NGAY_YL: string, NGAY_TH_YL: string, NGAY_KQ: string): TestTables => ({
  XML3: [{ NGAY_YL, NGAY_TH_YL, NGAY_KQ }],
});
ruleTable(rules, 'DT_RESULT_BEFORE_EXEC', [
  ['the same minute', resulted('', '202611200800', '202611200800'), []],
  ['a minute before', resulted('', '202611200800', '202611200759'), ['XML3:1 NGAY_KQ']],
  ['no result', resulted('', '202611200800', ''), []],
  ['not done', resulted('202611200800', '', '202611200759'), []],
  ['unreadable', resulted('', '202611200800', '202611200760'), []],
  ['no lines', xml1({}), []],
]);

ruleTable(rules, 'DT_RESULT_BEFORE_ORDER', [
  ['the same minute', resulted('202611200800', '', '202611200800'), []],
  ['a minute before', resulted('202611200800', '', '202611200759'), ['XML3:1 NGAY_KQ']],
  [
    'what was done is left to the other two rules',
    resulted('202611200800', '202611200800', '202611200759'),
    [],
  ],
  ['done at an unreadable moment', resulted('202611200800', 'x', '202611200759'), []],
  ['no result', resulted('202611200800', '', ''), []],
]);

const insured = (MA_NHOM: string, T_BHTT: string, NGAY_KQ = ''): TestTables => ({
  XML3: [{ MA_NHOM, T_BHTT, NGAY_KQ }],
});
ruleTable(rules, 'DT_RESULT_REQUIRED', [
  ['a test with a result', insured('1', '80.00', '202611200800'), []],
  ['a test without', insured('1', '80.00'), ['XML3:1 NGAY_KQ']],
  ['surgery', insured('8', '0.01', ' '), ['XML3:1 NGAY_KQ']],
  ['group 18', insured('18', '0.01'), ['XML3:1 NGAY_KQ']],
  ['the insurer pays nothing', insured('1', '0.00'), []],
  ['unknown payment', insured('1', ''), []],
  ['an examination', insured('13', '80.00'), []],
  ['what is written is not read', insured('1', '80.00', 'x'), []],
]);
