import { readFileSync } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import {
  builtInsOf,
  CatalogueFileError,
  type Catalogues,
  type ForeignOptions,
  readCatalogueFile,
  type Selection,
  selectRules,
  UnknownRule,
} from '../assessment/files.ts';
import { loadPolicy } from '../benefits/index.ts';
import { ClaimReadError, type ClaimSource, sourcesInBytes, sourcesInFile } from '../claims/foreign.ts';
import { currentLanguage } from '../config.ts';
import { type MessageValues, text } from '../messages/index.ts';
import { localDate } from '../platform/dates.ts';
import { CommandFailure } from './failure.ts';

const language = currentLanguage();
const say = (key: string, values?: MessageValues) => text(language, `check.${key}`, values);

/** What is asked of every file. */
export interface CheckSetup {
  readonly catalogues?: string;
  readonly asOf?: string;
  readonly rules?: readonly string[];
}

/** @throws CommandFailure (2) for a rule that is not there, or catalogues that cannot be read */
export function checkSetup(
  { catalogues, asOf, rules }: CheckSetup,
  tell: (line: string) => void,
): { readonly selection: Selection; readonly options: ForeignOptions } {
  const selection = selected(rules);
  return {
    selection,
    options: {
      rules: selection.rules,
      fileRules: selection.fileRules,
      catalogues: catalogues === undefined ? {} : cataloguesIn(catalogues, tell),
      builtIns: builtInsOf(loadPolicy()),
      ...(asOf === undefined ? {} : { asOf }),
      today: localDate(new Date()),
    },
  };
}

function selected(ids: readonly string[] | undefined): Selection {
  try {
    return selectRules(ids);
  } catch (error) {
    if (error instanceof UnknownRule) throw new CommandFailure(say('unknownRule', { id: error.id }), 2);
    throw error;
  }
}

function cataloguesIn(file: string, tell: (line: string) => void): Catalogues {
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

/** The claim files at a path, several in an archive. @throws CommandFailure (2) when it cannot be opened */
export async function openPath(path: string): Promise<readonly ClaimSource[]> {
  try {
    return await (path === '-' ? sourcesInBytes(await buffer(process.stdin), '-') : sourcesInFile(path));
  } catch (error) {
    if (!(error instanceof ClaimReadError)) throw cannotRead(path, error);
    throw new CommandFailure(`${path}: ${error.explain(language)}`, 2);
  }
}

export function cannotRead(file: string, error: unknown): CommandFailure {
  const { code, message } = error as { code?: string; message?: string };
  return new CommandFailure(say('unreadable', { file, reason: code ?? message ?? String(error) }), 2);
}
