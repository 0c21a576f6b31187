import { ruleTable, type TestTables, xml1 } from '../../../../test/harness/rules.ts';
import type { Row } from '../../rule.ts';
import { rules } from './index.ts';

const [EIGHT, LATER] = ['202611200800', '202611200801'];

const admitted = (NGAY_YL: string, MA_NHOM = '1', NGAY_VAO = EIGHT) => ({
  ...xml1({ NGAY_VAO }),
  XML3: [{ MA_NHOM, NGAY_YL }],
});
ruleTable(rules, 'DT_ORDER_SAME_AS_ADMISSION', [
  ['a minute later', admitted(LATER), []],
  ['the same minute', admitted(EIGHT), ['XML3:1 NGAY_YL']],
  ['a drug', { ...xml1({ NGAY_VAO: EIGHT }), XML2: [{ NGAY_YL: EIGHT }] }, ['XML2:1 NGAY_YL']],
  ['the examination itself', admitted(EIGHT, '13'), []],
  ['before has its own rule', admitted('202611200759'), []],
  ['no admission', admitted('', '1', ''), []],
]);

const visit = (tables: TestTables, MA_LOAI_KCB = '01') => ({ ...xml1({ MA_LOAI_KCB }), ...tables });
const exam = { MA_NHOM: '13', NGAY_YL: LATER };
const test = (NGAY_YL: string, MA_NHOM = '1'): Row => ({ MA_NHOM, NGAY_YL });
ruleTable(rules, 'DT_EXAM_BEFORE_TESTS', [
  ['with the examination', visit({ XML3: [exam, test(LATER)] }), []],
  ['a minute before', visit({ XML3: [exam, test(EIGHT)] }), ['XML3:2 NGAY_YL']],
  ['a drug', visit({ XML2: [{ NGAY_YL: EIGHT }], XML3: [exam] }), ['XML2:1 NGAY_YL']],
  [
    'the first of two examinations counts',
    visit({ XML3: [exam, { ...exam, NGAY_YL: EIGHT }, test(EIGHT)] }),
    [],
  ],
  ['transport', visit({ XML3: [exam, test(EIGHT, '12')] }), []],
  ['no examination', visit({ XML3: [test(EIGHT)] }), []],
  ['an in-patient', visit({ XML3: [exam, test(EIGHT)] }, '03'), []],
]);

const prescribed = (NGAY_YL: string, NGAY_TH_YL = '', NGAY_KQ = LATER, MA_LOAI_KCB = '01') =>
  visit(
    {
      XML2: [{ NGAY_YL, NGAY_TH_YL }],
      XML3: [
        { MA_NHOM: '1', NGAY_KQ: EIGHT },
        { MA_NHOM: '2', NGAY_KQ },
      ],
    },
    MA_LOAI_KCB,
  );
ruleTable(rules, 'DT_DRUG_AFTER_RESULTS', [
  ['with the last result', prescribed(LATER), []],
  ['a minute before', prescribed(EIGHT), ['XML2:1 NGAY_YL']],
  ['given in the house', prescribed(EIGHT, EIGHT), []],
  ['the last result that can be read', prescribed(EIGHT, '', 'x'), []],
  ['an in-patient', prescribed(EIGHT, '', LATER, '03'), []],
  ['no results', visit({ XML2: [{ NGAY_YL: EIGHT }] }), []],
]);

const infused = (NGAY_TH_YL: string, DUONG_DUNG = '2.15') => ({
  ...xml1({ NGAY_VAO: '202611190800', NGAY_RA: '202611200830' }),
  XML2: [{ NGAY_TH_YL, DUONG_DUNG }],
});
ruleTable(rules, 'DT_TRANSFUSION_INFUSION_AFTER_EXIT', [
  ['half an hour', infused(EIGHT), []],
  ['a minute less', infused(LATER), ['XML2:1 NGAY_TH_YL']],
  ['swallowed', infused(LATER, '1.01'), []],
  ['no time', infused(''), []],
  ['not discharged', { ...xml1({ NGAY_VAO: EIGHT }), XML2: [{ NGAY_TH_YL: EIGHT, DUONG_DUNG: '2.15' }] }, []],
]);
