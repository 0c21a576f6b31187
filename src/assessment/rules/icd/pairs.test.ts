import { ruleTable, xml1 } from '../../../../test/harness/rules.ts';
import { type CatalogueRow, catalogueOf } from '../../catalogues.ts';
import { rules } from './index.ts';

const main = (MA_BENH_CHINH: string, more: Record<string, string> = {}) => xml1({ MA_BENH_CHINH, ...more });
const icd10 = (...rows: readonly CatalogueRow[]) => ({ icd10_catalogue: catalogueOf(rows, 'code')! });
const MAIN = ['XML1 MA_BENH_CHINH'];
const SECONDARY = ['XML1 MA_BENH_KT'];

const catalogue = icd10(
  { code: 'A17.0', mark: '†', pairs: ['G01'] },
  { code: 'G01', mark: '*', pairs: ['A17.0', 'A39'] },
  { code: 'G02', mark: '*' },
  { code: 'J00' },
);
const codes = (MA_BENH_CHINH: string, MA_BENH_KT = '') => main(MA_BENH_CHINH, { MA_BENH_KT });

ruleTable(
  rules,
  'ICD_ASTERISK_PRIMARY',
  [
    ['the cause first', codes('A17.0', 'G01'), []],
    ['what shows', codes('G01'), MAIN],
    ['with its mark', codes('G01*'), MAIN],
    ['secondary', codes('J00', 'G01'), []],
    ['blank', codes(''), []],
  ],
  catalogue,
);

ruleTable(
  rules,
  'ICD_ASTERISK_NEEDS_DAGGER',
  [
    ['with its cause', codes('A17.0†', 'G01*'), []],
    ['with its cause among the others', codes('J00', 'G01;A39.0'), []],
    ['alone', codes('J00', 'G01'), SECONDARY],
    ['with another cause', codes('A17.1', 'G01'), SECONDARY],
    ['the catalogue names no pairs', codes('J00', 'G02'), []],
    ['the main one is left to ICD_ASTERISK_PRIMARY', codes('G01', ''), []],
  ],
  catalogue,
);

ruleTable(
  rules,
  'ICD_DAGGER_NEEDS_ASTERISK',
  [
    ['first of the others', codes('A17.0', 'G01;J00'), []],
    ['second of the others', codes('A17.0', 'J00;G01'), MAIN],
    ['missing', codes('A17.0†'), MAIN],
    ['no cause', codes('J00'), []],
    ['a cause that is secondary', codes('J00', 'A17.0'), []],
  ],
  catalogue,
);
