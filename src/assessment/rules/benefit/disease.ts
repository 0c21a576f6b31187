import { yearsBetween } from '../../../platform/dates.ts';
import type { CatalogueRow } from '../../catalogues.ts';
import {
  type AnyRule,
  arrivalDay,
  type Claim,
  inTable,
  isoDay,
  type RuleContext,
  rule,
  value,
} from '../../rule.ts';
import { earliestBirth } from '../patient/birth.ts';

const isOfClass = ({ xml1 }: Claim, code: string) => value(xml1, 'MA_DOITUONG_KCB') === code;
const diseaseOf = ({ xml1 }: Claim) => value(xml1, 'MA_BENH_CHINH');
const notListed = (claim: Claim) => [inTable('XML1', 'MA_BENH_CHINH', { icd: diseaseOf(claim) })];

/** Rows of a disease in an annex, valid on the day of arrival (any day when that cannot be read). */
function rowsIn(
  annex: string,
  icd: string,
  claim: Claim,
  { catalogues }: RuleContext,
): readonly CatalogueRow[] {
  const [diseases, day] = [catalogues.serious_disease_list!, arrivalDay(claim)];
  const rows = day === null ? diseases.rows(icd) : diseases.validOn(icd, day);
  return rows.filter((row) => row.annex === annex);
}

/** Is the patient younger than 18 on arrival? Perhaps, when nobody knows. */
function mayBeChild(claim: Claim): boolean {
  const [birth, arrival] = [earliestBirth(claim.xml1), arrivalDay(claim)];
  return birth === null || arrival === null || yearsBetween(isoDay(birth), isoDay(arrival)) < 18;
}

/**
 * Classes that a disease opens.
 * `serious_disease_list`: `code` (ICD-10), `annex` (I or II of Circular 01/2025), `under18` (true: for children only).
 */
export const disease: readonly AnyRule[] = [
  rule({
    id: 'BEN_RARE_DISEASE_CLASS',
    severity: 'error',
    stage: 'discharge',
    needs: ['serious_disease_list'],
    params: { class: '1.17', annex: 'I' },
    check: (claim, { class: code, annex }, context) => {
      const icd = diseaseOf(claim);
      if (!isOfClass(claim, code) || icd === '') return 'not-applicable';
      const rows = rowsIn(annex, icd, claim, context);
      return rows.some(({ under18 }) => under18 !== true || mayBeChild(claim)) ? [] : notListed(claim);
    },
  }),
  rule({
    id: 'BEN_BASIC_LEVEL_DISEASE_CLASS',
    severity: 'error',
    stage: 'discharge',
    needs: ['serious_disease_list'],
    params: { class: '1.16', annex: 'II' },
    check: (claim, { class: code, annex }, context) => {
      const icd = diseaseOf(claim);
      if (!isOfClass(claim, code) || icd === '') return 'not-applicable';
      const isListed = [icd, icd.slice(0, 3)].some((one) => rowsIn(annex, one, claim, context).length > 0);
      return isListed ? [] : notListed(claim);
    },
  }),
];
