import { appendEvent, type ClaimKey, listVersions } from '../claims/index.ts';
import type { GatewayAccount, TransactionTotals } from '../gateway/index.ts';
import type { Transaction } from '../platform/database/index.ts';
import type { ExportDependencies } from './context.ts';
import { followEvent } from './corrections/correction.service.ts';
import { replacedBy, stateOf } from './decide.ts';
import { knownTransactions, unclearCalls } from './find-out.repo.ts';
import { daysOf, provenBy, rivalMs } from './find-out.ts';
import { appendReplaced } from './replaced.ts';
import { finishWork, lockWork } from './work.repo.ts';

export type InTransaction = <T>(work: (tx: Transaction) => Promise<T>) => Promise<T>;

/** A claim whose last call ended unclear, and with what the gateway can be asked about it. */
export interface Unclear {
  readonly key: ClaimKey;
  readonly facilityCode: string;
  readonly account: GatewayAccount;
}

/**
 * Asks the gateway whether it received what went out with an unclear end. What is proved is written down; everything
 * else (no answer, nothing found, found what may be another claim) leaves the ledger as it is.
 * @returns whether the insurer has it
 */
export async function findOut(
  deps: ExportDependencies,
  inTransaction: InTransaction,
  { key, facilityCode, account }: Unclear,
): Promise<boolean> {
  const callMs = deps.submitTimeoutMs + deps.leaseMarginMs;
  const seen = (tx: Transaction) => unclearCalls(tx, key, rivalMs(callMs));
  const unclear = await inTransaction(seen);
  if (!unclear) return false;
  const transactions: TransactionTotals[] = [];
  const answers: (string | null)[] = [];
  for (const day of daysOf(unclear, callMs)) {
    const reply = await deps.gateway.ask<'transactions'>(
      { kind: 'transactions', facilityCode, day },
      account,
    );
    if (!reply.found) return false;
    transactions.push(...reply.found);
    answers.push(reply.raw);
  }
  return inTransaction(async (tx) => {
    const onList = (await lockWork(tx, key.facilityId, key.encounterId))?.number;
    const versions = await listVersions(tx, key.facilityId, key.encounterId);
    const own = versions.find((one) => one.number === key.number);
    if (onList !== key.number || !own || stateOf(own) !== 'unknown') return false;
    const ids = transactions.map((one) => one.transactionId);
    // Rivals before what is known: whoever called meanwhile is one of them, or has said its transaction.
    const unclearNow = await seen(tx);
    const known = await knownTransactions(tx, key.facilityId, ids);
    const proof = unclearNow ? provenBy(transactions, unclearNow, known, callMs) : null;
    if (!proof) return false;
    const now = await deps.ledgerTime(tx);
    await appendEvent(tx, key, {
      sequence: own.types.length + 1,
      type: 'received',
      at: now.toISOString(),
      cause: 'found-out',
      attempt: own.attempt,
      documentKind: own.documentKind,
      documentSha256: own.documentSha256,
      transactionId: proof.transactionId,
      receivedAt: proof.sentAt,
      rawAnswer: answers.join('\n'),
    });
    const said = { type: 'received', at: now.toISOString(), cause: 'found-out' } as const;
    await followEvent(tx, deps.calendar, key, said, null);
    await appendReplaced(tx, key, versions, replacedBy(versions, key.number), now);
    await finishWork(tx, key.facilityId, key.encounterId, key.number);
    return true;
  });
}
