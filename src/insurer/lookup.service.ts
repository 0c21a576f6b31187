import { recordAudit } from '../audit/index.ts';
import { noteOutcome, readAccount, wirePassword, workerContext } from '../exports/index.ts';
import type { GatewayAccount, Question } from '../gateway/index.ts';
import type { Transaction } from '../platform/database/index.ts';
import { type Id, newId } from '../platform/ids.ts';
import { Problem } from '../platform/problem.ts';
import { type InsurerDependencies, later } from './context.ts';
import {
  appendLookupEvent,
  findLookup,
  hasVisit,
  insertLookup,
  isRestrictedSince,
  type Lookup,
  type LookupAtWork,
  type LookupView,
  readCopayPast,
  viewLookup,
  viewLookupsOf,
} from './lookup.repo.ts';
import {
  dayStart,
  type LookupKind,
  type LookupOutcome,
  mayAskCopay,
  nextCheckAt,
  notAsked,
  outcomeOf,
} from './lookup.ts';
import { findStaff, readSetting } from './settings.repo.ts';
import { beginWork, endWork, lockDueWork, planWork, postponeWork } from './work.repo.ts';

/** Longer than session, connection and question can take together: after it whoever asked is certainly gone. */
export const LOOKUP_LEASE_MS = 120_000;

export interface LookupWish {
  readonly kind: LookupKind;
  /** Card of 15 characters, social insurance number of 10, or national id of 12. */
  readonly card: string;
  readonly name: string;
  /** `yyyy-MM-dd`, `yyyy-MM` or `yyyy`. */
  readonly birth: string;
  readonly encounterId: Id | null;
}

/** A look-up that was asked, or the earlier one that answers the same question. */
export interface AskedLookup {
  readonly id: Id;
  readonly isRepeat: boolean;
}

/**
 * Writes down a question about a card, with who asks; a worker puts it to the insurer. Nothing here waits for anybody.
 * @throws Problem not-found for a visit that is not of this facility; lookup-restrained when co-payments may not be
 * asked about any more today
 */
export async function askLookup(
  tx: Transaction,
  facilityId: Id,
  wish: LookupWish,
  now: Date,
): Promise<AskedLookup> {
  if (wish.encounterId !== null && !(await hasVisit(tx, facilityId, wish.encounterId)))
    throw new Problem('not-found', { what: 'encounter' });
  const setting = await readSetting(tx, facilityId);
  if (wish.kind === 'copay') {
    const past = await readCopayPast(tx, facilityId, wish.card, dayStart(now));
    const decision = mayAskCopay(past, setting.copay, now);
    if (!decision.ask && decision.why === 'recent') {
      noteAsked(tx, wish, decision.lookupId, true);
      return { id: decision.lookupId, isRepeat: true };
    }
    if (!decision.ask) throw new Problem('lookup-restrained', { reason: decision.why });
  }
  const staff = (await findStaff(tx, facilityId, tx.context.userId)) ?? setting.staff;
  const id = newId(now.getTime());
  await insertLookup(tx, facilityId, {
    ...wish,
    id,
    staffName: staff?.name ?? null,
    staffNationalId: staff?.nationalId ?? null,
    askedAt: now.toISOString(),
  });
  await planWork(tx, 'lookup', facilityId, id, now);
  noteAsked(tx, wish, id, false);
  return { id, isRepeat: false };
}

const noteAsked = (tx: Transaction, { kind, encounterId }: LookupWish, subjectId: Id, isRepeat: boolean) =>
  recordAudit(tx, {
    action: `insurer.${kind}Asked`,
    subjectType: 'card-lookup',
    subjectId,
    detail: { encounterId, isRepeat },
  });

/** @throws not-found */
export async function readLookup(tx: Transaction, facilityId: Id, id: Id): Promise<LookupView> {
  const found = await viewLookup(tx, facilityId, id);
  if (!found) throw new Problem('not-found', { what: 'card-lookup' });
  return found;
}

/** Look-ups of one visit, the newest first. @throws not-found */
export async function listLookups(tx: Transaction, facilityId: Id, encounterId: Id): Promise<LookupView[]> {
  if (!(await hasVisit(tx, facilityId, encounterId))) throw new Problem('not-found', { what: 'encounter' });
  return viewLookupsOf(tx, facilityId, encounterId);
}

/** Asks the insurer what somebody wants to know of a card, keeps the answer, and plans to ask again where that helps. */
export async function runLookup(deps: InsurerDependencies, facilityId: Id, lookupId: Id): Promise<void> {
  const context = workerContext(facilityId, `lookup-${lookupId}`);
  const begun = await deps.database.transaction(context, (tx) => begin(tx, deps, facilityId, lookupId));
  if (!begun) return;
  const { lookup, question, account, attempt } = begun;
  const reply = await deps.gateway.ask<LookupKind>(question, account);
  const outcome = outcomeOf(lookup.kind, reply);
  await deps.database.transaction(context, async (tx) => {
    await end(tx, deps, facilityId, lookup, attempt, outcome);
    await noteOutcome(tx, deps, facilityId, 'lookups', reply.way);
  });
  if (outcome.trouble === 'restricted')
    deps.log.error({ facilityId, alert: 'copay-restricted' }, 'account shut out from co-payment look-ups');
}

/** The channels let no question through: that is said at once, and the card is asked about again as after any failure. */
export async function leaveUnasked(
  tx: Transaction,
  deps: InsurerDependencies,
  facilityId: Id,
  lookupId: Id,
): Promise<void> {
  const now = await deps.ledgerTime(tx);
  const attempts = await lockDueWork(tx, 'lookup', facilityId, lookupId, now);
  const lookup = attempts === undefined ? undefined : await findLookup(tx, facilityId, lookupId);
  if (attempts === undefined || !lookup) return;
  await beginWork(tx, 'lookup', facilityId, lookupId, now.toISOString());
  await end(tx, deps, facilityId, lookup, attempts + 1, notAsked('unavailable'));
}

type LookupQuestion = Extract<Question, { readonly kind: LookupKind }>;

interface Begun {
  /** With the event of the asking counted. */
  readonly lookup: LookupAtWork;
  readonly question: LookupQuestion;
  readonly account: GatewayAccount;
  readonly attempt: number;
}

async function begin(
  tx: Transaction,
  deps: InsurerDependencies,
  facilityId: Id,
  lookupId: Id,
): Promise<Begun | null> {
  const now = await deps.ledgerTime(tx);
  const attempts = await lockDueWork(tx, 'lookup', facilityId, lookupId, now);
  const lookup = attempts === undefined ? undefined : await findLookup(tx, facilityId, lookupId);
  if (attempts === undefined || !lookup) return null;
  const attempt = attempts + 1;
  // Somebody asked and is gone: a co-payment is not asked about twice, whatever became of it.
  if (lookup.lastType === 'asking' && lookup.kind !== 'card') {
    await end(tx, deps, facilityId, lookup, attempt, notAsked('unavailable'));
    return null;
  }
  const account = await readAccount(tx, facilityId);
  const question = questionOf(lookup);
  const why = !account
    ? 'account'
    : !question
      ? 'configuration'
      : await restrained(tx, facilityId, lookup, now);
  if (why !== null || !account || !question) {
    await beginWork(tx, 'lookup', facilityId, lookupId, now.toISOString());
    await end(tx, deps, facilityId, lookup, attempt, notAsked(why ?? 'configuration'));
    return null;
  }
  const sequence = lookup.events + 1;
  await appendLookupEvent(tx, facilityId, lookupId, sequence, now.toISOString(), 'asking');
  await beginWork(tx, 'lookup', facilityId, lookupId, later(now, LOOKUP_LEASE_MS));
  const passwordMd5 = wirePassword(deps.secrets.open(account.sealed));
  return {
    lookup: { ...lookup, events: sequence },
    question,
    account: { username: account.username, passwordMd5 },
    attempt,
  };
}

/** An account that was shut out while this one waited. */
async function restrained(
  tx: Transaction,
  facilityId: Id,
  { kind }: Lookup,
  now: Date,
): Promise<'restricted' | null> {
  return kind === 'copay' && (await isRestrictedSince(tx, facilityId, dayStart(now))) ? 'restricted' : null;
}

/** Null when nobody is named who may ask. */
function questionOf({ kind, card, name, birth, staffName, staffNationalId }: Lookup): LookupQuestion | null {
  if (kind === 'copay') return { kind, card, name, birth };
  if (staffName === null || staffNationalId === null) return null;
  return { kind, card, name, birth, staffName, staffNationalId };
}

async function end(
  tx: Transaction,
  deps: InsurerDependencies,
  facilityId: Id,
  lookup: LookupAtWork,
  attempt: number,
  outcome: LookupOutcome,
): Promise<void> {
  const now = await deps.ledgerTime(tx);
  await appendLookupEvent(tx, facilityId, lookup.id, lookup.events + 1, now.toISOString(), outcome);
  const next = nextCheckAt(lookup, outcome, attempt, now);
  if (next === null) return endWork(tx, 'lookup', facilityId, lookup.id);
  // The sweep makes it a job when its time has come.
  await postponeWork(tx, 'lookup', facilityId, lookup.id, next.toISOString());
}
