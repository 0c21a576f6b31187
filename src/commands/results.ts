import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { currentLanguage, readConfig } from '../config.ts';
import {
  giveResults,
  listResultRows,
  type ResultImport,
  type ResultRow,
  readResults,
  workerContext,
} from '../exports/index.ts';
import { loadDirectory } from '../facilities/index.ts';
import { type MessageValues, text } from '../messages/index.ts';
import type { Database } from '../platform/database/index.ts';
import { systemClock } from '../platform/dates.ts';
import { loadWorkingDays } from '../platform/working-days.ts';
import { openDatabase } from '../runtime/databases.ts';
import { openEnvironment } from '../runtime/environment.ts';
import { sayElsewhere, untilDone } from './console.ts';
import { CommandFailure } from './failure.ts';

const language = currentLanguage();
const say = (key: string, values?: MessageValues) => text(language, `results.${key}`, values);
const MOST_SHOWN = 50;

/**
 * Takes in an export of the insurer's portal and shows what does not fit. The same file again is shown again.
 * @throws CommandFailure (2) for a file or facility that is not there; (1) when it is refused, or rows need a person
 */
export async function resultsImport(
  file: string,
  options: { facility: string; json: boolean },
): Promise<void> {
  const bytes = await readFile(file).catch((error: { code?: string }) => {
    throw new CommandFailure(say('command.notOpened', { file, reason: error.code ?? '' }), 2);
  });
  await untilDone(async (stops) => {
    const environment = await openEnvironment(readConfig(), { stops, onElsewhere: sayElsewhere });
    const database = openDatabase(environment.urls.his_export, 2, () => undefined);
    stops.add(() => database.close());
    await takeIn(database, basename(file), bytes, options);
  });
}

async function takeIn(
  database: Database,
  name: string,
  bytes: Buffer,
  { facility: code, json }: { facility: string; json: boolean },
): Promise<void> {
  const directory = await database.transaction(workerContext(null, 'his-results-import'), loadDirectory);
  const facility = directory.byCode(code);
  if (!facility) throw new CommandFailure(say('command.noFacility', { code }), 2);
  const context = workerContext(facility.id, 'his-results-import');
  const { found } = await database.transaction(context, (tx) =>
    giveResults(tx, facility, name, bytes, systemClock.now()),
  );
  const read = (await readResults(
    { database, clock: systemClock, calendar: loadWorkingDays() },
    facility.id,
    found.id,
  ))!;
  const open = await database.transaction(context, async (tx) => [
    ...(await listResultRows(tx, read.id, 'contradicting', 0, MOST_SHOWN)),
    ...(await listResultRows(tx, read.id, 'unmatched', 0, MOST_SHOWN)),
  ]);
  const lines = json ? [JSON.stringify({ ...read, rows: open.map(explained) })] : linesOf(read, open);
  process.stdout.write(`${lines.join('\n')}\n`);
  const count = read.unmatched + read.contradicting;
  if (read.reason !== null) throw new CommandFailure(refusal(read));
  if (count > 0) throw new CommandFailure(say('command.open', { count }));
}

const why = ({ verdict, reason }: ResultRow) => say(`${verdict}.${reason}`);
const explained = (row: ResultRow) => ({ ...row, message: why(row) });
const refusal = ({ name, reason }: ResultImport) =>
  say('command.refused', { name, why: say(`file.${reason}`) });

function linesOf(read: ResultImport, open: readonly ResultRow[]): string[] {
  if (read.reason !== null) return [refusal(read)];
  const { name, matched, changed, unmatched, contradicting } = read;
  const more = unmatched + contradicting - open.length;
  return [
    say('command.summary', { name, matched, changed, unmatched, contradicting }),
    ...open.map((row) =>
      say('command.row', {
        row: row.sheetRow ?? row.position,
        why: why(row),
        key: row.transactionId ?? row.claimKey ?? '–',
      }),
    ),
    ...(more > 0 ? [say('command.more', { count: more })] : []),
  ];
}
