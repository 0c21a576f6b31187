import { expect, test } from '@jest/globals';
import { CHECK_DAY, ruleTable } from '../../../../test/harness/rules.ts';
import { loadPolicy } from '../../../benefits/index.ts';
import { builtInsOf } from '../../built-ins.ts';
import { catalogueOf } from '../../catalogues.ts';
import { checkFile, notChecked } from '../../check.ts';
import type { Row } from '../../rule.ts';
import { rules } from './index.ts';

const ROW = {
  MA_THUOC: '40.67',
  TEN_THUOC: 'Diclofenac 50mg',
  HAM_LUONG: '50mg',
  SO_DANG_KY: 'VD-40001-25',
  TT_THAU: '12/QĐ-SYT;G1;N2;2026',
  DON_GIA: '820',
  DON_VI_TINH: 'Viên',
  DUONG_DUNG: '1.01',
};
const catalogue = {
  drug_catalogue: catalogueOf(
    [
      { ...ROW, from: '20260101', to: '20261231' },
      {
        ...ROW,
        TEN_THUOC: 'Voltaren',
        SO_DANG_KY: 'VN-1-20',
        TT_THAU: '13/QĐ-SYT;G1;N1;2026',
        DON_GIA: 1200.5,
      },
      { MA_THUOC: '40.17', TEN_THUOC: 'Oxy' },
      { MA_THUOC: '40.99', HAM_LUONG: '', SO_DANG_KY: 'A', TT_THAU: 'x' },
    ],
    'MA_THUOC',
  )!,
};
const drugs = (...rows: Row[]) => ({
  XML2: rows.map((row) => ({ MA_NHOM: '4', PHAM_VI: '1', NGAY_YL: '202611020900', ...ROW, ...row })),
});
const at = (field: string) => [`XML2:1 ${field}`];

ruleTable(
  rules,
  'DRG_CODE_IN_CATALOGUE',
  [
    ['known', drugs({}), []],
    ['unknown', drugs({}, { MA_THUOC: '40.68' }), ['XML2:2 MA_THUOC']],
    ['the first day', drugs({ NGAY_YL: '202601010000' }), []],
    ['an open row beside it', drugs({ NGAY_YL: '202701010000' }), []],
    ['the patient pays', drugs({ MA_THUOC: '40.68', PHAM_VI: '2' }), []],
    ['blood', drugs({ MA_THUOC: 'M01', MA_NHOM: '7' }), []],
    ['blank', drugs({ MA_THUOC: '' }), []],
    ['no time of order', drugs({ MA_THUOC: '40.68', NGAY_YL: '' }), []],
  ],
  catalogue,
);
ruleTable(
  rules,
  'DRG_CAT_STRENGTH',
  [
    ['the same', drugs({}), []],
    ['spaces, letters, comma', drugs({ HAM_LUONG: ' 50 MG ' }), []],
    ['another', drugs({ HAM_LUONG: '75mg' }), at('HAM_LUONG')],
    ['blank here only', drugs({ HAM_LUONG: '' }), at('HAM_LUONG')],
    ['blank in both', drugs({ MA_THUOC: '40.99', HAM_LUONG: '' }), []],
    ['the catalogue has no such column', drugs({ MA_THUOC: '40.17', HAM_LUONG: '1' }), []],
    ['the code has failed before', drugs({ MA_THUOC: '40.68', HAM_LUONG: '75mg' }), []],
  ],
  catalogue,
);
ruleTable(
  rules,
  'DRG_CAT_REGISTRATION',
  [
    ['the same', drugs({ SO_DANG_KY: 'vd - 40001-25' }), []],
    ['of the other row', drugs({ SO_DANG_KY: 'VN-1-20' }), []],
    ['another', drugs({ SO_DANG_KY: 'VD-40001-26' }), at('SO_DANG_KY')],
    ['oxygen has none', drugs({ MA_THUOC: '40.17', SO_DANG_KY: 'X' }), []],
    ['blood', drugs({ SO_DANG_KY: 'X', MA_NHOM: '17' }), []],
    ['blank is left to DRG_REGISTRATION_REQUIRED', drugs({ SO_DANG_KY: '' }), []],
    ['the strength has failed before', drugs({ HAM_LUONG: '75mg', SO_DANG_KY: 'X' }), []],
  ],
  catalogue,
);
ruleTable(
  rules,
  'DRG_CAT_TENDER',
  [
    ['the same', drugs({}), []],
    ['letters, spaces, more parts', drugs({ TT_THAU: '12/qđ-syt; G1 ;N2;2026;x' }), []],
    ['the tender of another registration', drugs({ TT_THAU: '13/QĐ-SYT;G1;N1;2026' }), at('TT_THAU')],
    ['another year', drugs({ TT_THAU: '12/QĐ-SYT;G1;N2;2025' }), at('TT_THAU')],
    ['oxygen has none', drugs({ MA_THUOC: '40.17', TT_THAU: 'X' }), []],
    ['the registration has failed before', drugs({ SO_DANG_KY: 'X', TT_THAU: 'X' }), []],
  ],
  catalogue,
);
ruleTable(
  rules,
  'DRG_CAT_NAME',
  [
    ['the same in other letters', drugs({ TEN_THUOC: 'DICLOFENAC  50MG' }), []],
    ['the name of another registration', drugs({ TEN_THUOC: 'Voltaren' }), at('TEN_THUOC')],
    ['blank', drugs({ TEN_THUOC: '' }), []],
    ['the tender has failed before', drugs({ TEN_THUOC: 'X', TT_THAU: 'X' }), []],
  ],
  catalogue,
);
ruleTable(
  rules,
  'DRG_CAT_PRICE',
  [
    ['the same', drugs({ DON_GIA: '820' }), []],
    ['lower', drugs({ DON_GIA: '700' }), []],
    ['exactly the tolerance', drugs({ DON_GIA: '820.5' }), []],
    ['a thousandth more', drugs({ DON_GIA: '820.501' }), at('DON_GIA')],
    [
      'a number of the catalogue',
      drugs({ SO_DANG_KY: 'VN-1-20', TT_THAU: '13/QĐ-SYT;G1;N1;2026', DON_GIA: '1201.001' }),
      at('DON_GIA'),
    ],
    ['the catalogue has no price', drugs({ MA_THUOC: '40.17', DON_GIA: '1' }), []],
    ['no number', drugs({ DON_GIA: '8.200,00' }), []],
    ['the tender has failed before', drugs({ DON_GIA: '9999', TT_THAU: 'X' }), []],
  ],
  catalogue,
);
ruleTable(
  rules,
  'DRG_CAT_PRICE',
  [
    ['lower', drugs({ DON_GIA: '819.499' }), at('DON_GIA')],
    ['exactly the tolerance', drugs({ DON_GIA: '819.5' }), []],
  ],
  catalogue,
  { allowLower: false },
);
ruleTable(
  rules,
  'DRG_CAT_ROUTE',
  [
    ['the same', drugs({}), []],
    ['another', drugs({ DUONG_DUNG: '2.10' }), at('DUONG_DUNG')],
    ['the catalogue has none', drugs({ MA_THUOC: '40.17', DUONG_DUNG: '2.10' }), []],
    ['blank', drugs({ DUONG_DUNG: '' }), []],
    ['the tender has failed before', drugs({ DUONG_DUNG: '2.10', TT_THAU: 'X' }), []],
  ],
  catalogue,
);
const withForm = { drug_catalogue: catalogueOf([{ ...ROW, DANG_BAO_CHE: 'Viên nén' }], 'MA_THUOC')! };
ruleTable(
  rules,
  'DRG_CAT_UNIT_FORM',
  [
    ['the same', drugs({ DON_VI_TINH: 'viên', DANG_BAO_CHE: 'viên  nén' }), []],
    ['no form', drugs({ DANG_BAO_CHE: '' }), []],
    ['another unit', drugs({ DON_VI_TINH: 'vỉ' }), at('DON_VI_TINH')],
    ['another form', drugs({ DANG_BAO_CHE: 'Viên nang' }), at('DANG_BAO_CHE')],
    ['the tender has failed before', drugs({ DON_VI_TINH: 'vỉ', TT_THAU: 'X' }), []],
  ],
  withForm,
);

test('an empty catalogue finds nothing wrong: the whole chain is listed as not checked', () => {
  const chain = rules.filter(({ needs }) => needs?.includes('drug_catalogue'));
  const options = { builtIns: builtInsOf(loadPolicy()), rules: chain, catalogues: {} };
  const file = {
    facilityCode: '40021',
    madeOn: CHECK_DAY,
    records: [drugs({ MA_THUOC: 'x', DON_GIA: '9999' })],
  };
  expect(catalogueOf([], 'MA_THUOC')).toBeUndefined();
  expect(checkFile(file, options)).toEqual([]);
  expect(notChecked(options, 1)).toEqual(chain.map(({ id }) => ({ rule: id, needs: 'drug_catalogue' })));
});

test('of the chain only the first step that fails speaks', () => {
  const chain = rules.filter(({ needs }) => needs?.includes('drug_catalogue'));
  const options = { builtIns: builtInsOf(loadPolicy()), rules: chain, catalogues: catalogue };
  const wrong = {
    HAM_LUONG: '1',
    SO_DANG_KY: 'x',
    TT_THAU: 'x',
    TEN_THUOC: 'x',
    DON_GIA: '9999',
    DUONG_DUNG: '9.99',
  };
  const file = {
    facilityCode: '40021',
    madeOn: CHECK_DAY,
    records: [drugs(wrong, { MA_THUOC: 'x', ...wrong })],
  };
  expect(checkFile(file, options).map(({ rule, row }) => `${rule} ${row}`)).toEqual([
    'DRG_CODE_IN_CATALOGUE 2',
    'DRG_CAT_STRENGTH 1',
  ]);
});
