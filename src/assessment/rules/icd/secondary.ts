import { type AnyRule, baseCode, inTable, list, rule, value } from '../../rule.ts';
import { bare, codesOf } from './code-list.ts';

const traditionalCodes = (xml1: Parameters<typeof list>[0]) =>
  list(xml1, 'MA_BENH_YHCT')
    .map((code) => code.trim())
    .filter((code) => code !== '');

/** Secondary diagnoses, and those of traditional medicine. */
export const secondary: readonly AnyRule[] = [
  rule({
    id: 'ICD_SECONDARY_COUNT',
    severity: 'warning',
    stage: 'discharge',
    params: { max: 12 },
    check: ({ xml1 }, { max }) => {
      const count = codesOf(xml1).filter(({ field }) => field === 'MA_BENH_KT').length;
      if (count === 0) return 'not-applicable';
      if (count <= max) return [];
      return [inTable('XML1', 'MA_BENH_KT', { count: String(count), max: String(max) })];
    },
  }),
  rule({
    id: 'ICD_SECONDARY_DUPLICATE',
    severity: 'warning',
    stage: 'order',
    params: {},
    check: ({ xml1 }) => {
      const all = codesOf(xml1);
      const secondary = all.filter(({ field }) => field === 'MA_BENH_KT');
      if (secondary.length === 0) return 'not-applicable';
      const repeated = all.filter(
        ({ code }, index) => all.findIndex((other) => bare(other.code) === bare(code)) < index,
      );
      const codes = new Set(
        repeated.filter(({ field }) => field === 'MA_BENH_KT').map(({ code }) => bare(code)),
      );
      return [...codes].map((code) => inTable('XML1', 'MA_BENH_KT', { value: code }));
    },
  }),
  // Column of `icd_yhct_catalogue`: `code`.
  rule({
    id: 'ICD_YHCT_CATALOGUE',
    severity: 'error',
    stage: 'order',
    needs: ['icd_yhct_catalogue'],
    params: { max: 13 },
    check: ({ xml1 }, { max }, { catalogues }) => {
      const isKnown = (code: string) => catalogues.icd_yhct_catalogue!.rows(code).length > 0;
      const traditional = traditionalCodes(xml1);
      const others = codesOf(xml1);
      if (traditional.length + others.length === 0) return 'not-applicable';
      const surplus = traditional.slice(max);
      return [
        ...traditional
          .slice(0, max)
          .filter((code) => !isKnown(code))
          .map((code) => inTable('XML1', 'MA_BENH_YHCT', { value: code })),
        ...(surplus.length === 0 ? [] : [inTable('XML1', 'MA_BENH_YHCT', { value: surplus.join(';') })]),
        ...others
          .filter(({ code }) => isKnown(code))
          .map(({ field, code }) => inTable('XML1', field, { value: code })),
      ];
    },
  }),
  rule({
    id: 'ICD_YHCT_REQUIRED',
    severity: 'warning',
    stage: 'order',
    // Starts of drug codes; codes of services, which are a facility's own list.
    params: { prefix: ['05V', '05C'], yhctServices: [] as readonly string[] },
    check: ({ xml1, xml2, xml3 }, { prefix, yhctServices }) => {
      const isTraditional =
        xml2.some(({ values }) => prefix.some((start) => value(values, 'MA_THUOC').startsWith(start))) ||
        xml3.some(({ values }) => yhctServices.includes(baseCode(values)));
      if (!isTraditional) return 'not-applicable';
      return traditionalCodes(xml1).length > 0 ? [] : [inTable('XML1', 'MA_BENH_YHCT')];
    },
  }),
];
