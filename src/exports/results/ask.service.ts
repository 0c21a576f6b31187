import type { GatewayAccount, QuestionKind, QuestionOf, ReplyTo, Trouble } from '../../gateway/index.ts';
import type { Transaction } from '../../platform/database/index.ts';
import { addDays, type LocalDate, localDate } from '../../platform/dates.ts';
import { type Id, newId, sha256 } from '../../platform/ids.ts';
import { enqueueMany } from '../../platform/outbox.ts';
import { noteOutcome } from '../channel.service.ts';
import { type ExportDependencies, QUEUES, workerContext } from '../context.ts';
import { readAccount } from '../export.repo.ts';
import { pace, type Traffic } from '../pace.service.ts';
import { wirePassword } from '../send.service.ts';
import { type AskedTransaction, rowsOfAnswers } from './answers.ts';
import { addImport, type ResultImport } from './result.repo.ts';
import { readResults } from './result.service.ts';

/** A round asks for some days, and for each with errors once more; who takes longer than this only loses its lane. */
const ROUND_MS = 10 * 60_000;
/** A token and one question: claims wait for what a trial says of the account. */
const FIRST_ANSWER_MS = 90_000;

/** What came of asking for one day: an import; null = there was nothing to say; or why nobody answered. */
export type Asked =
  | { readonly found: ResultImport | null; readonly trouble: null }
  | { readonly found: null; readonly trouble: Trouble | 'no-account' };

/**
 * Asks the gateway what became of a facility's records of one day (E10, E11, E12) and takes the answer in like an export
 * of the portal. The calls are documented for the standard of 2018 only: nobody knows whether they speak of newer records.
 */
export async function askResults(deps: ExportDependencies, facilityId: Id, day: LocalDate): Promise<Asked> {
  const context = workerContext(facilityId, `ask-results-${day}`);
  const stored = await deps.database.transaction(context, (tx) => readAccount(tx, facilityId));
  if (!stored) return { found: null, trouble: 'no-account' };
  const { username, sealed, facilityCode } = stored;
  const account = { username, passwordMd5: wirePassword(deps.secrets.open(sealed)) };
  const ask = <Kind extends QuestionKind>(question: QuestionOf<Kind>) =>
    askOnce(deps, facilityId, question, account);
  const totals = await ask({ kind: 'days', facilityCode, from: day, to: day });
  if (totals.trouble !== null) return { found: null, trouble: totals.trouble };
  if ((totals.found ?? []).every(({ records }) => records === 0)) return { found: null, trouble: null };
  const listed = await ask({ kind: 'transactions', facilityCode, day });
  if (listed.trouble !== null) return { found: null, trouble: listed.trouble };
  const asked: AskedTransaction[] = [];
  for (const one of listed.found ?? []) {
    const { transactionId } = one;
    const errors = (one.bad ?? 0) > 0 ? await ask({ kind: 'errors', facilityCode, transactionId }) : null;
    if (errors && errors.trouble !== null) return { found: null, trouble: errors.trouble };
    asked.push({ ...one, errors: errors?.found ?? [] });
  }
  const rows = rowsOfAnswers(asked, deps.clock.now());
  if (rows.length === 0) return { found: null, trouble: null };
  const bytes = Buffer.from(JSON.stringify(rows));
  const kept = await deps.database.transaction(context, (tx) => keep(tx, facilityId, day, bytes, deps));
  return { found: (await readResults(deps, facilityId, kept.id)) ?? null, trouble: null };
}

/** One question; what became of it says how the way to the gateway is. */
async function askOnce<Kind extends QuestionKind>(
  deps: ExportDependencies,
  facilityId: Id,
  question: QuestionOf<Kind>,
  account: GatewayAccount,
): Promise<ReplyTo<Kind>> {
  const reply = await deps.gateway.ask<Kind>(question, account);
  const context = workerContext(facilityId, `ask-${question.kind}`);
  await deps.database.transaction(context, (tx) => noteOutcome(tx, deps, facilityId, 'results', reply.way));
  return reply;
}

/** The same answer again is the import that is there. */
async function keep(
  tx: Transaction,
  facilityId: Id,
  day: LocalDate,
  bytes: Buffer,
  { clock }: Pick<ExportDependencies, 'clock'>,
): Promise<ResultImport> {
  const now = clock.now();
  const one = {
    id: newId(now.getTime()),
    facilityId,
    source: 'query' as const,
    name: `4210 ${day}`,
    sha256: sha256(bytes),
    givenAt: now.toISOString(),
  };
  return (await addImport(tx, one, bytes)).found;
}

/** Puts one question per facility that can ask on the queue. @param slot names this round: the same round asks once */
export async function planQuestions(deps: ExportDependencies, slot: string): Promise<void> {
  if (deps.resultQueryDays === 0) return;
  const context = { ...workerContext(null, 'plan-questions'), reach: 'province' as const };
  await deps.database.transaction(context, async (tx) => {
    const facilities = await tx.query<{ id: Id }>('select a as id from facilities_with_gateway_account() a');
    await enqueueMany(
      tx,
      facilities.map(({ id }) => ({
        queue: QUEUES.resultImport,
        name: 'ask',
        jobId: `ask.${id}.${slot}`,
        data: { facilityId: id },
      })),
    );
  });
}

/** Asks for the last days, if nobody asks for that facility already and its channels let questions through. */
export const paceQuestions = (deps: ExportDependencies, facilityId: Id) =>
  pace(deps, questions(deps), facilityId, { id: facilityId, number: 0 });

const questions = (deps: ExportDependencies): Traffic => ({
  family: 'results',
  callMs: ROUND_MS,
  trialMs: FIRST_ANSWER_MS,
  comesBack: false,
  send: (facilityId) => askLately(deps, facilityId),
  // What is not asked now is asked in the next round.
  rest: async () => undefined,
  putBack: async () => undefined,
  more: async () => [],
});

/** Today among them; the first trouble ends it. */
async function askLately(deps: ExportDependencies, facilityId: Id): Promise<void> {
  const today = localDate(deps.clock.now());
  for (let back = deps.resultQueryDays - 1; back >= 0; back -= 1) {
    const { trouble } = await askResults(deps, facilityId, addDays(today, -back));
    if (trouble === null) continue;
    deps.log.warn({ facilityId, trouble }, 'results could not be asked for');
    return;
  }
}
