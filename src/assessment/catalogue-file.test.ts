import { expect, test } from '@jest/globals';
import { CatalogueFileError, readCatalogueFile } from './catalogue-file.ts';

const read = (file: unknown) => readCatalogueFile(JSON.stringify(file));

test('each key is a catalogue, found by its code and valid on its days', () => {
  const { catalogues, unread } = read({
    facilities: [{ code: '40001', kind: 'hospital' }],
    wards: [{ ward: '16681', province: '40' }],
    staff: [{ MA_BHXH_CCHN: 'A1', departments: ['K01'] }],
    drugs: [{ MA_THUOC: '40.67', DON_GIA: 820.5, from: '20260101', to: null }],
    supplies: [{ MA_VAT_TU: 'N01', from: '', to: '20261031' }],
    icd_primary_forbidden: ['Y83.8'],
    notes: 'x',
  });
  expect(Object.keys(catalogues).toSorted()).toEqual([
    'admin_units',
    'drug_catalogue',
    'facility_catalogue',
    'icd_primary_forbidden',
    'staff_catalogue',
    'supply_catalogue',
  ]);
  expect(catalogues.drug_catalogue?.validOn('40.67', '20260101')).toEqual([
    { MA_THUOC: '40.67', DON_GIA: 820.5, from: '20260101' },
  ]);
  expect(catalogues.drug_catalogue?.validOn('40.67', '20251231')).toEqual([]);
  expect(catalogues.supply_catalogue?.validOn('N01', '20261101')).toEqual([]);
  expect(catalogues.icd_primary_forbidden?.rows('Y83.8')).toHaveLength(1);
  expect(unread).toEqual(['notes']);
});

test('services are also what needs a machine, where one of them says so', () => {
  const { catalogues } = read({ services: [{ MA_DICH_VU: 'A', machine: false }, { MA_DICH_VU: 'B' }] });
  expect(catalogues.service_catalogue?.all).toHaveLength(2);
  expect(catalogues.machine_service_catalogue?.all).toEqual([{ MA_DICH_VU: 'A', machine: false }]);
  expect(read({ services: [{ MA_DICH_VU: 'B' }] }).catalogues.machine_service_catalogue).toBeUndefined();
});

test('an empty catalogue is a missing one', () => {
  expect(read({ drugs: [], icd_primary_forbidden: [] }).catalogues).toEqual({});
  expect(read({}).catalogues).toEqual({});
});

test.each([
  ['no JSON', '{', '/'],
  ['no object', '[]', '/'],
  ['rows that are none', '{"drugs":{}}', '/drugs'],
  ['no code', '{"drugs":[{"TEN_THUOC":"x"}]}', '/drugs/0'],
  ['a blank code', '{"wards":[{"ward":""}]}', '/wards/0/ward'],
  ['a code that is a number', '{"facilities":[{"code":40001}]}', '/facilities/0/code'],
  ['another form of day', '{"supplies":[{"MA_VAT_TU":"x","from":"2026-01-01"}]}', '/supplies/0/from'],
  ['a column of more than text', '{"staff":[{"MA_BHXH_CCHN":"x","leave":[1]}]}', '/staff/0/leave'],
  ['a disease that is none', '{"icd_primary_forbidden":[1]}', '/icd_primary_forbidden/0'],
])('refuses %s', (_name, json, path) => {
  let error: unknown;
  try {
    readCatalogueFile(json);
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toBeInstanceOf(CatalogueFileError);
  expect((error as CatalogueFileError).path).toContain(path === '/' ? '/' : path);
});
