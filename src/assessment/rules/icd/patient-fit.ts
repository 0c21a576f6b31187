import { daysBetween, yearsBetween } from '../../../platform/dates.ts';
import type { CatalogueRow } from '../../catalogues.ts';
import { type AnyRule, arrivalDay, type Claim, inTable, isoDay, rule, value } from '../../rule.ts';
import { earliestBirth } from '../patient/birth.ts';
import { codesOf, isIn } from './code-list.ts';
import { rowsOf } from './national.ts';

interface Age {
  readonly years: number;
  readonly days: number;
  /** Values of the message: a baby is 0 years old, so the days from which the age follows are shown, too. */
  readonly shown: Readonly<Record<'age' | 'birth' | 'date', string>>;
}

/** At arrival; null when birth or arrival cannot be read. */
function ageOf(claim: Claim): Age | null {
  const [born, arrived] = [earliestBirth(claim.xml1), arrivalDay(claim)];
  if (born === null || arrived === null || born.slice(0, 8) > arrived) return null;
  const [from, on] = [isoDay(born), isoDay(arrived)];
  const years = yearsBetween(from, on);
  const shown = { age: String(years), birth: value(claim.xml1, 'NGAY_SINH'), date: arrived };
  return { years, days: daysBetween(from, on), shown };
}

/** Injuries and accidents, and codes that only some ages can have. */
export const patientFit: readonly AnyRule[] = [
  // Columns of `icd10_catalogue`: `code`, `min_age`, `max_age` (completed years), `min_age_days`, `max_age_days`.
  rule({
    id: 'ICD_AGE_LIMIT',
    severity: 'warning',
    stage: 'order',
    params: { perinatalMaxDays: 28, pregnancy: [10, 60] as const },
    check: (claim, { perinatalMaxDays, pregnancy: [youngest, oldest] }, context) => {
      const age = ageOf(claim);
      const main = value(claim.xml1, 'MA_BENH_CHINH');
      if (age === null || main === '') return 'not-applicable';
      const known = context.catalogues.icd10_catalogue;
      const fits = known
        ? (code: string) => rowsOf(code, claim, context).every((row) => isAllowed(row, age))
        : (code: string) =>
            !(isIn(code, ['P00-P96']) && age.days > perinatalMaxDays) &&
            !(isIn(code, ['O00-O99']) && (age.years < youngest || age.years > oldest));
      const judged = known ? codesOf(claim.xml1) : [{ field: 'MA_BENH_CHINH', code: main }];
      return judged
        .filter(({ code }) => !fits(code))
        .map(({ field, code }) => inTable('XML1', field, { value: code, ...age.shown }));
    },
  }),
  rule({
    id: 'ICD_EXTERNAL_CAUSE_MISSING',
    severity: 'warning',
    stage: 'discharge',
    // Complications and late effects (T80-T98) need no cause.
    params: { injury: ['S00-T79'], causes: ['V01-Y98'], accident: '^[1-8]$', requireCause: false },
    check: ({ xml1 }, { injury, causes, accident, requireCause }) => {
      const code = value(xml1, 'MA_BENH_CHINH');
      if (!isIn(code, injury)) return 'not-applicable';
      const hasCause = codesOf(xml1).some((one) => one.field === 'MA_BENH_KT' && isIn(one.code, causes));
      const missing = [
        ...(new RegExp(accident).test(value(xml1, 'MA_TAI_NAN')) ? [] : ['MA_TAI_NAN']),
        ...(requireCause && !hasCause ? ['MA_BENH_KT'] : []),
      ];
      return missing.map((field) => inTable('XML1', field, { value: code }));
    },
  }),
  rule({
    id: 'ICD_ACCIDENT_WITHOUT_INJURY',
    severity: 'warning',
    stage: 'discharge',
    params: { injury: ['S00-T98'], accident: '^[1-8]$' },
    check: ({ xml1 }, { injury, accident }) => {
      const kind = value(xml1, 'MA_TAI_NAN');
      const all = codesOf(xml1);
      if (!new RegExp(accident).test(kind) || all.length === 0) return 'not-applicable';
      const isInjured = all.some(({ code }) => isIn(code, injury));
      return isInjured ? [] : [inTable('XML1', 'MA_TAI_NAN', { value: kind })];
    },
  }),
];

/** A limit that the catalogue does not give holds nobody off. */
function isAllowed(row: CatalogueRow, { years, days }: Age): boolean {
  const limit = (column: string, open: number) => {
    const text = row[column] ?? '';
    return text === '' ? open : Number(text);
  };
  return (
    limit('min_age', 0) <= years &&
    years <= limit('max_age', Infinity) &&
    limit('min_age_days', 0) <= days &&
    days <= limit('max_age_days', Infinity)
  );
}
