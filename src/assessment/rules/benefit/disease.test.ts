import { ruleTable, xml1 } from '../../../../test/harness/rules.ts';
import { type CatalogueRow, catalogueOf } from '../../catalogues.ts';
import type { Row } from '../../rule.ts';
import { rules } from './index.ts';

const diseases: CatalogueRow[] = [
  { code: 'E75.2', annex: 'I' },
  { code: 'E76', annex: 'I', under18: true },
  { code: 'I10', annex: 'II', from: '20260101', to: '20261031' },
];
const serious_disease_list = catalogueOf(diseases, 'code')!;
const ill = (MA_DOITUONG_KCB: string, MA_BENH_CHINH: string, more: Row = {}) =>
  xml1({ MA_DOITUONG_KCB, MA_BENH_CHINH, NGAY_VAO: '202610310800', NGAY_SINH: '200810310000', ...more });
const spoken = ['XML1 MA_BENH_CHINH'];

ruleTable(
  rules,
  'BEN_RARE_DISEASE_CLASS',
  [
    ['listed', ill('1.17', 'E75.2'), []],
    ['not listed', ill('1.17', 'E75.3'), spoken],
    ['in the other annex', ill('1.17', 'I10'), spoken],
    ['for children, 18 on that day', ill('1.17', 'E76'), spoken],
    ['a day younger', ill('1.17', 'E76', { NGAY_SINH: '200811010000' }), []],
    ['nobody knows how old', ill('1.17', 'E76', { NGAY_SINH: '' }), []],
    ['another class', ill('1.16', 'E75.3'), []],
    ['no disease', ill('1.17', ''), []],
  ],
  { serious_disease_list },
);

ruleTable(
  rules,
  'BEN_BASIC_LEVEL_DISEASE_CLASS',
  [
    ['listed', ill('1.16', 'I10'), []],
    ['by its first three characters', ill('1.16', 'I10.9'), []],
    ['not listed', ill('1.16', 'I11'), spoken],
    ['in the other annex', ill('1.16', 'E75.2'), spoken],
    ['no longer listed', ill('1.16', 'I10', { NGAY_VAO: '202611010000' }), spoken],
    ['no arrival', ill('1.16', 'I10', { NGAY_VAO: '' }), []],
    ['another class', ill('1.1', 'I11'), []],
  ],
  { serious_disease_list },
);
