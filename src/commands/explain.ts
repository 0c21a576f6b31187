import { readFileSync } from 'node:fs';
import { becauseOf, type Explained, explain, type Law, type RuleApplication } from '../benefits/index.ts';
import { currentLanguage, readConfig } from '../config.ts';
import { text } from '../messages/index.ts';
import { lawInForce } from '../runtime/law.ts';
import { casesOf } from './benefit-cases/check.ts';
import { valueText } from './benefit-cases/computed.ts';
import { computeEncounter } from './benefit-cases/encounter.ts';
import { CommandFailure } from './failure.ts';
import { lastDay, ruleJson } from './rule-json.ts';

const language = currentLanguage();
const say = (key: string, values?: Record<string, string | number>) =>
  text(language, `explain.${key}`, values);

/** What is explained: a heading, and amounts by name in order. */
interface Section {
  readonly heading: string;
  readonly amounts: readonly {
    readonly name: string;
    readonly value: string;
    readonly rules: readonly RuleApplication[];
  }[];
}

export interface ExplainCommand {
  readonly visit?: string;
  readonly facility?: string;
  readonly case?: string;
  readonly json: boolean;
}

/**
 * Why each amount is what it is: rules in order, with the values they read, their dates and articles, and a sentence
 * in Vietnamese and English.
 * @throws CommandFailure (2) unless exactly one of visit and case is given, or when it does not exist
 */
export async function benefitsExplain(options: ExplainCommand): Promise<void> {
  if ((options.visit === undefined) === (options.case === undefined))
    throw new CommandFailure(say('visitOrCase'), 2);
  const config = readConfig();
  const law = lawInForce(config);
  const sections = options.case === undefined ? await ofVisit(options, law) : ofCase(options.case, law);
  process.stdout.write(
    options.json ? `${JSON.stringify(sections.map(asJson))}\n` : sections.map(asText).join('\n'),
  );
}

function ofCase(place: string, law: Law): readonly Section[] {
  const [file = '', id] = place.split(/#(?=[^#]*$)/);
  const found = casesOf(readFileSync(file, 'utf8')).find((one) => one.id === id);
  if (!found) throw new CommandFailure(say('noCase', { file, id: id ?? '' }), 2);
  const { explanation } = computeEncounter(found.fields, law);
  const byHeading = Map.groupBy(explanation, ({ path }) => path.slice(0, path.lastIndexOf('.')));
  return [...byHeading].map(([heading, amounts]) => ({
    heading,
    amounts: amounts.map(({ path, amount, rules }) => ({
      name: path.slice(path.lastIndexOf('.') + 1),
      value: valueText(amount),
      rules,
    })),
  }));
}

const AMOUNTS: readonly Explained[] = [
  'serviceRate',
  'grossAmount',
  'scopeRate',
  'insuredAmount',
  'benefitRate',
  'insurerPays',
  'copay',
  'selfPay',
  'otherPayers',
];

async function ofVisit({ visit = '', facility }: ExplainCommand, law: Law): Promise<readonly Section[]> {
  const { findVisit } = await import('./explain-visit.ts');
  const found = await findVisit(visit, facility ?? null, law);
  if (!found) throw new CommandFailure(say('noVisit', { id: visit }), 2);
  process.stderr.write(
    `${found.settlement === null ? say('notSettled', { policy: found.policyVersion }) : say('settled', { version: found.settlement, policy: found.policyVersion })}\n`,
  );
  return found.lines.map(({ name, amounts, because }) => ({
    heading: name,
    amounts: AMOUNTS.map((amount) => ({
      name: amount,
      value: amounts[amount],
      rules: becauseOf({ because }, amount),
    })),
  }));
}

function asJson({ heading, amounts }: Section) {
  return {
    line: heading,
    amounts: amounts.map(({ name, value, rules }) => ({
      amount: name,
      value,
      rules: rules.map((rule) => ({
        ...ruleJson(rule),
        vi: explain('vi', rule),
        en: explain('en', rule),
      })),
    })),
  };
}

function asText({ heading, amounts }: Section): string {
  const lines = amounts.flatMap(({ name, value, rules }) => [
    `  ${name} = ${value}`,
    ...rules.flatMap((rule, index) => [
      `    ${index + 1}. ${rule.rule}: ${explain('vi', rule)}`,
      `       ${explain('en', rule)}`,
      ...rule.parameters.map(
        ({ id, value: read, from, to, source }) => `       ${id} = ${read} (${period(from, to)}; ${source})`,
      ),
    ]),
  ]);
  return `${heading}\n${lines.join('\n')}\n`;
}

/** First and last day, as people say it. */
function period(from: string, to: string | null): string {
  return to === null ? say('since', { from }) : say('until', { from, to: lastDay(to) ?? '' });
}
