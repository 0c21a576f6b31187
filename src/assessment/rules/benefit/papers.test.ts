import { ruleTable, xml1 } from '../../../../test/harness/rules.ts';
import type { Row } from '../../rule.ts';
import { rules } from './index.ts';

const of = (MA_DOITUONG_KCB: string, more: Row) => xml1({ MA_DOITUONG_KCB, ...more });
const ORIGIN = 'XML1 MA_NOI_DI';
const PAPER = 'XML1 GIAY_CHUYEN_TUYEN';

const referred = (MA_NOI_DI: string, GIAY_CHUYEN_TUYEN: string, code = '1.3') =>
  of(code, { MA_NOI_DI, GIAY_CHUYEN_TUYEN });
ruleTable(rules, 'BEN_REFERRAL_DOCS', [
  ['from where, with what', referred('40021', '12/2026'), []],
  ['from nowhere', referred('', '12/2026'), [ORIGIN]],
  ['four characters', referred('4002', '12/2026'), [ORIGIN]],
  ['six characters', referred('400211', '12/2026'), [ORIGIN]],
  ['without a paper', referred('40021', ' '), [PAPER]],
  ['without both', referred('', ''), [ORIGIN, PAPER]],
  ['another class', referred('', '', '1.5'), []],
]);

ruleTable(rules, 'BEN_APPOINTMENT_DOC', [
  ['a number, from nowhere', referred('', '12', '1.5'), []],
  ['no number', referred('40021', ' ', '1.5'), [PAPER]],
  ['another class', referred('', '', '1.1'), []],
]);

const born = (NGAY_SINH: string, NGAY_VAO: string, code = '1.7') => of(code, { NGAY_SINH, NGAY_VAO });
const spoken = ['XML1 MA_DOITUONG_KCB'];
ruleTable(rules, 'BEN_NEWBORN_CLASS', [
  ['born today', born('202608010800', '202608010900'), []],
  ['28 days, whatever the time', born('202608010000', '202608292359'), []],
  ['29 days', born('202608012359', '202608300000'), spoken],
  ['the first possible day of a month', born('202608000000', '202608290800'), []],
  ['and a day later', born('202608000000', '202608300800'), spoken],
  ['only the year', born('202600000000', '202601290800'), []],
  ['no such day', born('202602300800', '202608300000'), []],
  ['no birth', born('', '202608300000'), []],
  ['no arrival', born('202601010800', ''), []],
  ['another class', born('202001010800', '202608300000', '1.1'), []],
]);

const area = (MA_KHUVUC: string, code = '3.6') => of(code, { MA_KHUVUC });
ruleTable(rules, 'BEN_REGION_CLASS', [
  ['K1', area('K1'), []],
  ['K2', area('K2'), []],
  ['K3', area('K3'), []],
  ['K4', area('K4'), ['XML1 MA_KHUVUC']],
  ['none', area(''), ['XML1 MA_KHUVUC']],
  ['another class', area('', '3.3'), []],
]);
