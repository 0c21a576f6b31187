import { isDeepStrictEqual } from 'node:util';
import type { Parameter, ParameterValue } from '../benefits/index.ts';
import { currentLanguage, readConfig } from '../config.ts';
import { text } from '../messages/index.ts';
import { localDate } from '../platform/dates.ts';
import { lawInForce } from '../runtime/law.ts';
import { lastDay } from './rule-json.ts';

const language = currentLanguage();
const say = (key: string, values?: Record<string, string>) => text(language, `explain.${key}`, values);

type InForce = Omit<Parameter, 'values' | 'alternatives'> & ParameterValue;

/** The parameters in force on a day, today's by default: those whose verification is oldest stand first. */
export function policyList(options: { date?: string; json: boolean }): void {
  const date = options.date ?? localDate(new Date());
  const law = lawInForce(readConfig());
  const found = law.parameters
    .flatMap((parameter) => inForce(parameter, date))
    .toSorted((a, b) => compare(a.verifiedOn, b.verifiedOn) || compare(a.id, b.id));
  process.stdout.write(
    options.json
      ? `${JSON.stringify({ date, policyVersion: law.version, parameters: found.map(asJson) })}\n`
      : `${[say('policy', { version: law.version, date }), ...found.map(row)].join('\n')}\n`,
  );
}

function inForce({ id, unit, verifiedOn, decision, values }: Parameter, date: string): InForce[] {
  const value = values.find(({ from, to }) => from <= date && (to === null || date < to));
  return value ? [{ id, unit, verifiedOn, decision, ...value }] : [];
}

const asJson = (parameter: InForce) => ({ ...parameter, to: lastDay(parameter.to) });

/** An open question is marked: the law does not answer it, we or a contract did. */
function row({ id, unit, verifiedOn, decision, value, from, to, source, article, grade }: InForce): string {
  const open = decision === null ? '' : ` [${say('decision', { decision })}]`;
  const last = lastDay(to) ?? '';
  const cited = isDeepStrictEqual(source, article) ? source : `${article}; ${source}`;
  return `${verifiedOn}  ${grade.padEnd(8)}  ${id} = ${valueText(value)} ${unit}  ${from}…${last}  ${cited}${open}`;
}

function valueText(value: ParameterValue['value']): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.join(' ');
  return Object.entries(value)
    .map(([key, one]) => `${key}: ${one ?? '-'}`)
    .join(', ');
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
