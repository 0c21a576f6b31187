import { readdirSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { casesOf } from '../commands/benefit-cases/check.ts';
import { readVisit } from '../commands/benefit-cases/encounter.ts';
import type { Fields } from '../commands/benefit-cases/fields.ts';
import { catalogue, LANGUAGES } from '../messages/index.ts';
import { assessVisit, explain, type Law, loadPolicy, type RuleApplication } from './index.ts';

let law: Law;
beforeAll(() => {
  law = loadPolicy();
});
const folder = new URL('../../fixtures/benefit-cases/', import.meta.url);
const cases = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .flatMap((name) => casesOf(readFileSync(new URL(name, folder), 'utf8')))
  .filter(({ fields }) => fields.text('kind') === 'encounter')
  .map(({ id, fields }) => ({ id, title: fields.text('title'), fields }));
const refusalOf = (fields: Fields) => fields.object('expected')?.textOrNull('refused') ?? null;
const judged = cases.filter(({ fields }) => refusalOf(fields) === null);

/** Every rule applied in the case of that title. */
function rulesOf(title: string): readonly RuleApplication[] {
  const found = cases.find((it) => it.title === title);
  if (!found) throw new Error(`no case ${title}`);
  return rules(found.fields);
}
const rules = (fields: Fields) => assessVisit(readVisit(fields), law).lines.flatMap((line) => line.because);
function sentence(language: 'vi' | 'en', title: string, rule: string): string {
  const found = rulesOf(title).find((application) => application.rule === rule);
  if (!found) throw new Error(`${rule} was not applied in ${title}`);
  return explain(language, found);
}

describe('explanations', () => {
  test('a cheap visit, in Vietnamese and English', () => {
    const title = 'Example 1: 220,000 is below 379,500';
    expect(sentence('vi', title, 'LEVEL-LOWCOST')).toBe(
      'Tổng chi phí trong phạm vi BHYT của lần khám là 220.000 đ, dưới 15 % lương cơ sở (379.500 đ), nên mức hưởng là 100 %. (Luật BHYT Điều 22 khoản 1; NĐ 188/2025 Điều 18)',
    );
    expect(sentence('en', title, 'LEVEL-LOWCOST')).toBe(
      'The insured cost of this visit is 220,000 VND, below 15% of the base salary (379,500 VND), so the level is 100%. (Luật BHYT Article 22 clause 1; NĐ 188/2025 Article 18)',
    );
  });
  test('the article is the one in force on the day', () => {
    expect(sentence('vi', 'old salaries: 300,000 on 2024-07-01 (limit 351,000)', 'LEVEL-LOWCOST')).toContain(
      'NĐ 146/2018 Điều 14',
    );
  });
  test('days and prices are written as people of each language write them', () => {
    const late = 'a card shown late covers from that day on';
    expect(sentence('vi', late, 'CARD-LATE')).toContain('12/03/2026');
    expect(sentence('en', late, 'CARD-LATE')).toContain('2026-03-12');
    const ceiling = 'Example 11: a supply above its ceiling';
    expect(sentence('vi', ceiling, 'CAP-ITEM')).toContain('36.000.000 đ');
    expect(sentence('en', ceiling, 'CAP-ITEM')).toContain('36,000,000 VND');
  });
  test('a price keeps its three decimals, a rate its half', () => {
    const rule = (kind: 'price' | 'percent', value: string): RuleApplication => ({
      rule: kind === 'price' ? 'CAP-ITEM' : 'CARD-BEST',
      article: 'x',
      parameters: [],
      facts: { [kind === 'price' ? 'price' : 'level']: { kind, value } },
    });
    expect(explain('vi', rule('price', '1234.567'))).toContain('1.234,567 đ');
    expect(explain('en', rule('price', '1234.567'))).toContain('1,234.567 VND');
    expect(explain('vi', rule('percent', '47.5'))).toContain('47,5 %');
    expect(explain('en', rule('percent', '47.5'))).toContain('47.5%');
  });
  test('a rule without a sentence is a mistake of ours', () => {
    expect(() => explain('vi', { rule: 'NO-SUCH-RULE', article: '', parameters: [] })).toThrow(RangeError);
  });
});

/** Rules that decide something else than an amount: their rulings are never told. */
const SILENT = [
  'BED-DAYS',
  'BENEFIT-RATE-FIELD',
  'POLICY-DAY',
  'ROUTE-CONDITION',
  'ROUTE-ORDER',
  'ROUTE-UNDERLYING',
  'TEMPORARY-CARD',
  'TREATMENT-DAYS',
];

function* sources(dir: URL): Generator<string> {
  for (const entry of readdirSync(dir, { withFileTypes: true })) {
    if (entry.isDirectory()) yield* sources(new URL(`${entry.name}/`, dir));
    else if (entry.name.endsWith('.ts') && !entry.name.endsWith('.test.ts'))
      yield readFileSync(new URL(entry.name, dir), 'utf8');
  }
}

/** Every rule id of the code and of the table of object codes. */
const ruleIds = () =>
  new Set([
    ...[...sources(new URL('./', import.meta.url))].flatMap((code) =>
      [...code.matchAll(/'((?:[A-Z]+-)+[A-Z0-9]+|TRANSPORT|THRESHOLD)'/g)].map(([, id]) => id!),
    ),
    ...law.parameters.flatMap(({ id }) =>
      id.startsWith('route-factor.') ? [`ROUTE-${id.slice('route-factor.'.length)}`] : [],
    ),
  ]);

describe.each(LANGUAGES)('texts in %s', (language) => {
  const keys = [...catalogue(language).keys()].flatMap((key) => /^benefits\.([A-Z].*)$/.exec(key)?.[1] ?? []);

  test('every rule id has its sentence, and no sentence is left over', () => {
    const told = [...ruleIds()].filter((id) => !SILENT.includes(id)).toSorted();
    expect(told.length).toBeGreaterThan(45);
    const rulesWithText = new Set(keys.map((key) => key.replace(/\.(crossing|individual|programme)$/, '')));
    expect([...rulesWithText].toSorted()).toEqual(told);
  });

  test('each rule applied in any case has a sentence with all its values', () => {
    const sentences = judged.flatMap(({ fields }) => rules(fields).map((rule) => explain(language, rule)));
    expect(sentences.length).toBeGreaterThan(400);
    expect(sentences.filter((it) => /[{}]/.test(it))).toEqual([]);
  });

  test('the cases apply every sentence that one can meet without a contract', () => {
    const met = new Set(
      judged.flatMap(({ fields }) =>
        rules(fields).map(({ rule, wording }) => (wording ? `${rule}.${wording}` : rule)),
      ),
    );
    // The stent rule holds by contract only; the others explain a figure that is no amount of a line.
    const elsewhere = ['SCOPE-STENT', 'BASE-SALARY', 'DIRECT-REIMBURSEMENT', 'THRESHOLD', 'TRANSPORT'];
    expect(keys.filter((key) => !met.has(key) && !elsewhere.includes(key))).toEqual([]);
  });

  test('each rule applied in any case names its article and what it read', () => {
    const all = judged.flatMap(({ fields }) => rules(fields));
    const bare = all.filter(
      ({ article, parameters }) =>
        article === '' || parameters.length === 0 || parameters.some(({ source }) => source === ''),
    );
    expect(bare.map(({ rule }) => rule)).toEqual([]);
  });

  test('each place that a refusal names has its text', () => {
    const places = cases.flatMap(({ fields }) => refusalOf(fields)?.split(' ')[1] ?? []);
    expect(places.length).toBeGreaterThan(5);
    expect(places.filter((place) => !catalogue(language).has(`benefits.place.${place}`))).toEqual([]);
  });
});
