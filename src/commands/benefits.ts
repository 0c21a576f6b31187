import { readFileSync } from 'node:fs';
import { loadPolicy } from '../benefits/index.ts';
import { currentLanguage } from '../config.ts';
import { catalogue, type MessageValues, text } from '../messages/index.ts';
import type { Problem } from '../platform/problem.ts';
import { type Checked, casesOf, checkCase } from './benefit-cases/check.ts';
import { valueText } from './benefit-cases/computed.ts';
import { CaseFault } from './benefit-cases/fields.ts';
import { CommandFailure } from './failure.ts';
import { ruleJson } from './rule-json.ts';

const language = currentLanguage();
const say = (key: string, values?: MessageValues) => text(language, `cases.${key}`, values);

interface FileCase extends Checked {
  readonly file: string;
}

/**
 * Computes every case of the files and compares it with what it expects.
 * @throws CommandFailure (2) when a file is not a case file; (1) when a case fails, or with `strict` is doubtful
 */
export function benefitsCheck(files: readonly string[], options: { json: boolean; strict: boolean }): void {
  const law = loadPolicy();
  const checked = files.flatMap((file) =>
    readCases(file).map((one): FileCase => ({ ...checkCase(one, law), file })),
  );
  const warnings = warningsOf(checked);
  for (const warning of warnings) process.stderr.write(`${warning}\n`);
  const failed = checked.filter(({ ok }) => !ok);
  process.stdout.write(options.json ? `${JSON.stringify(asJson(checked))}\n` : report(checked));
  if (failed.length > 0) throw new CommandFailure(say('failed', { count: failed.length }));
  if (options.strict && warnings.length > 0)
    throw new CommandFailure(say('doubtful', { count: warnings.length }));
}

function readCases(file: string): ReturnType<typeof casesOf> {
  try {
    const bytes = readFileSync(file === '-' ? 0 : file);
    return casesOf(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw new CommandFailure(say('unreadable', { file, reason: reasonOf(error) }), 2);
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof CaseFault) return faultText(error);
  const { code, message } = error as { code?: string; message?: string };
  return code ?? message ?? String(error);
}

function faultText(fault: CaseFault | Problem): string {
  if (fault instanceof CaseFault)
    return `${fault.path || say('file')}: ${say(`fault.${fault.fault}`, fault.values)}`;
  const place = fault.places[0];
  const said =
    place && catalogue(language).has(place.message) ? text(language, place.message, place.values) : '';
  const detail = text(language, `problem.${fault.type}.detail`, fault.values);
  return [`${fault.type}: ${detail}`, place?.pointer, said].filter(Boolean).join(' ');
}

function warningsOf(checked: readonly FileCase[]): string[] {
  const seen = new Set<string>();
  return checked.flatMap(({ file, id, warnings }) => {
    const isTwice = seen.has(id);
    seen.add(id);
    const all = isTwice ? [...warnings, new CaseFault('id', 'twice', { value: id })] : warnings;
    return all.map((fault) => say('warning', { file, id, said: faultText(fault) }));
  });
}

function asJson(checked: readonly FileCase[]) {
  const passed = checked.filter(({ ok }) => ok).length;
  return {
    passed,
    failed: checked.length - passed,
    cases: checked.map(({ file, id, ok, differences, explanation, fault }) => ({
      file,
      id,
      ok,
      differences,
      ...(fault ? { problem: { path: pathOf(fault), message: faultText(fault) } } : {}),
      explanation: explanation.map(({ path, amount, rules }) => ({
        path,
        amount: valueText(amount),
        rules: rules.map(ruleJson),
      })),
    })),
  };
}

function pathOf(fault: CaseFault | Problem): string | null {
  return fault instanceof CaseFault ? fault.path : (fault.places[0]?.pointer ?? null);
}

/** One line for each case that passes, and what differs under each that does not. */
function report(checked: readonly FileCase[]): string {
  const width = Math.max(0, ...checked.map(({ id }) => id.length));
  const lines = checked.flatMap(({ id, ok, differences, fault }) => [
    `${id.padEnd(width)}  ${say(ok ? 'passes' : 'fails')}`,
    ...(fault ? [`  ${faultText(fault)}`] : []),
    ...differences.map(
      ({ path, expected, actual }) =>
        `  ${say('difference', { path, expected, actual: actual ?? say('none') })}`,
    ),
  ]);
  const passed = checked.filter(({ ok }) => ok).length;
  return `${[...lines, say('summary', { passed, failed: checked.length - passed })].join('\n')}\n`;
}
