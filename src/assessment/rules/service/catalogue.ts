import { decimalText } from '../../../platform/money.ts';
import type { Catalogue, CatalogueRow } from '../../catalogues.ts';
import {
  type AnyRule,
  baseCode,
  comparable,
  inRow,
  moment,
  number,
  type PlacedRow,
  rule,
  value,
  withoutSpaces,
} from '../../rule.ts';
import { missedPrice, pricesOf } from '../drug/catalogue.ts';
import { isForSome, misfit } from '../patient/age.ts';
import { suffixOf } from './code.ts';

// Catalogue service_catalogue: MA_DICH_VU (base code), TEN_DICH_VU, MA_NHOM, DON_GIA_BH, machine, from, to; where the server
// knows them minDays, maxDays (age), sex (1, 2), site (true: wants a body site), sites (which), contrastIncluded.

/** Supplies and transport: `MA_DICH_VU` is that of the service they belong to, or no service. */
const NO_SERVICES = ['10', '11', '12'];
const PATIENT_PAYS = '2';
const UNPRICED = '0000';

/** Rows with a code and a time of order, and what the catalogue has for the code on that day. */
const judged = (rows: readonly PlacedRow[], catalogue: Catalogue) =>
  rows.flatMap((row) => {
    const date = moment(row.values, 'NGAY_YL')?.slice(0, 8);
    const code = baseCode(row.values);
    if (date === undefined || code === '' || NO_SERVICES.includes(value(row.values, 'MA_NHOM'))) return [];
    return [{ row, code, date, found: catalogue.validOn(code, date) }];
  });
/** Only those whose code is in the catalogue. */
const known = (rows: readonly PlacedRow[], catalogue: Catalogue) =>
  judged(rows, catalogue).filter(({ found }) => found.length > 0);

const texts = (found: readonly CatalogueRow[], column: string) =>
  [...new Set(found.map((one) => String(one[column] ?? '').trim()))].filter((text) => text !== '');
const plain = withoutSpaces;
const nameOf = (row: PlacedRow) => {
  const name = comparable(value(row.values, 'TEN_DICH_VU'));
  return plain(suffixOf(row) === 'GT' ? name.replace(/\[gây tê\]$/, '') : name);
};

/** The service against the service catalogue of the facility. */
export const catalogue: readonly AnyRule[] = [
  rule({
    id: 'SVC_IN_CATALOGUE',
    severity: 'error',
    stage: 'order',
    needs: ['service_catalogue'],
    params: {},
    check: ({ xml3 }, _, { catalogues: { service_catalogue: services } }) => {
      const rows = judged(xml3, services!).filter(({ row }) => value(row.values, 'PHAM_VI') !== PATIENT_PAYS);
      if (rows.length === 0) return 'not-applicable';
      return rows
        .filter(({ found }) => found.length === 0)
        .map(({ row, code, date }) => inRow(row, 'MA_DICH_VU', { code, date }));
    },
  }),
  rule({
    id: 'SVC_NAME_MATCH',
    severity: 'warning',
    stage: 'order',
    needs: ['service_catalogue'],
    params: {},
    check: ({ xml3 }, _, { catalogues: { service_catalogue: services } }) => {
      const rows = known(xml3, services!).filter(({ row }) => nameOf(row) !== '');
      if (rows.length === 0) return 'not-applicable';
      return rows.flatMap(({ row, found }) => {
        const names = texts(found, 'TEN_DICH_VU');
        if (names.length === 0 || names.some((name) => plain(name) === nameOf(row))) return [];
        return [inRow(row, 'TEN_DICH_VU', { expected: names.join(' / ') })];
      });
    },
  }),
  rule({
    id: 'SVC_PRICE_MATCH',
    severity: 'error',
    stage: 'order',
    needs: ['service_catalogue'],
    params: { tol: '0.5', allowLower: true },
    check: ({ xml3 }, params, { catalogues: { service_catalogue: services } }) => {
      const rows = known(xml3, services!).flatMap(({ row, code, found }) => {
        const price = number(row.values, 'DON_GIA_BH');
        const prices = pricesOf(found, 'DON_GIA_BH');
        const isPriced = code.split('.')[2] !== UNPRICED && suffixOf(row) !== 'TB';
        return price && prices.length > 0 && isPriced ? [{ row, price, prices }] : [];
      });
      if (rows.length === 0) return 'not-applicable';
      return rows.flatMap(({ row, price, prices }) => {
        const expected = missedPrice(price, prices, params);
        return expected === null ? [] : [inRow(row, 'DON_GIA_BH', { expected: decimalText(expected) })];
      });
    },
  }),
  rule({
    id: 'SVC_GROUP_MATCH',
    severity: 'warning',
    stage: 'order',
    needs: ['service_catalogue'],
    params: {},
    check: ({ xml3 }, _, { catalogues: { service_catalogue: services } }) => {
      const rows = known(xml3, services!).filter(({ row }) => value(row.values, 'MA_NHOM') !== '');
      if (rows.length === 0) return 'not-applicable';
      return rows.flatMap(({ row, found }) => {
        const groups = texts(found, 'MA_NHOM');
        if (groups.length === 0 || groups.includes(value(row.values, 'MA_NHOM'))) return [];
        return [inRow(row, 'MA_NHOM', { expected: groups.join(' / ') })];
      });
    },
  }),
  rule({
    id: 'SVC_AGE_GENDER',
    severity: 'warning',
    stage: 'order',
    needs: ['service_catalogue'],
    params: {},
    check: (claim, _, { catalogues: { service_catalogue: services } }) => {
      const rows = known(claim.xml3, services!).filter(({ found }) => found.every(isForSome));
      if (rows.length === 0) return 'not-applicable';
      return rows.flatMap(({ row, code, date, found }) => {
        const misfits = found.map((one) => misfit(claim, one, date));
        const reason = misfits.includes(null) ? null : misfits[0];
        return reason ? [inRow(row, 'MA_DICH_VU', { code, reason })] : [];
      });
    },
  }),
  rule({
    id: 'SVC_BODY_SIDE',
    severity: 'warning',
    stage: 'discharge',
    isOffByDefault: true,
    needs: ['service_catalogue'],
    params: {},
    check: ({ xml3 }, _, { catalogues: { service_catalogue: services } }) => {
      const rows = known(xml3, services!).filter(({ found }) => found.some(({ site }) => site === true));
      if (rows.length === 0) return 'not-applicable';
      return rows
        .filter(({ row, found }) => {
          const site = value(row.values, 'VI_TRI_TH_DVKT');
          const sites = found.flatMap((one) => (Array.isArray(one.sites) ? one.sites : []));
          return site === '' || (sites.length > 0 && !sites.includes(site));
        })
        .map(({ row }) => inRow(row, 'VI_TRI_TH_DVKT'));
    },
  }),
];
