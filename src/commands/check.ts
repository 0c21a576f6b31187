import { readdirSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { type CheckedPart, checkSources, notChecked, ruleCounter } from '../assessment/files.ts';
import type { ClaimSource } from '../claims/foreign.ts';
import { currentLanguage } from '../config.ts';
import { type MessageValues, text } from '../messages/index.ts';
import { type Ending, type Format, type Found, REPORTS, summaryText } from './check-report.ts';
import { type CheckSetup, cannotRead, checkSetup, openPath } from './check-setup.ts';
import { CommandFailure } from './failure.ts';
import { print, writeWhole } from './output.ts';

const language = currentLanguage();
const say = (key: string, values?: MessageValues) => text(language, `check.${key}`, values);
const tell = (line: string) => process.stderr.write(`${line}\n`);

export interface CheckCommand extends CheckSetup {
  readonly strict: boolean;
  readonly json: boolean;
  readonly format: Format;
  /** Where to write; standard output unless given. */
  readonly output?: string;
  /** Unless it is said, as many as there are cores where the set is large. */
  readonly threads?: number;
}

/**
 * Checks claim files of any vendor against the assessment rules, all files as one set.
 * @throws CommandFailure (2) when a file cannot be opened or an option is wrong; (1) when an error was found, or with
 *   `strict` a warning
 */
export async function check(files: readonly string[], options: CheckCommand): Promise<void> {
  const { output } = options;
  const format = options.json ? 'json' : options.format;
  if (format === 'xlsx' && output === undefined && process.stdout.isTTY)
    throw new CommandFailure(say('needsOutput'), 2);
  const setup: CheckSetup = pick(options);
  const { selection, options: asked } = checkSetup(setup, tell);
  const paths = pathsIn(files);
  if (paths.length === 0) throw new CommandFailure(say('noFiles', { place: files.join(' ') }), 2);
  const counter = ruleCounter();
  const sum = { files: 0, claims: 0, findings: 0, error: 0, warning: 0 };
  const count = options.threads ?? threadsFor(paths);
  const parts = count > 1 ? await inThreads(paths, setup, count) : await inOne(paths, asked);

  async function* checked(): AsyncGenerator<Found> {
    for await (const { name, claims, findings, isLast } of parts) {
      sum.files += isLast ? 1 : 0;
      sum.claims += claims;
      for (const finding of findings.filter(({ rule }) => selection.isAsked(rule))) {
        sum.findings += 1;
        sum[finding.severity] += 1;
        counter.add(finding, `${name} ${finding.maLk ?? ''}`);
        yield { file: name, finding };
      }
    }
  }

  const ending = (): Ending => ({
    ...sum,
    counts: counter.counts(),
    notChecked: notChecked(asked, sum.claims).filter(({ rule }) => selection.isAsked(rule)),
  });
  const report = REPORTS[format](checked(), ending);
  if (output === undefined) await print(report);
  else {
    await written(output, report);
    tell(summaryText(ending()).trim());
  }
  if (sum.error > 0 || (options.strict && sum.warning > 0))
    throw new CommandFailure(say('found', { errors: sum.error, warnings: sum.warning }));
}

async function written(output: string, report: AsyncIterable<string | Uint8Array>): Promise<void> {
  try {
    await writeWhole(output, report);
  } catch (error) {
    const { code, path } = error as { code?: string; path?: string };
    if (code === undefined || !path?.startsWith(output)) throw error;
    throw new CommandFailure(say('notWritten', { file: output, reason: code }), 2);
  }
}

const pick = ({ catalogues, asOf, rules }: CheckSetup): CheckSetup => ({
  ...(catalogues === undefined ? {} : { catalogues }),
  ...(asOf === undefined ? {} : { asOf }),
  ...(rules === undefined ? {} : { rules }),
});

type Parts = AsyncIterable<CheckedPart>;

async function inOne(paths: readonly string[], options: Parameters<typeof checkSources>[1]): Promise<Parts> {
  const sources: ClaimSource[] = [];
  for (const path of paths) sources.push(...(await openPath(path)));
  return checkSources(sources, { ...options, onProgress: showProgress() });
}

async function inThreads(paths: readonly string[], setup: CheckSetup, count: number): Promise<Parts> {
  const { checkInThreads } = await import('./check-threads.ts');
  return checkInThreads(blocksOf(paths), setup, count, showProgress(MORE_RARELY));
}

/** Bytes, about, as they are when unpacked. */
const PACKED = 10;
const weightOf = (path: string) => statSync(path).size * (/\.(gz|zip)$/i.test(path) ? PACKED : 1);
/** Less is done before a second thread has started. */
const WORTH_THREADS = 64 * 1024 * 1024;
const BLOCK = 48 * 1024 * 1024;
const MOST_THREADS = 8;

function threadsFor(paths: readonly string[]): number {
  if (paths.length < 2 || paths.includes('-')) return 1;
  let weight = 0;
  for (const path of paths) weight += weightOf(path);
  return weight < WORTH_THREADS ? 1 : Math.min(availableParallelism(), MOST_THREADS, paths.length);
}

/** Files that follow each other, so many that they are worth the trouble and fit into memory. */
function blocksOf(paths: readonly string[]): readonly (readonly string[])[] {
  const blocks: string[][] = [];
  let left = 0;
  for (const path of paths) {
    const weight = weightOf(path);
    if (left < weight || blocks.length === 0) {
      blocks.push([]);
      left = BLOCK;
    }
    blocks.at(-1)!.push(path);
    left -= weight;
  }
  return blocks;
}

/** A folder stands for the claim files in it and below it, in the order of their names. */
const pathsIn = (files: readonly string[]): readonly string[] =>
  files.flatMap((file) => (file === '-' ? ['-'] : withFolders(file)));

function withFolders(path: string): readonly string[] {
  try {
    return statSync(path).isDirectory() ? [...filesBelow(path)] : [path];
  } catch (error) {
    throw cannotRead(path, error);
  }
}

function* filesBelow(folder: string): Generator<string> {
  const entries = readdirSync(folder, { withFileTypes: true });
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesBelow(path);
    else if (/\.(xml|gz|zip)$/i.test(entry.name)) yield path;
  }
}

/** Short sets are done before anybody could read it. */
const WORTH_SHOWING = 500;

const MORE_RARELY = 10_000;

/** Every few hundred claims a line on standard error; on a terminal over the one before. */
function showProgress(every = WORTH_SHOWING): (done: number, total: number | null) => void {
  const isTerminal = process.stderr.isTTY;
  let shown = 0;
  return (done, total) => {
    if (done === 0 || (done - shown < (isTerminal ? WORTH_SHOWING : every) && done !== total)) return;
    shown = done;
    if (done === total && done < 2 * WORTH_SHOWING) return;
    const line =
      total === null
        ? say('reading', { count: done })
        : say('checking', { count: done - total / 2, total: total / 2 });
    process.stderr.write(
      isTerminal && done !== total ? `\r${line}` : isTerminal ? `\r${line}\n` : `${line}\n`,
    );
  };
}
