import { recordAudit } from '../../audit/index.ts';
import { ClaimReadError, documentBytes, readClaimFile } from '../../claims/index.ts';
import { readVisits } from '../../encounters/index.ts';
import type { ActingContext, Database, Transaction } from '../../platform/database/index.ts';
import type { LocalDate } from '../../platform/dates.ts';
import { type Id, newId } from '../../platform/ids.ts';
import { Problem, type ProblemPlace } from '../../platform/problem.ts';
import type { Catalogues } from '../catalogues.ts';
import type { NotChecked } from '../check.ts';
import { claimOf } from '../claim.ts';
import { type InForce, rulesInForce, type Selected } from '../in-force.ts';
import { wrongParameters } from '../parameters.ts';
import type { AnyRule, Claim } from '../rule.ts';
import { ALL_RULES } from '../rules/index.ts';
import type { RuleSetting } from '../settings.ts';
import { TrialTally, type TriedClaim, touchedRules } from '../trial.ts';
import { neighboursAmong, readSurroundings } from './assess.service.ts';
import { type Assessing, cataloguesFor, dayOf, type Here, isAskable, judge } from './judge.ts';
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

export interface TrialDependencies {
  readonly database: Database;
  /** Facilities, catalogues, the law: settings and time are those of the trial and of each claim. */
  readonly assessing: Omit<Assessing, 'settings' | 'now'>;
  readonly now: () => Date;
  readonly contextOf: (facilityId: Id | null) => ActingContext;
}

const CHUNK = 100;
/** A trial that has not come to its end after so long never will. */
const GIVEN_UP_MS = 86_400_000;

/** Runs a trial over the stored claims, without writing anything about them. Killed half way, it begins anew. */
export async function runTrial(deps: TrialDependencies, facilityId: Id | null, id: Id): Promise<void> {
  const inOwn = <T>(work: (tx: Transaction) => Promise<T>) =>
    deps.database.transaction(deps.contextOf(facilityId), work);
  const at = () => deps.now().toISOString();
  const trial = await inOwn((tx) => readTrial(tx, facilityId, id));
  if (trial.finishedAt !== null) return;
  if (Date.parse(trial.askedAt) < deps.now().getTime() - GIVEN_UP_MS)
    return inOwn((tx) => finishTrial(tx, id, trial.done, null, at()));
  const facilities = deps.assessing.directory.facilities.filter((one) =>
    facilityId === null ? (trial.facilityIds?.includes(one.id) ?? true) : one.id === facilityId,
  );
  const total = await countAll(deps, trial, facilities);
  await inOwn((tx) => beginTrial(tx, id, total, at()));
  const lab = labOf(trial);
  for (const here of facilities)
    for (let after: BuiltDocument | null | undefined = null; after !== undefined; ) {
      const from: BuiltDocument | null = after;
      after = await deps.database.transaction(deps.contextOf(here.id), (tx) =>
        tryChunk(tx, deps, trial, lab, here, from),
      );
      await inOwn((tx) => noteProgress(tx, id, lab.tally.claims, at()));
    }
  await inOwn((tx) => finishTrial(tx, id, lab.tally.claims, lab.tally.result(), at()));
}

async function countAll(
  deps: TrialDependencies,
  { from, to }: Trial,
  facilities: readonly Here[],
): Promise<number> {
  let total = 0;
  for (const { id } of facilities)
    total += await deps.database.transaction(deps.contextOf(id), (tx) => countBuilt(tx, id, from, to));
  return total;
}

/** What is kept from claim to claim: the rules that the change can move, and the counts. */
interface Lab {
  readonly rules: readonly AnyRule[];
  readonly ids: ReadonlySet<string>;
  readonly tally: TrialTally;
  /** Of the two sets of rules, which are asked; as long as a set is the same list, they are the same rules. */
  readonly selected: WeakMap<InForce, Selected>;
}

function labOf(trial: Trial): Lab {
  const asked = trial.rules.map((rule) => rule.id);
  const rules = touchedRules(asked, ALL_RULES);
  return {
    rules,
    ids: new Set(rules.map(({ id }) => id)),
    tally: new TrialTally(rules, asked),
    selected: new WeakMap(),
  };
}

/** @returns the last document, when there may be more after it */
async function tryChunk(
  tx: Transaction,
  deps: TrialDependencies,
  trial: Trial,
  lab: Lab,
  here: Here,
  after: BuiltDocument | null,
): Promise<BuiltDocument | undefined> {
  const documents = await builtDocuments(tx, here.id, trial.from, trial.to, after, CHUNK);
  const ids = documents.map(({ encounterId }) => encounterId);
  const settings = await readSettings(tx);
  const tried = [...settings, ...trial.rules.map((wish) => asSetting(wish, trial.facilityId))];
  const assessing = { ...deps.assessing, settings, now: deps.now() };
  const visits = new Map((await readVisits(tx, here.id, ids)).map((visit) => [visit.encounter.id, visit]));
  const read = documents.flatMap(({ encounterId, compressed, answer, at }) => {
    const [visit, claim] = [visits.get(encounterId), readStored(compressed)];
    if (visit && claim) return [{ visit, claim, answer, at }];
    lab.tally.unreadable();
    return [];
  });
  const surroundings = await readSurroundings(
    tx,
    assessing,
    here,
    read.map(({ visit }) => visit),
  );
  const neighbours = neighboursAmong(here, read, surroundings);
  for (const { visit, claim, answer, at } of read) {
    // It is judged as on the day on which it was made: what was too early then is found, what is late today is not.
    const judged = (set: readonly RuleSetting[]): TriedClaim['tried'] =>
      judge(
        'export',
        { ...assessing, settings: set, now: new Date(at) },
        here,
        { visit, claim },
        () => neighbours(visit.encounter.id),
        selectedOf(lab, set, here, dayOf(visit)),
      ).findings;
    lab.tally.missing(notKnown(lab, cataloguesFor(assessing, here, dayOf(visit))));
    lab.tally.take({
      facilityCode: here.code,
      claim,
      answer,
      tried: judged(tried),
      inForce: judged(settings),
    });
  }
  return documents.length < CHUNK ? undefined : documents.at(-1);
}

function selectedOf(lab: Lab, settings: readonly RuleSetting[], here: Here, day: LocalDate): Selected {
  const inForce = rulesInForce(settings, here.id, day);
  const known = lab.selected.get(inForce);
  if (known) return known;
  const { rules } = inForce.at('export');
  const selected = { rules: rules.filter(({ id }) => lab.ids.has(id)), speaking: lab.ids };
  lab.selected.set(inForce, selected);
  return selected;
}

const notKnown = ({ rules }: Lab, catalogues: Catalogues): readonly NotChecked[] =>
  rules.flatMap((rule) => {
    const needs = isAskable(rule, catalogues)
      ? undefined
      : rule.needs?.find((name) => !isAskable({ ...rule, needs: [name] }, catalogues));
    return needs === undefined ? [] : [{ rule: rule.id, needs }];
  });

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

function readStored(compressed: Buffer): Claim | undefined {
  try {
    const { facilityCode, records } = readClaimFile(documentBytes(compressed));
    return records[0] && claimOf(facilityCode, records[0]);
  } catch (error) {
    if (error instanceof ClaimReadError) return undefined;
    throw error;
  }
}
