import { type Catalogue, type CatalogueRow, isValidOn } from '../../catalogues.ts';
import { type AnyRule, arrivalDay, type Claim, inTable, rule, value } from '../../rule.ts';

// Catalogue admin_units: ward (code), province, name, from, to.

const byProvince = new WeakMap<Catalogue, ReadonlyMap<string, readonly CatalogueRow[]>>();

/** The wards of a province; its code is written with two digits, or three of which the last two count. */
function wardsOf(units: Catalogue, province: string): readonly CatalogueRow[] {
  let index = byProvince.get(units);
  if (!index) {
    index = Map.groupBy(units.all, (row) => twoDigits(String(row.province ?? '')));
    byProvince.set(units, index);
  }
  return index.get(twoDigits(province)) ?? [];
}
const twoDigits = (province: string) => (/^0\d\d$/.test(province) ? province.slice(1) : province);

/** Day and code; null when one of them is not there to be judged. */
function filled(claim: Claim, field: string) {
  const day = arrivalDay(claim);
  const code = value(claim.xml1, field);
  return day === null || code === '' ? null : { day, code };
}

/** Where somebody lives: units change, so the day of arrival counts. */
export const address: readonly AnyRule[] = [
  rule({
    id: 'PAT_PROVINCE',
    severity: 'error',
    stage: 'order',
    needs: ['admin_units'],
    params: {},
    check: (claim, _, { catalogues: { admin_units: units } }) => {
      const province = filled(claim, 'MATINH_CU_TRU');
      if (!province) return 'not-applicable';
      const isKnown = wardsOf(units!, province.code).some((row) => isValidOn(row, province.day));
      return isKnown ? [] : [inTable('XML1', 'MATINH_CU_TRU', { value: province.code })];
    },
  }),
  rule({
    id: 'PAT_WARD',
    severity: 'error',
    stage: 'order',
    needs: ['admin_units'],
    params: {},
    check: (claim, _, { catalogues: { admin_units: units } }) => {
      const ward = filled(claim, 'MAXA_CU_TRU');
      if (!ward) return 'not-applicable';
      const isKnown = units!.validOn(ward.code, ward.day).length > 0;
      return isKnown ? [] : [inTable('XML1', 'MAXA_CU_TRU', { value: ward.code })];
    },
  }),
  rule({
    id: 'PAT_WARD_IN_PROVINCE',
    severity: 'error',
    stage: 'order',
    needs: ['admin_units'],
    params: {},
    check: (claim, _, { catalogues: { admin_units: units } }) => {
      const ward = filled(claim, 'MAXA_CU_TRU');
      const province = value(claim.xml1, 'MATINH_CU_TRU');
      if (!ward || province === '' || !wardsOf(units!, province).some((row) => isValidOn(row, ward.day)))
        return 'not-applicable';
      const provinces = units!
        .validOn(ward.code, ward.day)
        .map((row) => twoDigits(String(row.province ?? '')));
      if (provinces.length === 0 || provinces.includes('')) return 'not-applicable';
      if (provinces.includes(twoDigits(province))) return [];
      return [inTable('XML1', 'MAXA_CU_TRU', { ward: ward.code, province })];
    },
  }),
];
