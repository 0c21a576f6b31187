import { type AnyRule, eachRow, type PlacedRow, rule, value } from '../../rule.ts';
import { isOwnMade, isTender } from '../../tender.ts';
import { EXEMPT } from './chain.ts';

/** Blood and blood products are no drugs with a registration. */
const DRUG_GROUPS = ['4', '5', '6'];
const TENDER = { yearMin: 2010, yearAhead: 2, lowest: 1 };

const codeOf = ({ values }: PlacedRow) => value(values, 'MA_THUOC');

/** Rows of these groups whose drug is not exempt. */
const judged = (rows: readonly PlacedRow[], { exemptCodes, exemptPrefixes }: typeof EXEMPT) =>
  rows.filter(
    (row) =>
      DRUG_GROUPS.includes(value(row.values, 'MA_NHOM')) &&
      !exemptCodes.includes(codeOf(row)) &&
      !exemptPrefixes.some((prefix) => codeOf(row).startsWith(prefix)),
  );

// Catalogue route_catalogue: code, from, to.

/** Which drug it is, by which route, from which tender, in which dose. */
export const identity: readonly AnyRule[] = [
  rule({
    id: 'DRG_ROUTE_CODE',
    severity: 'error',
    stage: 'order',
    params: { skipGroups: ['7', '17'] },
    check: ({ xml2 }, { skipGroups }, { catalogues: { route_catalogue: known } }) =>
      eachRow(
        xml2.filter(
          ({ values }) =>
            value(values, 'DUONG_DUNG') !== '' && !skipGroups.includes(value(values, 'MA_NHOM')),
        ),
        'DUONG_DUNG',
        (row) => {
          const code = value(row, 'DUONG_DUNG');
          return /^\d\.\d{2}$/.test(code) && known?.rows(code).length !== 0;
        },
      ),
  }),
  rule({
    id: 'DRG_REGISTRATION_REQUIRED',
    severity: 'error',
    stage: 'order',
    params: EXEMPT,
    check: ({ xml2 }, params) =>
      eachRow(
        judged(xml2, params),
        'SO_DANG_KY',
        (row) => value(row, 'SO_DANG_KY') !== '',
        (_, row) => ({ code: codeOf(row) }),
      ),
  }),
  rule({
    id: 'DRG_TENDER_REQUIRED',
    severity: 'error',
    stage: 'order',
    params: { ...EXEMPT, scopes: ['1', '3'] },
    check: ({ xml2 }, params) =>
      eachRow(
        judged(xml2, params).filter(({ values }) => params.scopes.includes(value(values, 'PHAM_VI'))),
        'TT_THAU',
        (row) => value(row, 'TT_THAU') !== '',
        (_, row) => ({ code: codeOf(row) }),
      ),
  }),
  rule({
    id: 'DRG_TENDER_FORMAT',
    severity: 'error',
    stage: 'order',
    params: { ...EXEMPT, ...TENDER },
    check: ({ xml2 }, params, { checkTime }) =>
      eachRow(
        judged(xml2, params).filter(({ values }) => value(values, 'TT_THAU') !== ''),
        'TT_THAU',
        (row) => {
          const text = value(row, 'TT_THAU');
          return isTender(text, checkTime, params) || isOwnMade(text, checkTime, params);
        },
      ),
  }),
  rule({
    id: 'DRG_DOSE_REQUIRED',
    severity: 'error',
    stage: 'order',
    params: EXEMPT,
    check: ({ xml2 }, params) =>
      eachRow(judged(xml2, params), 'LIEU_DUNG', (row) => value(row, 'LIEU_DUNG') !== ''),
  }),
];
