import { forgetChecks } from '../assessment/server.ts';
import { recordAudit } from '../audit/index.ts';
import { addDays, instantAt, localDate } from '../platform/dates.ts';
import { endingCertificates } from './certificate.service.ts';
import { type ExportDependencies, workerContext } from './context.ts';

const MONTHS_AHEAD_DAYS = 92;
/** A client that repeats a call after so long has started anew. */
const KEEP_ANSWERS_DAYS = 7;

/**
 * Says which certificates end within a month, or have ended. Read with reach `province`: it is about all facilities.
 */
export async function warnOfCertificates(deps: ExportDependencies): Promise<void> {
  const context = { ...workerContext(null, 'certificates'), reach: 'province' as const };
  const ending = await deps.database.transaction(context, (tx) => endingCertificates(tx, deps.clock.now()));
  for (const { facilityCode, serial, validTo, state } of ending) {
    const told = { facilityCode, serial, validTo };
    if (state === 'ended')
      deps.log.error(told, 'certificate has ended: the facility signs and sends nothing');
    else deps.log.warn(told, 'certificate ends soon');
  }
}

/** Daily housekeeping of the database; safe to run at any time, any number of times. */
export async function maintain(deps: ExportDependencies): Promise<void> {
  const today = localDate(deps.clock.now());
  await deps.database.transaction(workerContext(null, 'maintenance'), async (tx) => {
    await tx.query('select ensure_month_partitions($1::date, $2::date)', [
      today,
      addDays(today, MONTHS_AHEAD_DAYS),
    ]);
    await tx.query('select forget_answers(make_interval(days => $1))', [KEEP_ANSWERS_DAYS]);
    const before = instantAt(addDays(today, -deps.refusalCountDays));
    const [row] = await tx.query<{ gone: string }>('select forget_refusals($1) as gone', [before]);
    const gone = Number(row?.gone ?? 0);
    if (gone > 0)
      recordAudit(tx, {
        action: 'refusals.forgotten',
        subjectType: 'refusals',
        subjectId: null,
        detail: { before, counted: gone },
      });
    const oldChecks = instantAt(addDays(today, -deps.claimCheckDays));
    const forgotten = await forgetChecks(tx, oldChecks);
    if (forgotten > 0)
      recordAudit(tx, {
        action: 'claimChecks.forgotten',
        subjectType: 'claim-check',
        subjectId: null,
        detail: { before: oldChecks, checks: forgotten },
      });
  });
}
