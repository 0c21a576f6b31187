import {
  AnchorDamaged,
  readAnchor,
  type Verification,
  verifierUrl,
  verifyTrail,
  writeAnchor,
} from '../audit/index.ts';
import { currentLanguage, readConfig } from '../config.ts';
import { progressBar } from '../demo/progress.ts';
import { type MessageValues, text } from '../messages/index.ts';
import { type Database, SYSTEM_CONTEXT } from '../platform/database/index.ts';
import { openDatabase } from '../runtime/databases.ts';
import { openEnvironment } from '../runtime/environment.ts';
import { sayElsewhere, untilDone, words } from './console.ts';
import { CommandFailure } from './failure.ts';

const auditText = (key: string, values?: MessageValues) => text(currentLanguage(), `audit.${key}`, values);

export interface VerifyCommand {
  readonly from?: string;
  readonly to?: string;
  readonly anchor?: string;
  readonly json: boolean;
}

/** Recomputes the audit trail. @throws CommandFailure when anything was found */
export async function auditVerify(options: VerifyCommand): Promise<void> {
  const { from = null, to = null, anchor } = options;
  if (from && to && from > to) throw new CommandFailure(auditText('rangeBackwards', { from, to }), 2);
  await withTrail(async (database) => {
    const found = await withProgress((progress) =>
      database.transaction(SYSTEM_CONTEXT, (tx) =>
        verifyTrail(tx, { range: { from, to }, anchor: anchor ? readAnchor(anchor) : null, progress }),
      ),
    ).catch((error: unknown) => {
      throw anchorFailure(error, anchor) ?? error;
    });
    process.stdout.write(options.json ? `${JSON.stringify(asJson(found))}\n` : report(found));
    if (found.total > 0) throw new CommandFailure(auditText('found', { count: found.total }));
  });
}

/** Writes the province's chain to a file that is to be kept elsewhere. */
export async function auditExport(options: { to: string; from?: string }): Promise<void> {
  await withTrail(async (database) => {
    const count = await database
      .transaction(SYSTEM_CONTEXT, (tx) => writeAnchor(tx, options.to, options.from ?? null))
      .catch((error: unknown) => {
        if ((error as { code?: string }).code !== 'EEXIST') throw error;
        throw new CommandFailure(auditText('fileExists', { file: options.to }), 2);
      });
    process.stderr.write(`${auditText('exported', { count, file: options.to })}\n`);
  });
}

function withTrail(work: (database: Database) => Promise<void>): Promise<void> {
  const config = readConfig();
  return untilDone(async (stops) => {
    const environment = await openEnvironment(config, { stops, onElsewhere: sayElsewhere });
    const database = openDatabase(verifierUrl(environment.urls.his_owner), 1, () => undefined, null);
    stops.add(() => database.close());
    await work(database);
  });
}

/** A bar as soon as it is known how many seals there are. */
async function withProgress<T>(
  work: (progress: (done: number, seals: number) => void) => Promise<T>,
): Promise<T> {
  let bar: ReturnType<typeof progressBar> | undefined;
  try {
    return await work((done, seals) => {
      bar ??= progressBar(auditText('progress'), seals);
      if (done % 20 === 0 || done === seals) bar.set(done);
    });
  } finally {
    bar?.stop();
  }
}

function anchorFailure(error: unknown, anchor: string | undefined): CommandFailure | null {
  const file = anchor ?? '';
  if (error instanceof AnchorDamaged)
    return new CommandFailure(auditText('anchorDamaged', { file, line: error.line }));
  const { code, path } = error as { code?: string; path?: string };
  if (code && path === anchor) return new CommandFailure(words('failed', { reason: `${code} ${file}` }), 2);
  return null;
}

function asJson({ findings, total, waiting, ...counts }: Verification) {
  return {
    clean: total === 0,
    ...counts,
    waiting: waiting.count,
    oldestWaitingSeconds: waiting.oldestSeconds === null ? null : Math.round(waiting.oldestSeconds),
    findingsTotal: total,
    findings: findings.map(({ kind, values }) => ({ kind, ...values })),
  };
}

function report(found: Verification): string {
  const { findings, total, waiting, facilities, seals, events, rounds } = found;
  const lines = findings.map(({ kind, values }) => auditText(`finding.${kind}`, values));
  if (total > findings.length) lines.push(auditText('moreFindings', { count: total - findings.length }));
  lines.push(auditText('compared', { facilities, seals, events, rounds }));
  lines.push(
    waiting.count === 0
      ? auditText('nothingWaits')
      : auditText('waiting', { count: waiting.count, age: Math.round(waiting.oldestSeconds ?? 0) }),
  );
  if (total === 0) lines.push(auditText('clean'));
  return `${lines.join('\n')}\n`;
}
