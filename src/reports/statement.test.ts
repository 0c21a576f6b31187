import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { MISSING, pdfPages, pdfText } from '../../test/harness/pdf.ts';
import { sourceFrom } from '../../test/harness/statement.ts';
import type { AmountName } from '../billing/index.ts';
import { add, money, moneyText, scale } from '../platform/money.ts';
import { loadStatementForm, type StatementForm } from './form.ts';
import { html } from './html.ts';
import { pdfBytes } from './pdf.ts';
import type { SettledLine, StatementSource } from './source.ts';
import { statementOf } from './statement.ts';
import { statementHtml } from './statement-html.ts';
import { statementPdf } from './statement-pdf.ts';

const form = loadStatementForm();
const golden = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../test/golden/3176/${name}/input.json`, import.meta.url), 'utf8'));
const stay = () => sourceFrom(golden('inpatient-referred-out'));
const KEYS: readonly AmountName[] = [
  'grossAmount',
  'insuredAmount',
  'insurerPays',
  'copay',
  'selfPay',
  'otherPayers',
];
type Row = Readonly<Record<AmountName, string>>;
const sum = (rows: readonly Row[], key: AmountName) => moneyText(add(...rows.map((row) => money(row[key]))));

/** The same visit with other lines; totals are what the lines add up to. */
function withLines(source: StatementSource, lines: readonly SettledLine[]): StatementSource {
  const sums = Object.fromEntries(
    KEYS.map((key) => [
      key,
      sum(
        lines.map((line) => line.result),
        key,
      ),
    ]),
  );
  const patientPays = moneyText(add(money(sums.copay!), money(sums.selfPay!)));
  const totals = { ...source.settlement.totals, ...sums, patientPays };
  return { ...source, settlement: { ...source.settlement, lines, totals } };
}

const lineOf = (more: Partial<SettledLine>, result: Partial<SettledLine['result']> = {}): SettledLine => {
  const [first] = stay().settlement.lines;
  return { ...first!, ...more, result: { ...first!.result, ...result } };
};

const lines = fc.array(
  fc.record({
    costGroupCode: fc.constantFrom(...Array.from({ length: 21 }, (_, index) => String(index + 1))),
    packageCode: fc.constantFrom(null, 'G1'),
    day: fc.constantFrom('2026-08-11', '2026-08-13', '2026-08-14'),
    isCovered: fc.boolean(),
    benefitRate: fc.constantFrom('100', '95', '80', '47.5', '0'),
    amounts: fc.array(fc.integer({ min: 0, max: 99_999_999_99 }), { minLength: 4, maxLength: 4 }),
  }),
  { maxLength: 40 },
);

describe('the statement', () => {
  test('property: each line stands in one place, and parts, groups and splits add up to the settlement', () => {
    fc.assert(
      fc.property(lines, fc.boolean(), (made, showEmptyGroups) => {
        const cents = (value: number) => moneyText(scale(String(value), '1', '100'));
        const given = made.map(
          ({ costGroupCode, packageCode, day, isCovered, benefitRate, amounts }, index) => {
            const [insurerPays = '', copay = '', selfPay = '', otherPayers = ''] = amounts.map(cents);
            const insuredAmount = moneyText(add(money(insurerPays), money(copay)));
            const grossAmount = moneyText(add(money(insuredAmount), money(selfPay), money(otherPayers)));
            const cardRules = isCovered ? [{ rule: 'CARD-LEVEL' }] : [{ rule: 'CARD-NONE' }];
            const at = `${day}T03:00:00.000Z`;
            return lineOf(
              { id: `l${index}`, costGroupCode, packageCode, orderedAt: at, performedAt: at, cardRules },
              { benefitRate, insurerPays, copay, selfPay, otherPayers, insuredAmount, grossAmount },
            );
          },
        );
        const source = withLines(stay(), given);
        const statement = statementOf(source, { ...form, showEmptyGroups });
        const printed = statement.splits.flatMap((split) =>
          split.groups.flatMap((group) => group.parts.flatMap((part) => part.lines)),
        );
        expect(printed.map((line) => line.lineId).toSorted()).toEqual(
          given.map((line) => line.id).toSorted(),
        );
        const keys = statement.splits.map((split) => `${split.card?.cardNumber} ${split.benefitRate}`);
        expect(new Set(keys).size).toBe(keys.length);
        for (const key of KEYS) {
          expect(sum(statement.splits, key)).toBe(source.settlement.totals[key]);
          for (const split of statement.splits) {
            expect(sum(split.groups, key)).toBe(split[key]);
            for (const group of split.groups)
              expect(
                sum(
                  group.parts.flatMap((part) => part.lines),
                  key,
                ),
              ).toBe(group[key]);
          }
        }
        // And what is printed is exactly that.
        const page = statementHtml(statement, form).html;
        for (const split of statement.splits) if (split.card) expect(page).toContain(split.card.cardNumber);
        expect(page.match(/<tr>/g)?.length).toBe(1 + given.length);
      }),
      { numRuns: 60 },
    );
  });

  test('splits a stay by card and by level, the higher level first, what no card pays last', () => {
    const source = stay();
    const uncovered = lineOf({ id: 'x', cardRules: [{ rule: 'CARD-NONE' }] }, { benefitRate: '0' });
    const late = lineOf({ id: 'y', performedAt: '2026-08-13T05:00:00.000Z' });
    const { splits } = statementOf(withLines(source, [...source.settlement.lines, uncovered, late]), form);
    expect(splits.map((split) => [split.card?.cardNumber ?? null, split.benefitRate])).toEqual([
      ['DN4404000000123', '100'],
      ['DN4404000000123', '80'],
      ['DN4404000000999', '100'],
      [null, '0'],
    ]);
    // The last day of a card is printed as cards print it.
    expect(splits[0]!.card).toMatchObject({ validFrom: '2026-01-01', validThrough: '2026-08-12' });
  });

  test('keeps the numbers of the form where groups are empty, and shows those when the form says so', () => {
    const numbers = (of: StatementForm) =>
      statementOf(stay(), of)
        .splits.at(-1)!
        .groups.map((group) => `${group.number} ${group.id}`);
    expect(numbers(form)).toEqual(['1 exam', '2 bed', '6 surgery', '8 drug', '10 package']);
    expect(numbers({ ...form, showEmptyGroups: true })).toHaveLength(form.groups.length);
  });

  test('says the amounts in words, rounded to the đồng', () => {
    expect(
      statementOf(stay(), form).summary.map((entry) => [entry.key, entry.amount, entry.inWords]),
    ).toEqual([
      ['grossAmount', '7429603.00', 'Bảy triệu bốn trăm hai mươi chín nghìn sáu trăm linh ba đồng'],
      ['insurerPays', '5243682.40', 'Năm triệu hai trăm bốn mươi ba nghìn sáu trăm tám mươi hai đồng'],
      ['patientPays', '2185920.60', 'Hai triệu một trăm tám mươi lăm nghìn chín trăm hai mươi mốt đồng'],
      ['copay', '1185920.60', null],
      ['selfPay', '1000000.00', null],
      ['otherPayers', '0.00', null],
    ]);
  });

  test('head: what is known of the birth date, names beside codes, cards only of the insured', () => {
    const head = (source: StatementSource) =>
      Object.fromEntries(statementOf(source, form).header.map((field) => [field.key, field.text]));
    const known = head(stay());
    expect(known).toMatchObject({
      birthDate: '1957',
      sex: 'Nam',
      arrivedAt: '07:15 11/08/2026',
      departments: 'K01; K19 – Khoa Ngoại',
      referredFrom: '40101 – Trạm Y tế xã Mẫu, 0123/2026/GCT',
      fiveYearsFrom: '01/01/2024',
      freeCopayFrom: '12/08/2026',
      primaryCode: 'K35.8',
      secondaryCodes: 'I10',
    });
    const source = stay();
    const uninsured = { ...source, settlement: { ...source.settlement, routeCode: '9' } };
    expect(head(uninsured)).toMatchObject({ cards: '', registeredFacility: '', routeCode: '9' });
    const patient = { ...source.visit.patient, birthPrecision: 'month' as const };
    expect(head({ ...source, visit: { ...source.visit, patient } })).toMatchObject({ birthDate: '01/1957' });
  });
});

const LONG = 'Ngườibệnhcótênrấtdài'.repeat(15);
const HARD: Readonly<Record<string, () => StatementSource>> = {
  'as it is': stay,
  'nothing ordered': () => withLines(stay(), []),
  'no card': () => {
    const source = withLines(stay(), [lineOf({ cardRules: [] }, { benefitRate: '0' })]);
    return { ...source, visit: { ...source.visit, coverages: [], conditions: [] } };
  },
  'very long names': () => {
    const source = withLines(stay(), [lineOf({ name: LONG, unit: LONG })]);
    const patient = { ...source.visit.patient, name: LONG, address: `${LONG} ${LONG}` };
    const facility = { ...source.visit.facility, name: LONG };
    return { ...source, visit: { ...source.visit, patient, facility } };
  },
  'hostile names': () => sourceFrom(golden('hostile-names')),
  'five hundred lines': () =>
    withLines(
      stay(),
      Array.from({ length: 500 }, (_, index) => lineOf({ id: `l${index}`, name: `Thuốc thứ ${index + 1}` })),
    ),
};

describe('on paper', () => {
  test.each(Object.keys(HARD))(
    '%s: page and PDF hold every cell, and the PDF has a glyph for each',
    async (name) => {
      const statement = statementOf(HARD[name]!(), form);
      const bytes = await pdfBytes(statementPdf(statement, form));
      const paper = pdfText(bytes).replaceAll(' ', '');
      const page = statementHtml(statement, form).html;
      const pages = pdfPages(bytes);
      // The font has no pictures of people: a box stands there.
      const shown = (text: string) =>
        text
          .normalize('NFC')
          .replace(/\p{C}+| /gu, '')
          .replace(/\p{Emoji_Presentation}/gu, MISSING);
      for (const { label, text } of statement.header) {
        expect(page).toContain(html`${text}`.text);
        expect(paper).toContain(shown(label));
      }
      expect(paper).toContain(shown(statement.header[0]!.text));
      for (const split of statement.splits)
        for (const line of split.groups.flatMap((group) => group.parts.flatMap((part) => part.lines))) {
          expect(page).toContain(html`<td>${line.name}</td>`.text);
          if (statement.splits.length < 3 && name !== 'very long names')
            expect(paper).toContain(shown(line.name));
        }
      for (const entry of statement.summary) expect(paper).toContain(shown(entry.inWords ?? entry.label));
      for (const [index, text] of pages.entries())
        expect(text.replaceAll(' ', '')).toContain(`Trang${index + 1}/${pages.length}`);
      for (const { title } of form.signatures) expect(paper).toContain(shown(title));
      expect(paper.includes(MISSING)).toBe(name === 'hostile names');
      expect(page).not.toMatch(/<script|style=|onload=|https?:/);
    },
  );

  test('a preview and a version that was replaced are marked', async () => {
    const source = stay();
    const marked = (settlement: Partial<StatementSource['settlement']>) =>
      statementOf({ ...source, settlement: { ...source.settlement, ...settlement } }, form);
    const texts = [
      marked({ version: 0 }),
      marked({ version: 1, latestVersion: 2 }),
      marked({ version: 2, latestVersion: 2 }),
    ];
    const pages = texts.map((statement) => statementHtml(statement, form).html);
    const papers = await Promise.all(
      texts.map(async (one) => pdfText(await pdfBytes(statementPdf(one, form)))),
    );
    for (const [index, [draft, old]] of [
      [true, false],
      [false, true],
      [false, false],
    ].entries()) {
      expect(pages[index]!.includes(`class="mark">${form.draftMark}`)).toBe(draft);
      expect(pages[index]!.includes(`class="mark">${form.oldVersionMark}`)).toBe(old);
      expect(papers[index]!.includes(form.draftMark)).toBe(draft);
      expect(papers[index]!.includes(form.oldVersionMark)).toBe(old);
    }
  });

  test('portrait is a setting of the form', async () => {
    const upright: StatementForm = { ...form, page: { ...form.page, orientation: 'portrait' } };
    const statement = statementOf(stay(), upright);
    expect(statementHtml(statement, upright).html).toContain('@page{size:A4 portrait');
    expect((await pdfBytes(statementPdf(statement, upright))).toString('latin1')).toMatch(
      /MediaBox \[0 0 595\.28 841\.89\]/,
    );
    expect((await pdfBytes(statementPdf(statement, form))).toString('latin1')).toMatch(
      /MediaBox \[0 0 841\.89 595\.28\]/,
    );
  });

  test('every letter of Vietnamese has its glyph, in each face', async () => {
    const vowels = 'aàáảãạăằắẳẵặâầấẩẫậeèéẻẽẹêềếểễệiìíỉĩịoòóỏõọôồốổỗộơờớởỡợuùúủũụưừứửữựyỳýỷỹỵ';
    const all =
      `${vowels}${vowels.toUpperCase()}bcdđghklmnpqrstvxfjwzBCDĐGHKLMNPQRSTVXFJWZ0123456789.,;:–—·%/()[]"'<>&+-*=₫×≥≤°µ`.normalize(
        'NFC',
      );
    const faces = [{}, { bold: true }, { italics: true }, { bold: true, italics: true }];
    const content = faces.map((face) => ({ text: all.split('').join(' '), ...face }));
    const text = pdfText(await pdfBytes({ content })).replaceAll(' ', '');
    expect(text).toBe(all.repeat(faces.length));
    expect(pdfText(await pdfBytes({ content: ['語'] }))).toContain(MISSING);
  });

  test('nothing but the fonts is read, whatever a document asks for', async () => {
    const wish = (content: object) => pdfBytes({ content: [content] as never });
    await expect(wish({ image: '/etc/hostname' })).rejects.toThrow();
    await expect(wish({ image: 'http://127.0.0.1:9/x.png' })).rejects.toThrow();
  });
});
