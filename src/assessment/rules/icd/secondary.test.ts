import { ruleTable, xml1 } from '../../../../test/harness/rules.ts';
import { catalogueOf } from '../../catalogues.ts';
import { rules } from './index.ts';

const main = (MA_BENH_CHINH: string, more: Record<string, string> = {}) => xml1({ MA_BENH_CHINH, ...more });
const SECONDARY = ['XML1 MA_BENH_KT'];

const others = (...codes: readonly string[]) => main('J00', { MA_BENH_KT: codes.join(';') });
const many = (count: number) => Array.from({ length: count }, (_, n) => `A${n + 10}`);
ruleTable(rules, 'ICD_SECONDARY_COUNT', [
  ['twelve', others(...many(12)), []],
  ['thirteen', others(...many(13)), SECONDARY],
  ['none', main('J00'), []],
]);

ruleTable(rules, 'ICD_SECONDARY_DUPLICATE', [
  ['all different', others('I10', 'E11', 'E11.9'), []],
  ['one twice', others('I10', 'E11', 'I10'), SECONDARY],
  ['one three times is one fact', others('I10', 'I10', 'I10'), SECONDARY],
  ['the main one', others('J00'), SECONDARY],
  ['the same with a mark', others('A17.0', 'A17.0†'), SECONDARY],
  ['none', main('J00'), []],
]);

const traditional = (MA_BENH_YHCT: string, MA_BENH_KT = '') => main('J00', { MA_BENH_YHCT, MA_BENH_KT });
const known = many(14).map((code) => ({ code: `U${code}` }));
const listed = (count: number) =>
  known
    .slice(0, count)
    .map(({ code }) => code)
    .join(';');
ruleTable(
  rules,
  'ICD_YHCT_CATALOGUE',
  [
    ['thirteen known', traditional(listed(13)), []],
    ['one too many', traditional(listed(14)), ['XML1 MA_BENH_YHCT']],
    ['one unknown', traditional('UA10;x'), ['XML1 MA_BENH_YHCT']],
    ['in the wrong field', traditional('', 'UA10'), SECONDARY],
    ['blank', traditional(' '), []],
    ['no diagnosis at all', main(''), []],
  ],
  { icd_yhct_catalogue: catalogueOf(known, 'code')! },
);

const herbs = (MA_THUOC: string, MA_BENH_YHCT = '') => ({
  ...main('J00', { MA_BENH_YHCT }),
  XML2: [{ MA_THUOC }],
});
ruleTable(rules, 'ICD_YHCT_REQUIRED', [
  ['a herb, with its disease', herbs('05V.12', 'UA10'), []],
  ['a herb, without', herbs('05V.12'), ['XML1 MA_BENH_YHCT']],
  ['a preparation, without', herbs('05C.3'), ['XML1 MA_BENH_YHCT']],
  ['a drug of another start', herbs('05.12'), []],
  ['only drugs', herbs('40.67'), []],
]);
const service = (MA_DICH_VU: string) => ({ ...main('J00'), XML3: [{ MA_DICH_VU }] });
ruleTable(
  rules.map((one) =>
    one.id === 'ICD_YHCT_REQUIRED'
      ? { ...one, params: { ...(one.params as object), yhctServices: ['08.0005.0230'] } as never }
      : one,
  ),
  'ICD_YHCT_REQUIRED',
  [
    ['a service of the list of the facility', service('08.0005.0230_TB'), ['XML1 MA_BENH_YHCT']],
    ['another service', service('02.0085.1778'), []],
  ],
);
