import { buildCheckInFile, projectCheckIn, readSnapshots } from '../claims/index.ts';
import type { GatewayResult } from '../gateway/index.ts';
import type { Transaction } from '../platform/database/index.ts';
import { localDate } from '../platform/dates.ts';
import type { Id } from '../platform/ids.ts';
import { sha256 } from '../platform/ids.ts';
import { type Signer, SigningError, signFiles } from '../signatures/index.ts';
import { certificateInUse } from './certificate.repo.ts';
import { noteOutcome } from './channel.service.ts';
import { type ExportDependencies, QUEUES, workerContext } from './context.ts';
import { readAccount } from './export.repo.ts';
import { wirePassword } from './send.service.ts';
import { signingFacility } from './sign.service.ts';
import { ANSWERED } from './sweep.repo.ts';

/** A check-in that did not arrive; the queue tries again for some minutes, then the sweep for a day. */
export class CheckInNotReceived extends Error {
  constructor(rule: string) {
    super(`check-in not received: ${rule}`);
    this.name = 'CheckInNotReceived';
  }
}

/** The wish to announce a visit. */
export function checkInEntry(data: { facilityId: Id; encounterId: Id; sequence: number }) {
  return {
    queue: QUEUES.checkIn,
    name: 'send',
    jobId: `check-in.${data.encounterId}.${data.sequence}`,
    data,
  };
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
    const found = deps.signer ? await certificateInUse(tx, facilityId) : undefined;
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
    return isWithdrawn ? null : { bytes, attempt, account, found };
  });
  if (!prepared) return;
  const { account, attempt, bytes } = prepared;
  const key = [facilityId, encounterId, sequence, attempt] as const;
  let signed: Buffer;
  try {
    signed = deps.signer ? await signCheckIn(deps.signer, prepared.found, bytes, deps.clock.now()) : bytes;
  } catch (error) {
    if (!(error instanceof SigningError)) throw error;
    await deps.database.transaction(context, (tx) =>
      endAttempt(tx, key, bytes, { ...NOT_SENT, code: error.obstacle }),
    );
    deps.log.error({ facilityId, obstacle: error.obstacle }, 'check-in is not signed');
    // What waits for a person is not tried every few seconds: the sweep comes back to it.
    if (error.mayPass) throw new CheckInNotReceived(error.obstacle);
    return;
  }
  const passwordMd5 = wirePassword(deps.secrets.open(account.sealed));
  const result = await deps.gateway.sendCheckIn(
    { username: account.username, passwordMd5 },
    account.facilityCode,
    signed,
  );
  await deps.database.transaction(context, async (tx) => {
    await endAttempt(tx, key, signed, result);
    await noteOutcome(tx, deps, facilityId, 'check-in', result);
  });
  if (result.outcome !== 'received' && result.outcome !== 'refused')
    throw new CheckInNotReceived(result.rule);
}

type CheckInOutcome = Pick<GatewayResult, 'httpStatus' | 'code' | 'transactionId' | 'rawAnswer'> & {
  readonly outcome: string;
};
const NOT_SENT = { outcome: 'notSigned', httpStatus: null, transactionId: null, rawAnswer: null };

/** Signed on its way: an attempt is begun with the hash of the unsigned file, and ends with that of what was sent. */
async function signCheckIn(
  signer: Signer,
  found: Parameters<typeof signingFacility>[0],
  bytes: Buffer,
  now: Date,
): Promise<Buffer> {
  const { facilityCode, certificate } = signingFacility(found);
  const [file] = await signFiles(signer, facilityCode, certificate, [bytes], now);
  if (!file) throw new SigningError('not-plain');
  return Buffer.concat([file.head, file.ending]);
}

function endAttempt(
  tx: Transaction,
  key: readonly [Id, Id, number, number],
  sent: Buffer,
  { outcome, httpStatus, code, transactionId, rawAnswer }: CheckInOutcome,
): Promise<unknown> {
  return tx.query(
    `update check_in_attempt set outcome = $5, http_status = $6, result_code = $7, transaction_id = $8, raw_answer = $9,
       document_sha256 = $10
     where facility_id = $1 and encounter_id = $2 and sequence = $3 and attempt = $4`,
    [...key, outcome, httpStatus, code, transactionId, rawAnswer, sha256(sent)],
    'end-check-in',
  );
}
