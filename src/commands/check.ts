import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import {
  builtInsOf,
  CatalogueFileError,
  type Catalogues,
  checkSources,
  notChecked,
  readCatalogueFile,
  ruleCounter,
  type Selection,
  selectRules,
  UnknownRule,
} from '../assessment/files.ts';
import { loadPolicy } from '../benefits/index.ts';
import { ClaimReadError, type ClaimSource, sourcesInBytes, sourcesInFile } from '../claims/foreign.ts';
import { currentLanguage } from '../config.ts';
import { type MessageValues, text } from '../messages/index.ts';
import { localDate } from '../platform/dates.ts';
import { type Ending, type Format, type Found, print, REPORTS, summaryText, writeWhole } from './check-report.ts';
import { CommandFailure } from './failure.ts';

const language = currentLanguage();
const say = (key: string, values?: MessageValues) => text(language, `check.${key}`, values);
const tell = (line: string) => process.stderr.write(`${line}\n`);

export interface CheckCommand {
  readonly catalogues?: string;
  readonly asOf?: string;
  readonly rules?: readonly string[];
  readonly strict: boolean;
  readonly json: boolean;
  readonly format: Format;
  /** Where to write; standard output unless given. */
  readonly output?: string;
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
  const selection = selected(options.rules);
  const catalogues = options.catalogues === undefined ? {} : cataloguesIn(options.catalogues);
  const sources = await sourcesIn(files);
  const asked = { rules: selection.rules, catalogues, builtIns: builtInsOf(loadPolicy()) };
  const counter = ruleCounter();
  const sum = { files: 0, claims: 0, findings: 0, error: 0, warning: 0 };

  async function* checked(): AsyncGenerator<Found> {
    const parts = checkSources(sources, {
      ...asked,
      ...(options.asOf === undefined ? {} : { asOf: options.asOf }),
      today: localDate(new Date()),
      fileRules: selection.fileRules,
      onProgress: showProgress(),
    });
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

function selected(ids: readonly string[] | undefined): Selection {
  try {
    return selectRules(ids);
  } catch (error) {
    if (error instanceof UnknownRule) throw new CommandFailure(say('unknownRule', { id: error.id }), 2);
    throw error;
  }
}

function cataloguesIn(file: string): Catalogues {
  try {
    const { catalogues, unread } = readCatalogueFile(readFileSync(file, 'utf8'));
    for (const key of unread) tell(say('unreadKey', { file, key }));
    return catalogues;
  } catch (error) {
    if (error instanceof CatalogueFileError)
      throw new CommandFailure(say('badCatalogues', { file, path: error.path, reason: error.said }), 2);
    throw cannotRead(file, error);
  }
}

/** A folder stands for the claim files in it and below it, in the order of their names. */
async function sourcesIn(files: readonly string[]): Promise<readonly ClaimSource[]> {
  const sources: ClaimSource[] = [];
  for (const given of files)
    for (const file of given === '-' ? ['-'] : withFolders(given)) {
      try {
        sources.push(
          ...(file === '-'
            ? await sourcesInBytes(await buffer(process.stdin), '-')
            : await sourcesInFile(file)),
        );
      } catch (error) {
        if (!(error instanceof ClaimReadError)) throw cannotRead(file, error);
        throw new CommandFailure(`${file}: ${error.explain(language)}`, 2);
      }
    }
  if (sources.length === 0) throw new CommandFailure(say('noFiles', { place: files.join(' ') }), 2);
  return sources;
}

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

function cannotRead(file: string, error: unknown): CommandFailure {
  const { code, message } = error as { code?: string; message?: string };
  return new CommandFailure(say('unreadable', { file, reason: code ?? message ?? String(error) }), 2);
}

/** Short sets are done before anybody could read it. */
const WORTH_SHOWING = 500;

/** Every few hundred claims a line on standard error; on a terminal over the one before. */
function showProgress(): (done: number, total: number | null) => void {
  const isTerminal = process.stderr.isTTY;
  return (done, total) => {
    if (done === 0 || (done % WORTH_SHOWING !== 0 && done !== total)) return;
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
