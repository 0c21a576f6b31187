import { AMOUNT_NAMES, type AmountName } from '../billing/index.ts';
import { selectingDate, type VisitRecord } from '../encounters/index.ts';
import { addDays, type Instant, type LocalDate } from '../platform/dates.ts';
import type { Id } from '../platform/ids.ts';
import { add, money, moneyText, scale } from '../platform/money.ts';
import { cardOfLine } from './card-of-line.ts';
import { holds, partsOf, type StatementForm } from './form.ts';
import type { SettledLine, StatementSource } from './source.ts';
import { headerTexts } from './statement-header.ts';
import { amountInWords } from './words.ts';

export type Amounts = Readonly<Record<AmountName, string>>;

export interface StatementLine extends Amounts {
  readonly lineId: Id;
  readonly code: string;
  readonly name: string;
  readonly unit: string;
  readonly quantity: string;
  readonly unitPrice: string;
  readonly insuredUnitPrice: string;
  readonly serviceRate: string;
  readonly scopeRate: string;
}
export interface StatementPart {
  readonly number: string;
  /** Null where the group has no parts. */
  readonly title: string | null;
  readonly lines: readonly StatementLine[];
}
export interface StatementGroup extends Amounts {
  readonly id: string;
  readonly number: string;
  readonly title: string;
  readonly parts: readonly StatementPart[];
}
/** One table of the form: what one card paid at one benefit level. */
export interface StatementSplit extends Amounts {
  readonly card: {
    readonly cardNumber: string;
    readonly validFrom: LocalDate;
    readonly validThrough: LocalDate | null;
  } | null;
  readonly benefitRate: string;
  readonly groups: readonly StatementGroup[];
}
export interface Statement {
  readonly formId: string;
  readonly title: string;
  readonly encounterId: Id;
  readonly version: number;
  readonly isDraft: boolean;
  readonly isSuperseded: boolean;
  readonly settledAt: Instant;
  readonly policyVersion: string;
  readonly facility: { readonly code: string; readonly name: string };
  readonly header: readonly { readonly key: string; readonly label: string; readonly text: string }[];
  readonly splits: readonly StatementSplit[];
  readonly totals: Amounts & { readonly patientPays: string };
  readonly summary: readonly {
    readonly key: string;
    readonly label: string;
    readonly amount: string;
    readonly inWords: string | null;
    readonly indent: number;
  }[];
}

/** The statement 01/KBCB of one settlement. Pure; every line of the settlement stands in exactly one place. */
export function statementOf(source: StatementSource, form: StatementForm): Statement {
  const { visit, settlement } = source;
  const { version, latestVersion, totals } = settlement;
  const texts = headerTexts(source, form);
  return {
    formId: form.id,
    title: form.title,
    encounterId: visit.encounter.id,
    version,
    isDraft: version === 0,
    isSuperseded: version > 0 && version < latestVersion,
    settledAt: settlement.settledAt,
    policyVersion: settlement.policyVersion,
    facility: { code: visit.facility.code, name: visit.facility.name },
    header: form.header.fields.map(({ key, label }) => ({ key, label, text: texts[key] ?? '' })),
    splits: splitsOf(source, form),
    totals: { ...pick(totals), patientPays: totals.patientPays },
    summary: form.summary.map(({ key, label, inWords, indent }) => ({
      key,
      label,
      amount: totals[key],
      inWords: inWords ? amountInWords(scale(totals[key], '1', '1', 0)) : null,
      indent,
    })),
  };
}

type Split = Pick<StatementSplit, 'card' | 'benefitRate'> & { readonly lines: SettledLine[] };

/** By card in the order presented, no card last; the higher level first. */
function splitsOf({ visit, settlement }: StatementSource, form: StatementForm): StatementSplit[] {
  const splits = new Map<string, Split & { readonly order: number }>();
  for (const line of settlement.lines) {
    const day = selectingDate('card', null, line);
    const card = cardOfLine(line.cardRules, day, visit.encounter.arrivedAt, visit.coverages);
    const { benefitRate } = line.result;
    const key = `${card?.id ?? ''} ${benefitRate}`;
    let split = splits.get(key);
    if (!split) {
      const order = card ? visit.coverages.indexOf(card) : visit.coverages.length;
      split = { card: card && printedCard(card), benefitRate, lines: [], order };
      splits.set(key, split);
    }
    split.lines.push(line);
  }
  const sorted = [...splits.values()].toSorted(
    (a, b) => a.order - b.order || money(b.benefitRate).cmp(money(a.benefitRate)),
  );
  return sorted.map(({ card, benefitRate, lines }) => ({
    card,
    benefitRate,
    groups: groupsOf(lines, form),
    ...sums(lines.map((line) => line.result)),
  }));
}

function printedCard(card: VisitRecord['coverages'][number]): NonNullable<StatementSplit['card']> {
  const { cardNumber, from, to } = card;
  return { cardNumber, validFrom: from, validThrough: to === null ? null : addDays(to, -1) };
}

function groupsOf(lines: readonly SettledLine[], form: StatementForm): StatementGroup[] {
  const groups: StatementGroup[] = [];
  const isNamed = (line: SettledLine) =>
    form.groups.some((group) => partsOf(group).some((part) => isIn(line, part)));
  for (const [position, group] of form.groups.entries()) {
    const takesTheRest = 'takesTheRest' in group;
    const number = String(position + 1);
    const parts = partsOf(group).map((part, index) => ({
      number: `${number}.${index + 1}`,
      title: 'parts' in group ? part.title : null,
      lines: lines.filter((line) => isIn(line, part) || (takesTheRest && !isNamed(line))).map(printedLine),
    }));
    const all = parts.flatMap((part) => part.lines);
    if (all.length === 0 && !form.showEmptyGroups) continue;
    const shown = parts.filter((part) => part.lines.length > 0 || form.showEmptyGroups);
    groups.push({ id: group.id, number, title: group.title, parts: shown, ...sums(all) });
  }
  return groups;
}

function isIn(line: SettledLine, part: ReturnType<typeof partsOf>[number]): boolean {
  return holds(part, line.costGroupCode, line.packageCode !== null);
}

function printedLine({ id, code, name, unit, quantity, unitPrice, result }: SettledLine): StatementLine {
  const { insuredUnitPrice, serviceRate, scopeRate } = result;
  return {
    lineId: id,
    code,
    name,
    unit,
    quantity,
    unitPrice,
    insuredUnitPrice,
    serviceRate,
    scopeRate,
    ...pick(result),
  };
}

function sums(rows: readonly Amounts[]): Amounts {
  const sum = (key: AmountName) => moneyText(add(...rows.map((row) => money(row[key]))));
  return Object.fromEntries(AMOUNT_NAMES.map((key) => [key, sum(key)])) as Record<AmountName, string>;
}

const pick = (amounts: Amounts): Amounts =>
  Object.fromEntries(AMOUNT_NAMES.map((key) => [key, amounts[key]])) as Record<AmountName, string>;
