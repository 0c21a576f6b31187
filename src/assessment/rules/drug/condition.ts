import { decimal } from '../../../platform/money.ts';
import type { Catalogue, CatalogueRow } from '../../catalogues.ts';
import {
  type AnyRule,
  type Claim,
  inRow,
  list,
  moment,
  number,
  type PlacedRow,
  rule,
  value,
} from '../../rule.ts';
import { isForSome, misfit } from '../patient/age.ts';

// Catalogue drug_condition_catalogue: code, icds (beginnings of ICD-10 codes), minDays, maxDays (age), sex (1, 2),
// rate (percent that is paid), from, to. Several rows of a drug are alternatives.

const codeOf = ({ values }: PlacedRow) => value(values, 'MA_THUOC');
const diagnoses = ({ xml1 }: Claim) =>
  [value(xml1, 'MA_BENH_CHINH'), ...list(xml1, 'MA_BENH_KT')]
    .map((one) => one.trim().toUpperCase())
    .filter((one) => one !== '');

const icdsOf = ({ icds = [] }: CatalogueRow): readonly string[] =>
  (Array.isArray(icds) ? icds : String(icds).split(';'))
    .map((one) => String(one).trim())
    .filter((one) => one !== '');
const fits = (row: CatalogueRow, codes: readonly string[]) =>
  icdsOf(row).some((icd) => codes.some((code) => code.startsWith(icd)));

/** Drug rows with the conditions that are in force on the day of the order, of those that `has` keeps. */
const conditioned = (rows: readonly PlacedRow[], catalogue: Catalogue, has: (row: CatalogueRow) => boolean) =>
  rows.flatMap((row) => {
    const day = moment(row.values, 'NGAY_YL')?.slice(0, 8);
    const found = day === undefined ? [] : catalogue.validOn(codeOf(row), day).filter(has);
    return found.length > 0 ? [{ row, day: day!, found }] : [];
  });

/** Cards with these digits are paid whatever rate the list of drugs has. */
const FREE_DIGITS = ['1', '5'];
export const hasNoRateLimits = ({ xml1 }: Claim) =>
  list(xml1, 'MA_THE_BHYT').some((card) => FREE_DIGITS.includes(card.trim().charAt(2)));

/** Whom and what a drug is paid for. */
export const condition: readonly AnyRule[] = [
  rule({
    id: 'DRG_INDICATION_ICD',
    severity: 'warning',
    stage: 'order',
    needs: ['drug_condition_catalogue'],
    params: {},
    check: (claim, _, { catalogues: { drug_condition_catalogue: known } }) => {
      const codes = diagnoses(claim);
      const rows = conditioned(claim.xml2, known!, (one) => icdsOf(one).length > 0);
      if (rows.length === 0 || codes.length === 0) return 'not-applicable';
      return rows
        .filter(({ found }) => !found.some((one) => fits(one, codes)))
        .map(({ row, found }) =>
          inRow(row, 'MA_THUOC', { code: codeOf(row), icds: [...new Set(found.flatMap(icdsOf))].join(', ') }),
        );
    },
  }),
  rule({
    id: 'DRG_AGE_GENDER',
    severity: 'warning',
    stage: 'order',
    needs: ['drug_condition_catalogue'],
    params: {},
    check: (claim, _, { catalogues: { drug_condition_catalogue: known } }) => {
      const rows = conditioned(claim.xml2, known!, isForSome);
      if (rows.length === 0) return 'not-applicable';
      return rows.flatMap(({ row, day, found }) => {
        const misfits = found.map((one) => misfit(claim, one, day));
        const reason = misfits.includes(null) ? null : misfits[0];
        return reason ? [inRow(row, 'MA_THUOC', { code: codeOf(row), reason })] : [];
      });
    },
  }),
  rule({
    id: 'DRG_RATIO_BY_CONDITION',
    severity: 'error',
    stage: 'order',
    needs: ['drug_condition_catalogue'],
    params: {},
    check: (claim, _, { catalogues: { drug_condition_catalogue: known } }) => {
      const codes = diagnoses(claim);
      const rows = conditioned(
        claim.xml2,
        known!,
        (one) =>
          number({ rate: String(one.rate ?? '') }, 'rate') !== null &&
          (icdsOf(one).length === 0 || fits(one, codes)),
      );
      if (rows.length === 0 || hasNoRateLimits(claim)) return 'not-applicable';
      return rows.flatMap(({ row, found }) => {
        const rates = found.map((one) => decimal(String(one.rate)));
        const most = rates.reduce((a, b) => (b.gt(a) ? b : a));
        const code = codeOf(row);
        if (number(row.values, 'TYLE_TT_BH')?.gt(most))
          return [inRow(row, 'TYLE_TT_BH', { code, field: 'TYLE_TT_BH', expected: most.toFixed() })];
        const group = value(row.values, 'MA_NHOM');
        const isPaidAtRate = most.lt(decimal('100')) && value(row.values, 'PHAM_VI') !== '2';
        if (!isPaidAtRate || group === '' || group === '6') return [];
        return [inRow(row, 'MA_NHOM', { code, field: 'MA_NHOM', expected: '6' })];
      });
    },
  }),
];
