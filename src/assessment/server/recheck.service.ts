import { recordAudit } from '../../audit/index.ts';
import type { ActingContext } from '../../platform/database/index.ts';
import { type Database, SYSTEM_USER, type Transaction } from '../../platform/database/index.ts';
import { type Id, newId } from '../../platform/ids.ts';
import { Problem } from '../../platform/problem.ts';
import type { CauseKind, Stage } from '../rule.ts';
import { visitsWith } from './cause.repo.ts';
import { blockedVisits } from './decision.repo.ts';
import {
  advance,
  findRecheck,
  insertRecheck,
  type RecheckView,
  stagesOf,
  takeVisits,
  tallyOf,
} from './recheck.repo.ts';
import { ruleOf } from './settings.service.ts';

/** What was put right: a cause, a rule, or these visits. Exactly one of them. */
export interface RecheckWish {
  readonly cause?: { readonly kind: CauseKind; readonly key: string };
  readonly rule?: string;
  readonly encounterIds?: readonly Id[];
}

/**
 * Notes which visits are to be checked again: exactly those that the correction can have changed. The caller enqueues
 * `recheckEntry` where there are any.
 * @throws not-found for a visit that is not this facility's, or a rule that nobody knows
 */
export async function askRecheck(
  tx: Transaction,
  facilityId: Id,
  wish: RecheckWish,
  now: Date,
): Promise<RecheckView> {
  if (wish.rule !== undefined) ruleOf(wish.rule);
  const encounterIds = wish.encounterIds
    ? await known(tx, facilityId, wish.encounterIds)
    : await visitsWith(tx, facilityId, wish);
  const id = newId(now.getTime());
  const { userId } = tx.context;
  await insertRecheck(tx, {
    facilityId,
    id,
    askedBy: userId === SYSTEM_USER ? null : userId,
    askedAt: now.toISOString(),
    cause: wish.cause ?? null,
    rule: wish.rule ?? null,
    encounterIds,
    before: await tallyOf(tx, facilityId, encounterIds),
  });
  recordAudit(tx, {
    action: 'recheck.asked',
    subjectType: 'recheck',
    subjectId: id,
    detail: { rule: wish.rule ?? null, cause: wish.cause?.kind ?? null, visits: encounterIds.length },
  });
  return readRecheck(tx, facilityId, id);
}

async function known(tx: Transaction, facilityId: Id, ids: readonly Id[]): Promise<Id[]> {
  const wanted = new Set(ids);
  const found = (await stagesOf(tx, facilityId, [...wanted])).map(({ id }) => id);
  if (found.length < wanted.size) throw new Problem('not-found', { what: 'encounter' });
  return found;
}

/** @throws not-found */
export async function readRecheck(tx: Transaction, facilityId: Id, id: Id): Promise<RecheckView> {
  const found = await findRecheck(tx, facilityId, id);
  if (!found) throw new Problem('not-found', { what: 'recheck' });
  return found;
}

/** What a recheck needs from outside: how visits are assessed, and what becomes of claims that nothing keeps back. */
export interface RecheckDependencies {
  readonly database: Database;
  readonly now: () => Date;
  readonly assess: (tx: Transaction, encounterIds: readonly Id[], stage: Stage) => Promise<unknown>;
  readonly wake: (tx: Transaction, encounterIds: readonly Id[]) => Promise<unknown>;
  /** Visits of one transaction: bounds memory and its length. */
  readonly chunk?: number;
}

const CHUNK = 50;

/** Checks the visits of a recheck again, some at a time; killed half way, it goes on where it was. */
export async function runRecheck(
  deps: RecheckDependencies,
  context: ActingContext,
  facilityId: Id,
  id: Id,
): Promise<void> {
  while (await deps.database.transaction(context, (tx) => step(tx, deps, facilityId, id)));
}

async function step(tx: Transaction, deps: RecheckDependencies, facilityId: Id, id: Id): Promise<boolean> {
  const taken = await takeVisits(tx, facilityId, id, deps.chunk ?? CHUNK);
  if (!taken) return false;
  const { encounterIds, all } = taken;
  const blockedBefore = await blockedVisits(tx, facilityId, encounterIds);
  const stages = await stagesOf(tx, facilityId, encounterIds);
  for (const [stage, visits] of Map.groupBy(stages, (one) => one.stage))
    if (stage !== null)
      await deps.assess(
        tx,
        visits.map((one) => one.id),
        stage,
      );
  const blockedAfter = await blockedVisits(tx, facilityId, encounterIds);
  const freed = [...blockedBefore.keys()].filter((one) => !blockedAfter.has(one));
  if (freed.length > 0) await deps.wake(tx, freed);
  const done = taken.done + encounterIds.length;
  const isLast = done >= all.length;
  await advance(tx, facilityId, id, {
    done,
    freed: freed.length,
    after: isLast ? await tallyOf(tx, facilityId, all) : null,
    at: deps.now().toISOString(),
  });
  return !isLast;
}
