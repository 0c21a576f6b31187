import { ruleTable, xml1 } from '../../../../test/harness/rules.ts';
import type { Row } from '../../rule.ts';
import { rules } from './index.ts';

const ofType = (MA_LOAI_KCB: string, ...notes: Row[]) => ({ ...xml1({ MA_LOAI_KCB }), XML5: notes });
ruleTable(rules, 'NOTE_TABLE_FOR_TYPE', [
  ['a note', ofType('03', {}), []],
  ...['03', '04', '09'].map((type) => [type, ofType(type), ['XML5 MA_LOAI_KCB']] as const),
  ...['01', '02', '05', '06', '07', '08'].map((type) => [type, ofType(type), []] as const),
]);

const told = (...texts: string[]) => ({ XML5: texts.map((DIEN_BIEN_LS) => ({ DIEN_BIEN_LS })) });
const text = (length: number) => 'Bệnh '.repeat(9).slice(0, length);
ruleTable(rules, 'NOTE_DUPLICATE_TEXT', [
  ['each its own', told(text(21), text(22)), []],
  ['the same', told('x', text(21), ` ${text(21).toUpperCase()} `), ['XML5:3 DIEN_BIEN_LS']],
  ['three times', told(text(30), text(30), text(30)), ['XML5:2 DIEN_BIEN_LS', 'XML5:3 DIEN_BIEN_LS']],
  ['twenty characters may be said again', told(`${text(19)}n`, `${text(19)}n`), []],
  ['blank', told('', ''), []],
]);

const stay = (times: readonly string[], more: Row = {}) => ({
  ...xml1({ MA_LOAI_KCB: '03', NGAY_VAO: '202611012300', NGAY_RA: '202611100100', ...more }),
  XML5: times.map((THOI_DIEM_DBLS) => ({ THOI_DIEM_DBLS })),
});
const gap = ['XML5 THOI_DIEM_DBLS'];
ruleTable(rules, 'NOTE_DAILY_COVERAGE', [
  ['two days without', stay(['202611010800', '202611042300', '202611070800', '202611090800']), []],
  ['three days', stay(['202611010800', '202611052300', '202611070800', '202611090800']), gap],
  ['three days before the first', stay(['202611040800', '202611060800', '202611090800']), gap],
  ['three days after the last', stay(['202611020800', '202611040800', '202611070800']), gap],
  ['no notes', stay([]), gap],
  ['in any order', stay(['202611090800', '202611042300', '202611010800', '202611070800']), []],
  ['counted from the ward', stay(['202611080800'], { NGAY_VAO_NOI_TRU: '202611060800' }), []],
  ['notes of other days', stay(['202610010800', '202612010800']), gap],
  ['a note without a time', stay(['']), []],
  ['another type', stay([], { MA_LOAI_KCB: '04' }), []],
  ['not discharged', stay([], { NGAY_RA: '' }), []],
]);

const operated = (MA_NHOM: string, PHAU_THUAT: string) => ({
  XML3: [{ MA_NHOM }],
  XML5: [{ PHAU_THUAT: '' }, { PHAU_THUAT }],
});
ruleTable(rules, 'NOTE_SURGERY_REPORT', [
  ['told', operated('8', 'Mổ nội soi'), []],
  ['not told', operated('8', ' '), ['XML5 PHAU_THUAT']],
  ['no notes', { XML3: [{ MA_NHOM: '8' }] }, ['XML5 PHAU_THUAT']],
  ['a procedure', operated('18', ''), []],
]);
