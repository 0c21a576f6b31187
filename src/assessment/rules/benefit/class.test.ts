import { ruleTable, xml1 } from '../../../../test/harness/rules.ts';
import type { Row } from '../../rule.ts';
import { rules } from './index.ts';

const ARRIVAL = '202608100800';
const ofClass = (MA_DOITUONG_KCB: string, more: Row = {}) =>
  xml1({ MA_DOITUONG_KCB, NGAY_VAO: ARRIVAL, MA_LOAI_KCB: '01', ...more });
const spoken = ['XML1 MA_DOITUONG_KCB'];

ruleTable(rules, 'BEN_CLASS_CATALOGUE', [
  ...['1.1', '1.7', '1.11', '1.18', '2', '3.1', '3.2', '3.3', '3.6', '7', '7.4', '8', '9', '10'].map(
    (code) => [code, ofClass(code), []] as const,
  ),
  ...['1', '1.10', '1.8', '3', '3.10', '7.1', '01.1', '1.1;2'].map(
    (code) => [code, ofClass(code), spoken] as const,
  ),
  ['the last minute of the older list', ofClass('1.9', { NGAY_VAO: '202412312359' }), []],
  ['the first minute of this one', ofClass('1.9', { NGAY_VAO: '202501010000' }), spoken],
  ['no class', ofClass(' '), []],
  ['no arrival', ofClass('1.9', { NGAY_VAO: '' }), []],
]);

ruleTable(rules, 'BEN_CLASS_CARE_TYPE', [
  ...['1.12', '1.13', '1.14', '1.18'].flatMap((code) => [
    [`${code}, out-patient`, ofClass(code), []] as const,
    [`${code}, day treatment`, ofClass(code, { MA_LOAI_KCB: '04' }), spoken] as const,
  ]),
  ...['1.15', '3.2', '3.6'].flatMap((code) => [
    [`${code}, in-patient`, ofClass(code, { MA_LOAI_KCB: '03' }), []] as const,
    [`${code}, at a station`, ofClass(code, { MA_LOAI_KCB: '06' }), spoken] as const,
  ]),
  ['in-patient of under four hours', ofClass('1.12', { MA_LOAI_KCB: '09' }), spoken],
  ['before the 50 percent as well', ofClass('1.13', { NGAY_VAO: '202606300800', MA_LOAI_KCB: '03' }), spoken],
  ['a class for both', ofClass('3.1', { MA_LOAI_KCB: '03' }), []],
  ['a class that pays nothing', ofClass('3.1'), []],
  ['an unknown class', ofClass('1.9'), []],
  ['no class', ofClass(''), []],
  ['no type', ofClass('3.2', { MA_LOAI_KCB: '' }), []],
  ['no arrival', ofClass('3.2', { NGAY_VAO: '' }), []],
  ['before the list', ofClass('3.2', { NGAY_VAO: '202412312359' }), []],
]);

const paid = (code: string, more: Row = {}) => ofClass(code, { T_BHTT: '0.01', ...more });
const money = ['XML1 T_BHTT'];
ruleTable(rules, 'BEN_ZERO_RATE_CLASSES', [
  ['8 with nothing', paid('8', { T_BHTT: '0.00' }), []],
  ['8 with a hundredth', paid('8'), money],
  ['9, in-patient', paid('9', { MA_LOAI_KCB: '03' }), money],
  ['less than nothing', paid('9', { T_BHTT: '-1' }), money],
  ['3.1, out-patient', paid('3.1'), money],
  ['3.1, in-patient', paid('3.1', { MA_LOAI_KCB: '03' }), []],
  ...['1.13', '1.14', '1.18'].flatMap((code) => [
    [`${code}, the day before 50 percent`, paid(code, { NGAY_VAO: '202606302359' }), money] as const,
    [`${code}, the first day`, paid(code, { NGAY_VAO: '202607010000' }), []] as const,
  ]),
  ['a class that does not go with the type', paid('1.13', { MA_LOAI_KCB: '03' }), []],
  ['on route', paid('1.1'), []],
  ['unknown money', paid('8', { T_BHTT: '' }), []],
  ['before the list', paid('8', { NGAY_VAO: '202412312359' }), []],
]);

const pickUp = (code: string, ...rows: Row[]) => ({ ...ofClass(code), XML3: rows });
const examination = { MA_NHOM: '13', T_BHTT: '0.01' };
ruleTable(rules, 'BEN_PICKUP_NO_EXAM', [
  ...['7', '7.2', '7.3', '7.4', '10'].map(
    (code) => [code, pickUp(code, { MA_NHOM: '1', T_BHTT: '1' }, examination), ['XML3:2 MA_NHOM']] as const,
  ),
  ['each of two', pickUp('7', examination, examination), ['XML3:1 MA_NHOM', 'XML3:2 MA_NHOM']],
  ['not paid by the insurer', pickUp('7', { MA_NHOM: '13', T_BHTT: '0.00' }), []],
  ['unknown money', pickUp('7', { MA_NHOM: '13', T_BHTT: '' }), []],
  ['no service', pickUp('7'), []],
  ['another class', pickUp('1.1', examination), []],
]);
