import { type AnyRule, inTable, rule, value } from '../../rule.ts';
import { bare, codesOf, isOrBelow } from './code-list.ts';
import { rowsOf } from './national.ts';

/*
 * A cause (dagger) and how it shows itself (asterisk) are coded together, the cause first. Columns of `icd10_catalogue`:
 * `code`, `mark` (`*` or `†`), `pairs` (codes of the other kind; those below them are meant too).
 */
const ASTERISK = '*';
const DAGGER = '†';

/** Pairs of cause and manifestation. */
export const pairs: readonly AnyRule[] = [
  rule({
    id: 'ICD_ASTERISK_PRIMARY',
    severity: 'error',
    stage: 'order',
    needs: ['icd10_catalogue'],
    params: {},
    check: (claim, _params, context) => {
      const code = value(claim.xml1, 'MA_BENH_CHINH');
      if (code === '') return 'not-applicable';
      const isManifestation = rowsOf(code, claim, context).some(({ mark }) => mark === ASTERISK);
      return isManifestation ? [inTable('XML1', 'MA_BENH_CHINH', { value: code })] : [];
    },
  }),
  rule({
    id: 'ICD_ASTERISK_NEEDS_DAGGER',
    severity: 'warning',
    stage: 'discharge',
    needs: ['icd10_catalogue'],
    params: {},
    check: (claim, _params, context) => {
      const all = codesOf(claim.xml1);
      const marked = all
        .filter(({ field }) => field === 'MA_BENH_KT')
        .map((one) => ({ ...one, causes: partners(rowsOf(one.code, claim, context), ASTERISK) }))
        .filter(({ causes }) => causes.length > 0);
      if (marked.length === 0) return 'not-applicable';
      return marked
        .filter(({ causes }) => !all.some(({ code }) => isOneOf(code, causes)))
        .map(({ field, code }) => inTable('XML1', field, { value: code }));
    },
  }),
  rule({
    id: 'ICD_DAGGER_NEEDS_ASTERISK',
    severity: 'warning',
    stage: 'discharge',
    needs: ['icd10_catalogue'],
    params: {},
    check: (claim, _params, context) => {
      const code = value(claim.xml1, 'MA_BENH_CHINH');
      const manifestations = partners(rowsOf(code, claim, context), DAGGER);
      if (manifestations.length === 0) return 'not-applicable';
      const first = codesOf(claim.xml1).find(({ field }) => field === 'MA_BENH_KT');
      const isPaired = first !== undefined && isOneOf(first.code, manifestations);
      return isPaired ? [] : [inTable('XML1', 'MA_BENH_CHINH', { value: code })];
    },
  }),
];

type Rows = ReturnType<typeof rowsOf>;

/** None where the catalogue names no pairs: the rule is silent then. */
const partners = (rows: Rows, kind: string): readonly string[] =>
  rows
    .filter(({ mark }) => mark === kind)
    .flatMap((row) => (Array.isArray(row.pairs) ? (row.pairs as readonly string[]) : []));

const isOneOf = (code: string, others: readonly string[]) =>
  others.some((one) => isOrBelow(bare(code), bare(one)));
