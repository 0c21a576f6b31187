import type { CatalogueRow } from '../../catalogues.ts';
import {
  type AnyRule,
  arrivalDay,
  type Claim,
  comparable,
  type Found,
  inTable,
  type RuleContext,
  rule,
  value,
} from '../../rule.ts';
import { bare, type Coded, codesOf, hasShape } from './code-list.ts';

/*
 * Columns of `icd10_catalogue` that are read here: `code` (without dagger or asterisk), `name`, `from`, `to`,
 * `discouraged` (true: better not the main diagnosis), `unspecific` (true: a more specific code exists). A local code
 * that stands in the catalogue is known; one that does not is reported as it stands, never cut down to a shorter one.
 */

/** Rows of a code on the day of arrival; whenever valid while that day cannot be read. */
export function rowsOf(code: string, claim: Claim, { catalogues }: RuleContext): readonly CatalogueRow[] {
  const catalogue = catalogues.icd10_catalogue;
  const day = arrivalDay(claim);
  if (!catalogue) return [];
  return day === null ? catalogue.rows(bare(code)) : catalogue.validOn(bare(code), day);
}

/** The codes, of those that look like one, for which `holds` is false. */
function eachCode(
  { xml1 }: Claim,
  holds: (code: string) => boolean,
  more: Readonly<Record<string, string>> = {},
): readonly Found[] | 'not-applicable' {
  const all = codesOf(xml1).filter(hasShape);
  if (all.length === 0) return 'not-applicable';
  return all.filter(({ code }) => !holds(bare(code))).map((one) => inCode(one, more));
}

const inCode = ({ field, code }: Coded, more: Readonly<Record<string, string>>) =>
  inTable('XML1', field, { value: code, ...more });

/** Diagnoses against the national catalogue. */
export const national: readonly AnyRule[] = [
  rule({
    id: 'ICD_IN_CATALOGUE',
    severity: 'error',
    stage: 'order',
    needs: ['icd10_catalogue'],
    params: {},
    check: (claim, _params, { catalogues }) =>
      eachCode(claim, (code) => catalogues.icd10_catalogue!.rows(code).length > 0),
  }),
  rule({
    id: 'ICD_PRIMARY_FORBIDDEN',
    severity: 'error',
    stage: 'order',
    needs: ['icd_primary_forbidden'],
    params: {},
    check: ({ xml1 }, _params, { catalogues }) => {
      const code = value(xml1, 'MA_BENH_CHINH');
      if (code === '') return 'not-applicable';
      const isForbidden = catalogues.icd_primary_forbidden!.rows(bare(code)).length > 0;
      return isForbidden ? [inTable('XML1', 'MA_BENH_CHINH', { value: code })] : [];
    },
  }),
  rule({
    id: 'ICD_PRIMARY_DISCOURAGED',
    severity: 'warning',
    stage: 'order',
    parents: ['ICD_PRIMARY_FORBIDDEN'],
    // With the codes below them.
    params: { extra: ['Z00', 'R53'] },
    check: (claim, { extra }, context) => {
      const code = value(claim.xml1, 'MA_BENH_CHINH');
      if (code === '') return 'not-applicable';
      const isFlagged = rowsOf(code, claim, context).some(
        (row) => row.discouraged === true || row.unspecific === true,
      );
      const isDiscouraged = isFlagged || extra.some((one) => code.startsWith(one));
      return isDiscouraged ? [inTable('XML1', 'MA_BENH_CHINH', { value: code })] : [];
    },
  }),
  rule({
    id: 'ICD_NEEDS_FOURTH_CHARACTER',
    severity: 'warning',
    stage: 'order',
    needs: ['icd10_catalogue'],
    params: {},
    check: (claim, _params, { catalogues }) => {
      const parents = parentsIn(catalogues.icd10_catalogue!.all);
      return eachCode(claim, (code) => !parents.has(code));
    },
  }),
  rule({
    id: 'ICD_VALIDITY_DATES',
    severity: 'warning',
    stage: 'order',
    isOffByDefault: true,
    needs: ['icd10_catalogue'],
    params: {},
    check: (claim, _params, { catalogues }) => {
      const [catalogue, date] = [catalogues.icd10_catalogue!, arrivalDay(claim)];
      if (date === null) return 'not-applicable';
      // An unknown code is left to ICD_IN_CATALOGUE.
      const isValid = (code: string) =>
        catalogue.rows(code).length === 0 || catalogue.validOn(code, date).length > 0;
      return eachCode(claim, isValid, { date });
    },
  }),
  rule({
    id: 'ICD_TEXT_MATCH',
    severity: 'warning',
    stage: 'discharge',
    isOffByDefault: true,
    needs: ['icd10_catalogue'],
    // Letters of a word that counts.
    params: { wordLength: 3 },
    check: (claim, { wordLength }, context) => {
      const code = value(claim.xml1, 'MA_BENH_CHINH');
      const text = value(claim.xml1, 'CHAN_DOAN_RV');
      const names = rowsOf(code, claim, context).flatMap(({ name }) => (name ? [String(name)] : []));
      if (names.length === 0) return 'not-applicable';
      const said = new Set(wordsOf(text));
      const agrees = names.some((name) =>
        wordsOf(name).some((word) => word.length >= wordLength && said.has(word)),
      );
      return agrees ? [] : [inTable('XML1', 'CHAN_DOAN_RV', { text: text || '–', value: code })];
    },
  }),
];

const wordsOf = (text: string) => comparable(text).split(/[^\p{L}\p{N}]+/u);

const parents = new WeakMap<readonly CatalogueRow[], ReadonlySet<string>>();

/** Categories of three characters that are divided further. */
function parentsIn(rows: readonly CatalogueRow[]): ReadonlySet<string> {
  const known = parents.get(rows);
  if (known) return known;
  const codes = rows.map(({ code }) => String(code));
  const found = new Set(codes.filter((code) => code.length > 3).map((code) => code.slice(0, 3)));
  parents.set(rows, found);
  return found;
}
