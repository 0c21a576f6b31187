import { recordAudit } from '../../audit/index.ts';
import { ClaimReadError } from '../../claims/errors.ts';
import { documentBytes } from '../../claims/index.ts';
import { readClaimFile } from '../../claims/reader.ts';
import type { ActingContext, Database, Transaction } from '../../platform/database/index.ts';
import type { LocalDate } from '../../platform/dates.ts';
import { type Id, newId } from '../../platform/ids.ts';
import type { OutboxEntry } from '../../platform/outbox.ts';
import { Problem, type ProblemPlace } from '../../platform/problem.ts';
import type { Catalogues } from '../catalogues.ts';
import { checkerOf, notChecked } from '../check.ts';
import { claimOf } from '../claim.ts';
import type { Neighbours } from '../encounter.ts';
import { judged } from '../exemption.ts';
import { wrongParameters } from '../parameters.ts';
import type { AnyRule, BuiltIns, Claim } from '../rule.ts';
import { ALL_RULES } from '../rules/index.ts';
import { type EffectiveRule, effectiveRules, type RuleSetting } from '../settings.ts';
import { TrialTally, type TriedClaim, touchedRules } from '../trial.ts';
import { readSettings } from './settings.repo.ts';
import { pointed } from './settings.service.ts';
import {
  type BuiltDocument,
  beginTrial,
  builtDocuments,
  countBuilt,
  findTrial,
  finishTrial,
  insertTrial,
  noteProgress,
  type Trial,
  type TrialRule,
} from './trial.repo.ts';

export const TRIAL_QUEUE = 'rule-trial';

export const trialEntry = (facilityId: Id | null, trialId: Id): OutboxEntry => ({
  queue: TRIAL_QUEUE,
  name: 'try',
  jobId: `trial.${trialId}`,
  data: { facilityId, trialId },
});

export interface TrialWish {
  readonly rules: readonly TrialRule[];
  readonly from: LocalDate;
  readonly to: LocalDate;
  /** null = all that the caller may ask for. */
  readonly facilityIds: readonly Id[] | null;
}

/**
 * Notes what is to be tried; the caller enqueues `trialEntry`.
 * @param facilityId null = the province's office
 * @throws invalid-body with the place of what cannot be tried
 */
export async function askTrial(
  tx: Transaction,
  facilityId: Id | null,
  wish: TrialWish,
  now: Date,
): Promise<Trial> {
  const places = wrongPlaces(wish);
  if (places.length > 0) throw new Problem('invalid-body', {}, places);
  const id = newId(now.getTime());
  await insertTrial(tx, { ...wish, id, facilityId, askedAt: now.toISOString() });
  recordAudit(tx, {
    action: 'rule.tried',
    subjectType: 'rule-trial',
    subjectId: id,
    detail: { rules: wish.rules.map((rule) => rule.id), from: wish.from, to: wish.to },
  });
  return readTrial(tx, facilityId, id);
}

function wrongPlaces({ rules, from, to }: TrialWish): readonly ProblemPlace[] {
  const byId = new Map(ALL_RULES.map((one) => [one.id, one]));
  const places = rules.flatMap(({ id, params = {} }, index): ProblemPlace[] => {
    const rule = byId.get(id);
    const isTwice = rules.findIndex((one) => one.id === id) < index;
    if (!rule || isTwice)
      return [
        { pointer: `/rules/${index}/id`, message: `problem.place.${rule ? 'ruleTwice' : 'unknownRule'}` },
      ];
    return wrongParameters(rule.params, params).map(({ name, what }) => ({
      pointer: `/rules/${index}/params/${pointed(name)}`,
      message: `problem.place.${what}`,
    }));
  });
  return to <= from ? [...places, { pointer: '/to', message: 'problem.place.beforeStart' }] : places;
}

/** @throws not-found */
export async function readTrial(tx: Transaction, facilityId: Id | null, id: Id): Promise<Trial> {
  const found = await findTrial(tx, facilityId, id);
  if (!found) throw new Problem('not-found', { what: 'rule-trial' });
  return found;
}

/** What surrounds claims that are judged again: the data that rules need, and the other visits near each of them. */
export interface Surroundings {
  readonly catalogues: Catalogues;
  /** Does `around` know other visits? */
  readonly knowsOthers: boolean;
  readonly around: (claims: readonly Claim[]) => Promise<(claim: Claim) => Neighbours>;
}

export interface TrialDependencies {
  readonly database: Database;
  readonly builtIns: BuiltIns;
  readonly now: () => Date;
  /** Facilities of the province, with their codes. */
  readonly facilities: readonly { readonly id: Id; readonly code: string }[];
  readonly contextOf: (facilityId: Id | null) => ActingContext;
  readonly surroundings: (tx: Transaction, facilityId: Id) => Promise<Surroundings>;
}

const CHUNK = 100;
/** A trial that has not come to its end after so long never will. */
const GIVEN_UP_MS = 86_400_000;

/** Runs a trial over the stored claims, without writing anything about them. Killed half way, it begins anew. */
export async function runTrial(deps: TrialDependencies, facilityId: Id | null, id: Id): Promise<void> {
  const asOffice = deps.contextOf(facilityId);
  const trial = await deps.database.transaction(asOffice, (tx) => readTrial(tx, facilityId, id));
  if (trial.finishedAt !== null) return;
  const at = () => deps.now().toISOString();
  if (Date.parse(trial.askedAt) < deps.now().getTime() - GIVEN_UP_MS) {
    await deps.database.transaction(asOffice, (tx) => finishTrial(tx, id, trial.done, null, at()));
    return;
  }
  const facilities = deps.facilities.filter((one) =>
    facilityId === null ? (trial.facilityIds?.includes(one.id) ?? true) : one.id === facilityId,
  );
  let total = 0;
  for (const one of facilities)
    total += await deps.database.transaction(deps.contextOf(one.id), (tx) =>
      countBuilt(tx, one.id, trial.from, trial.to),
    );
  await deps.database.transaction(asOffice, (tx) => beginTrial(tx, id, total, at()));
  const asked = trial.rules.map((rule) => rule.id);
  const rules = touchedRules(asked, ALL_RULES);
  const tally = new TrialTally(rules, asked);
  for (const one of facilities) {
    let after: BuiltDocument | undefined;
    do {
      after = await deps.database.transaction(deps.contextOf(one.id), (tx) =>
        tryChunk(tx, deps, trial, rules, one, after, tally),
      );
      await deps.database.transaction(asOffice, (tx) => noteProgress(tx, id, tally.claims, at()));
    } while (after);
  }
  await deps.database.transaction(asOffice, (tx) => finishTrial(tx, id, tally.claims, tally.result(), at()));
}

/** @returns the last document, when there may be more after it */
async function tryChunk(
  tx: Transaction,
  deps: TrialDependencies,
  trial: Trial,
  rules: readonly AnyRule[],
  facility: TrialDependencies['facilities'][number],
  after: BuiltDocument | undefined,
  tally: TrialTally,
): Promise<BuiltDocument | undefined> {
  const documents = await builtDocuments(tx, facility.id, trial.from, trial.to, after ?? null, CHUNK);
  const settings = await readSettings(tx);
  const surroundings = await deps.surroundings(tx, facility.id);
  const read = documents.flatMap(({ compressed, answer }) => {
    const file = readStored(compressed);
    const tables = file?.records[0];
    if (!file || !tables) {
      tally.unreadable();
      return [];
    }
    return [{ claim: claimOf(file.facilityCode, tables), madeOn: file.madeOn, answer }];
  });
  const around = await surroundings.around(read.map(({ claim }) => claim));
  const judges = judgesOf(deps, trial, rules, facility.id, settings, surroundings);
  tally.missing(judges.missing);
  for (const { claim, madeOn, answer } of read) {
    const sides = judges.on(madeOn);
    const judge = (side: Judge): TriedClaim['tried'] =>
      judged(side.checker.claim(claim, madeOn, around(claim)), side.inForce, claim);
    tally.take({
      facilityCode: facility.code,
      claim,
      answer,
      tried: judge(sides.tried),
      inForce: judge(sides.inForce),
    });
  }
  return documents.length < CHUNK ? undefined : documents.at(-1);
}

interface Judge {
  readonly inForce: readonly EffectiveRule[];
  readonly checker: ReturnType<typeof checkerOf>;
}

/** The rules as they are set, and as they would be with what is tried on top of the caller's level; by day. */
function judgesOf(
  { builtIns }: TrialDependencies,
  trial: Trial,
  rules: readonly AnyRule[],
  facilityId: Id,
  settings: readonly RuleSetting[],
  { catalogues, knowsOthers }: Surroundings,
) {
  const claims = knowsOthers ? 2 : 1;
  const tried = [...settings, ...trial.rules.map((wish) => asSetting(wish, trial.facilityId))];
  const judge = (set: readonly RuleSetting[], day: LocalDate): Judge => {
    const inForce = effectiveRules(set, facilityId, day, rules);
    return {
      inForce,
      checker: checkerOf({ rules: inForce.map(({ rule }) => rule), builtIns, catalogues }, claims),
    };
  };
  const days = new Map<LocalDate, { readonly tried: Judge; readonly inForce: Judge }>();
  return {
    missing: notChecked({ rules, builtIns, catalogues }, claims),
    on(day: LocalDate) {
      const known = days.get(day) ?? { tried: judge(tried, day), inForce: judge(settings, day) };
      days.set(day, known);
      return known;
    },
  };
}

const asSetting = ({ id, ...wish }: TrialRule, facilityId: Id | null): RuleSetting => ({
  facilityId,
  rule: id,
  number: Number.MAX_SAFE_INTEGER,
  validFrom: '0001-01-01',
  validTo: null,
  isEnabled: wish.isEnabled ?? true,
  effect: wish.effect ?? null,
  params: wish.params ?? {},
  exempt: wish.exempt ?? {},
});

function readStored(compressed: Buffer) {
  try {
    return readClaimFile(documentBytes(compressed));
  } catch (error) {
    if (error instanceof ClaimReadError) return undefined;
    throw error;
  }
}
