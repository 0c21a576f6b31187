import { setTimeout as sleep } from 'node:timers/promises';
import { readConfig } from '../config.ts';
import { type Progress, progressBar } from '../demo/progress.ts';
import { type RunView, startRun, watchRun, workerContext, writeHandOverFiles } from '../exports/index.ts';
import { loadDirectory } from '../facilities/index.ts';
import type { Database, Transaction } from '../platform/database/index.ts';
import { openDatabase } from '../runtime/databases.ts';
import { openEnvironment } from '../runtime/environment.ts';
import { say, sayElsewhere, untilDone, words } from './console.ts';
import { CommandFailure } from './failure.ts';

/** How long a run may stand still before we ask for workers, and before we give up watching it. */
export interface Patience {
  readonly lookEveryMs: number;
  readonly askAfterMs: number;
  readonly leaveAfterMs: number;
}
const PATIENCE: Patience = { lookEveryMs: 1_000, askAfterMs: 15_000, leaveAfterMs: 120_000 };

/**
 * Opens an export run and shows its progress until it is finished.
 * @throws CommandFailure when nothing moves for too long, or when not every visit became a claim that was received
 */
export async function exportRun(options: { date: string; facility?: string }): Promise<void> {
  await withExportDatabase(async (database) => {
    const run = await database.transaction(workerContext(null, 'his-export-run'), async (tx) => {
      const facilityIds = options.facility ? [await facilityId(tx, options.facility)] : null;
      return startRun(tx, { day: options.date, facilityIds, cause: 'request', now: new Date() });
    });
    if (run.facilities === 0) {
      say('runNothing', { day: options.date });
      return;
    }
    say('runStarted', run);
    say('runReport', { id: run.id });
    const { tell, stop } = teller();
    try {
      await follow(
        () => database.transaction(workerContext(null, 'his-export-run'), (tx) => watchRun(tx, null, run.id)),
        PATIENCE,
        tell,
      );
    } finally {
      stop();
    }
  });
}

/** How a run is told: on a terminal by a bar, elsewhere by a line whenever something has moved. */
function teller(): { readonly tell: typeof say; readonly stop: () => void } {
  if (!process.stderr.isTTY) return { tell: say, stop: () => undefined };
  let bar: Progress | null = null;
  return {
    tell(key, values = {}) {
      if (key !== 'runProgress') return say(key, values);
      const count = (name: string) => Number(values[name] ?? 0);
      bar ??= progressBar(words('runBar'), count('found'));
      bar.set(count('setAside') + count('received') + count('refused') + count('unknown') + count('notSent'));
    },
    stop: () => bar?.stop(),
  };
}

async function facilityId(tx: Transaction, code: string): Promise<string> {
  const found = (await loadDirectory(tx)).byCode(code);
  if (!found) throw new CommandFailure(words('unknownFacility', { code }));
  return found.id;
}

/** Watches a run. @throws CommandFailure, see `exportRun` */
export async function follow(
  look: () => Promise<RunView>,
  patience: Patience = PATIENCE,
  tell: typeof say = say,
): Promise<void> {
  let seen = '';
  let movedAt = Date.now();
  let asked = false;
  for (;;) {
    const run = await look();
    const progress = progressOf(run);
    const now = JSON.stringify(run);
    if (now !== seen) {
      tell('runProgress', progress);
      seen = now;
      movedAt = Date.now();
    }
    if (run.finished) {
      if (progress.received < progress.found) throw new CommandFailure(words('runIncomplete', progress));
      return;
    }
    const still = Date.now() - movedAt;
    if (still > patience.leaveAfterMs) throw new CommandFailure(words('runStuck', progress));
    if (!asked && still > patience.askAfterMs) {
      tell('runNeedsWorkers');
      asked = true;
    }
    await sleep(patience.lookEveryMs);
  }
}

function progressOf({ visits, claims }: RunView) {
  const { received = 0, refused = 0, unknown = 0, notSent = 0, parked = 0, held = 0 } = claims;
  return { ...visits, received, refused, unknown, notSent: notSent + parked + held };
}

/** Writes the hand-over files of a day. @throws CommandFailure for a facility that does not exist */
export async function exportFiles(options: { date: string; to: string; facility?: string }): Promise<void> {
  const recordsPerFile = readConfig().EXPORT_FILE_RECORDS;
  await withExportDatabase(async (database) => {
    const { facility } = options;
    if (facility)
      await database.transaction(workerContext(null, 'his-export-files'), (tx) => facilityId(tx, facility));
    const wanted = { day: options.date, facilityCode: facility ?? null, dir: options.to, recordsPerFile };
    const files = await writeHandOverFiles(database, wanted, (file) =>
      say('fileWritten', { path: file.path, records: file.records }),
    );
    if (files.length === 0) say('filesNone', { day: options.date });
  });
}

/** The database as workers see it, for as long as the work takes. */
export async function withExportDatabase(work: (database: Database) => Promise<void>): Promise<void> {
  const config = readConfig();
  await untilDone(async (stops) => {
    const environment = await openEnvironment(config, { stops, onElsewhere: sayElsewhere });
    const database = openDatabase(environment.urls.his_export, 2, () => undefined);
    stops.add(() => database.close());
    await work(database);
  });
}
