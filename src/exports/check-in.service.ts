import { buildCheckInFile, projectCheckIn, readSnapshots } from '../claims/index.ts';
import { localDate } from '../platform/dates.ts';
import type { Id } from '../platform/ids.ts';
import { sha256 } from '../platform/ids.ts';
import { type ExportDependencies, workerContext } from './context.ts';
import { readAccount } from './export.repo.ts';
import { wirePassword } from './send.service.ts';
import { ANSWERED } from './sweep.repo.ts';

/** A check-in that did not arrive; the queue tries again for some minutes, then the sweep for a day. */
export class CheckInNotReceived extends Error {
  constructor(rule: string) {
    super(`check-in not received: ${rule}`);
    this.name = 'CheckInNotReceived';
  }
}

/**
 * Announces a visit to the insurer (XML0). It is no basis for payment, so losing one costs no money: after a
 * day of attempts it is left, with every attempt on record.
 */
export async function sendCheckIn(
  deps: ExportDependencies,
  facilityId: Id,
  encounterId: Id,
  sequence: number,
): Promise<void> {
  const context = workerContext(facilityId, `check-in-${encounterId}-${sequence}`);
  const prepared = await deps.database.transaction(context, async (tx) => {
    const [message] = await tx.query<{ lineId: Id; done: boolean; attempts: number }>(
      `select c.line_id as "lineId", coalesce(bool_or(a.outcome = any($4)), false) as done,
         coalesce(max(a.attempt), 0)::int as attempts
       from check_in c left join check_in_attempt a using (facility_id, encounter_id, sequence)
       where c.facility_id = $1 and c.encounter_id = $2 and c.sequence = $3 group by c.line_id`,
      [facilityId, encounterId, sequence, ANSWERED],
      'check-in-message',
    );
    const [snapshot] = await readSnapshots(tx, facilityId, [encounterId]);
    const account = await readAccount(tx, facilityId);
    if (!message || message.done || !snapshot || !account) return null;
    const lines = snapshot.visit.lines.filter((line) => line.id === message.lineId);
    const isWithdrawn = lines.length === 0; // the line that caused it was cancelled: nothing is sent, ever
    const bytes = isWithdrawn
      ? Buffer.alloc(0)
      : buildCheckInFile(
          projectCheckIn({ ...snapshot, visit: { ...snapshot.visit, lines } }),
          localDate(snapshot.visit.encounter.arrivedAt),
        );
    const attempt = message.attempts + 1;
    const outcome = isWithdrawn ? 'withdrawn' : null;
    await tx.query(
      `insert into check_in_attempt (facility_id, encounter_id, sequence, attempt, at, document_sha256, outcome)
       values ($1, $2, $3, $4, $5, $6, $7)`,
      [facilityId, encounterId, sequence, attempt, deps.clock.now().toISOString(), sha256(bytes), outcome],
      'begin-check-in',
    );
    return isWithdrawn ? null : { bytes, attempt, account };
  });
  if (!prepared) return;
  const { account, attempt, bytes } = prepared;
  const passwordMd5 = wirePassword(deps.secrets.open(account.sealed));
  const result = await deps.gateway.sendCheckIn(
    { username: account.username, passwordMd5 },
    account.facilityCode,
    bytes,
  );
  await deps.database.transaction(context, (tx) =>
    tx.query(
      `update check_in_attempt set outcome = $5, http_status = $6, result_code = $7, transaction_id = $8, raw_answer = $9
       where facility_id = $1 and encounter_id = $2 and sequence = $3 and attempt = $4`,
      [
        facilityId,
        encounterId,
        sequence,
        attempt,
        result.outcome,
        result.httpStatus,
        result.code,
        result.transactionId,
        result.rawAnswer,
      ],
      'end-check-in',
    ),
  );
  if (result.outcome !== 'received' && result.outcome !== 'refused')
    throw new CheckInNotReceived(result.rule);
}
