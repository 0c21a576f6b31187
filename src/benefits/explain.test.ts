import { describe, expect, test } from '@jest/globals';
import { readCaseFiles, toVisit } from '../../fixtures/benefit-cases/reader.ts';
import { catalogue, LANGUAGES } from '../messages/index.ts';
import { assessVisit, explain, loadPolicy, type RuleApplication } from './index.ts';

const law = loadPolicy();
const cases = new Map(
  readCaseFiles().flatMap((file) => file.cases.map((it) => [it.title, it.visit] as const)),
);

/** Every rule applied in the case of that title. */
function rulesOf(title: string): readonly RuleApplication[] {
  const visit = cases.get(title);
  if (!visit) throw new Error(`no case ${title}`);
  return assessVisit(toVisit(visit), law).lines.flatMap((line) => line.because);
}
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

describe.each(LANGUAGES)('texts in %s', (language) => {
  test('each rule applied in any case has a sentence with all its values', () => {
    const judged = [...cases].filter(([title]) => !refusedTitles.has(title));
    const sentences = judged.flatMap(([title]) => rulesOf(title).map((rule) => explain(language, rule)));
    expect(sentences.length).toBeGreaterThan(200);
    expect(sentences.filter((it) => /[{}]/.test(it))).toEqual([]);
  });
  test('each object code has its sentence', () => {
    const codes = law.parameters.flatMap(({ id }) =>
      id.startsWith('route-factor.') ? [id.slice('route-factor.'.length)] : [],
    );
    expect(codes.filter((code) => !catalogue(language).has(`benefits.ROUTE-${code}`))).toEqual([]);
  });
  test('each place that a refusal names has its text', () => {
    const places = readCaseFiles().flatMap((file) =>
      file.cases.flatMap(({ expected }) => expected.place ?? []),
    );
    expect(places.length).toBeGreaterThan(5);
    expect(places.filter((place) => !catalogue(language).has(place))).toEqual([]);
  });
});

const refusedTitles = new Set(
  readCaseFiles().flatMap((file) =>
    file.cases.flatMap(({ title, expected }) => (expected.refused ? [title] : [])),
  ),
);
