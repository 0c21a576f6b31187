import { ruleTable, xml1 } from '../../../../test/harness/rules.ts';
import { type CatalogueRow, catalogueOf } from '../../catalogues.ts';
import { rules } from './index.ts';

const paper = (MA_TTDV: string, NGAY_CT = '20261105', head = '') => ({
  ...xml1({ NGAY_RA: '202611051500', MA_TTDV: head }),
  XML7: [{ MA_TTDV, NGAY_CT }],
});
const staff = (...rows: readonly CatalogueRow[]) => ({
  staff_catalogue: catalogueOf(rows, 'MA_BHXH_CCHN')!,
});
const WRONG = ['XML7 MA_TTDV'];
const head = { MA_BHXH_CCHN: 'H1', from: '20260101', to: '20261105' };

ruleTable(
  rules,
  'DIS_HEAD_SIGNER',
  [
    ['known and there on the last day', paper('H1'), []],
    ['gone the day after', paper('H1', '20261106'), WRONG],
    ['unknown', paper('H2'), WRONG, { cause: 'practitioner H2' }],
    ['another one than XML1 says', paper('H1', '20261105', 'H3'), WRONG, { cause: 'practitioner H1' }],
    ['without a day of the paper, the day of discharge', paper('H1', ''), []],
    [
      'every paper, blanks left to others',
      {
        ...paper(' '),
        XML8: [{ MA_TTDV: 'H1' }],
        XML9: [{ MA_TTDV: 'H1' }, { MA_TTDV: 'H2' }],
        XML13: [{ MA_TTDV: 'H2' }],
      },
      ['XML9:2 MA_TTDV', 'XML13 MA_TTDV'],
    ],
    ['no paper', xml1({ MA_TTDV: 'H2' }), []],
  ],
  staff(head),
);
ruleTable(
  rules,
  'DIS_HEAD_SIGNER',
  [
    ['one who signs', paper('H1'), []],
    ['another one who signs than XML1 says', paper('H2', '20261105', 'H1'), []],
    ['one who does not sign', paper('H3'), WRONG],
    ['one who does not sign, as XML1 says', paper('H3', '20261105', 'H3'), WRONG],
  ],
  staff(
    { ...head, signer: true },
    { MA_BHXH_CCHN: 'H2', signer: true },
    { MA_BHXH_CCHN: 'H3', signer: false },
  ),
);
