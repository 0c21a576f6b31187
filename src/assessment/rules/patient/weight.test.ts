import { ruleTable, xml1 } from '../../../../test/harness/rules.ts';
import { rules } from './index.ts';

const weighed = (CAN_NANG: string, NGAY_SINH = '199002030000') =>
  xml1({ CAN_NANG, NGAY_SINH, NGAY_VAO: '202611020800' });
const missing = ['XML1 CAN_NANG'];

ruleTable(rules, 'PAT_WEIGHT_REQUIRED', [
  ['filled in', weighed('52.50'), []],
  ['blank', weighed(' '), missing],
  ['blank, a child', weighed('', '202201010000'), missing],
  ['blank, no birth', weighed('', ''), missing],
]);
ruleTable(
  rules,
  'PAT_WEIGHT_REQUIRED',
  [
    ['the day before the sixth birthday', weighed('', '202011030000'), missing],
    ['the sixth birthday', weighed('', '202011020000'), []],
    ['no birth', weighed('', ''), []],
  ],
  {},
  { adults: false },
);

ruleTable(rules, 'PAT_WEIGHT_RANGE', [
  ['the most', weighed('200.00'), []],
  ['a hundredth more', weighed('200.01'), missing],
  ['nothing', weighed('0'), missing],
  ['a hundredth', weighed('0.01'), []],
  ['a comma', weighed('52,5'), missing],
  ['blank', weighed(''), []],
]);

const born = (CAN_NANG_CON: string, GIOI_TINH = '2') => xml1({ CAN_NANG_CON, GIOI_TINH });
ruleTable(rules, 'PAT_NEWBORN_WEIGHTS', [
  ['one child', born('3200'), []],
  ['the lightest and the heaviest', born('200; 9999'), []],
  ['too light', born('3200;199'), ['XML1 CAN_NANG_CON']],
  ['too heavy', born('10000'), ['XML1 CAN_NANG_CON']],
  ['in kilograms', born('3.2'), ['XML1 CAN_NANG_CON']],
  ['no number', born('3200g'), ['XML1 CAN_NANG_CON']],
  ['a man', born('3200', '1'), ['XML1 CAN_NANG_CON']],
  ['undetermined', born('3200', '3'), ['XML1 CAN_NANG_CON']],
  ['the sex is blank', born('3200', ''), []],
  ['an empty element is another finding', born('3200;'), []],
  ['blank, a man', born('', '1'), []],
]);
