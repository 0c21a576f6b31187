import { setTimeout as sleep } from 'node:timers/promises';
import { readConfig } from '../config.ts';
import { type RunView, readRun, startRun, workerContext, writeHandOverFiles } from '../exports/index.ts';
import { loadDirectory } from '../facilities/index.ts';
import type { Database } from '../platform/database/index.ts';
import { openDatabase } from '../runtime/databases.ts';
import { openEnvironment } from '../runtime/environment.ts';
import { say, sayElsewhere, words } from './console.ts';
import { CommandFailure } from './failure.ts';

const LOOK_EVERY_MS = 1_000;
const PATIENCE_MS = 15_000;

/** Opens an export run and shows its progress until it is finished. */
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
    await follow(database, run.id);
  });
}

async function facilityId(tx: Parameters<typeof loadDirectory>[0], code: string): Promise<string> {
  const found = (await loadDirectory(tx)).byCode(code);
  if (!found) throw new CommandFailure(words('unknownFacility', { code }));
  return found.id;
}

async function follow(database: Database, runId: string): Promise<void> {
  const startedAt = Date.now();
  for (let warned = false; ; await sleep(LOOK_EVERY_MS)) {
    const run = await database.transaction(workerContext(null, 'his-export-run'), (tx) =>
      readRun(tx, null, runId),
    );
    say('runProgress', progressOf(run));
    if (run.finished) return;
    if (!warned && run.visits.built === 0 && Date.now() - startedAt > PATIENCE_MS) {
      say('runNeedsWorkers');
      warned = true;
    }
  }
}

function progressOf(run: RunView) {
  const { built, found } = run.visits;
  const { received = 0, refused = 0, unknown = 0 } = run.claims;
  return { built, found, received, refused, unknown };
}

/** Writes the hand-over files of a day. */
export async function exportFiles(options: { date: string; to: string; facility?: string }): Promise<void> {
  const recordsPerFile = readConfig().EXPORT_FILE_RECORDS;
  await withExportDatabase(async (database) => {
    const wanted = {
      day: options.date,
      facilityCode: options.facility ?? null,
      dir: options.to,
      recordsPerFile,
    };
    const files = await writeHandOverFiles(database, wanted, (file) =>
      say('fileWritten', { path: file.path, records: file.records }),
    );
    if (files.length === 0) say('filesNone', { day: options.date });
  });
}

async function withExportDatabase(work: (database: Database) => Promise<void>): Promise<void> {
  const config = readConfig();
  const environment = await openEnvironment(config, { onElsewhere: sayElsewhere });
  const database = openDatabase(environment.urls.his_export, 2, () => undefined);
  try {
    await work(database);
  } finally {
    await database.close();
    await environment.stop();
  }
}
