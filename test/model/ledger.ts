import { type ClaimEventType, isLegal, type VersionHistory } from '../../src/claims/index.ts';
import {
  mayBegin,
  mayStand,
  outcomeType,
  recordingOf,
  reopening,
  replacedBy,
  resolving,
  stateOf,
} from '../../src/exports/index.ts';
import { classify, type Observation } from '../../src/gateway/index.ts';
import type { Model } from './explore.ts';
import { type Bounds, JUST_NOW, keyOf, LEASE_MS, LONG_AGO, NOW, type State, type Worker } from './state.ts';

/** What the program decides. The tests put a wrong one in its place, to see that the model finds it. */
export interface Decisions {
  readonly mayBegin: typeof mayBegin;
  readonly recordingOf: typeof recordingOf;
  readonly reopening: typeof reopening;
  readonly resolving: typeof resolving;
  readonly isLegal: typeof isLegal;
  /** Does a worker look at its time before it calls? */
  readonly looksAtTime: boolean;
}
export const REAL: Decisions = { mayBegin, recordingOf, reopening, resolving, isLegal, looksAtTime: true };

const VERSIONS = 2;
const CALLS_PER_VERSION = 2;

/** What a call can come to: whether the record arrived, and what was seen of it. The table of the sender judges it. */
const CALLS: readonly (readonly [string, boolean, Partial<Observation>])[] = [
  ['arrives', true, { httpStatus: 200, code: '200', reference: 'T1' }],
  ['arrives, the answer is lost', true, { failure: 'reset', bodySent: true }],
  ['is lost', false, { failure: 'timeout', bodySent: true }],
  ['does not get out', false, { failure: 'connect', bodySent: false }],
  ['is refused', false, { httpStatus: 200, code: '123' }],
  ['arrives, the answer is strange', true, { httpStatus: 200, code: '777' }],
  ['is refused, for one is there', false, { httpStatus: 200, code: '124' }],
];
const NOTHING: Observation = {
  call: 'claim',
  bodySent: true,
  failure: null,
  httpStatus: null,
  code: null,
  reference: null,
  retryAfterSeconds: null,
  sessionRenewed: false,
};
const ANSWERS = CALLS.map(
  ([name, isThere, seen]) =>
    [name, isThere, outcomeType({ ...classify({ ...NOTHING, ...seen }), code: seen.code ?? null })] as const,
);

export function ledgerModel(decide: Decisions, bounds: Bounds): Model<State> {
  const append = (state: State, number: number, ...types: readonly ClaimEventType[]): State =>
    types.reduce((before, type) => appended(before, number, type, decide), state);

  /** What becomes of a worker's job for a version, whichever job it is and however old. */
  function begun(state: State, worker: number, number: number): State | null {
    const own = state.versions[number - 1]!;
    if (own.attempt >= CALLS_PER_VERSION) return null;
    const beginning = decide.mayBegin(number, state.onList, state.versions, NOW, LEASE_MS);
    if (beginning.may !== 'send') return null;
    const known = beginning.gone.reduce((before, gone) => append(before, gone, 'unknown'), state);
    const sequence = known.versions[number - 1]!.types.length + 1;
    return withWorker(append(known, number, 'sending'), worker, { number, sequence });
  }

  function called(state: State, worker: number): (readonly [string, State])[] {
    const { number, sequence } = state.workers[worker]!;
    if (decide.looksAtTime && hasPassed(state, number, sequence))
      return [['is too late to call', withWorker(state, worker, null)]];
    const isKnown = bounds.rejects && state.arrived.length > 0;
    const possible = ANSWERS.filter(([, isThere, answer]) => (isKnown ? !isThere : answer !== 'duplicate'));
    return possible.map(([name, isThere, answer]) => [
      `call of v${number} ${name}`,
      withWorker(isThere ? arrival(state, number) : state, worker, { number, sequence, answer }),
    ]);
  }

  function recorded(state: State, worker: number): State {
    const { number, sequence, answer } = state.workers[worker]!;
    const { own, replaced } = decide.recordingOf(state.versions, { number, sequence }, answer!);
    const rested = withWorker(state, worker, null);
    if (own === null) return rested;
    if (own === 'refused' && answer === 'duplicate' && state.arrived.includes(number))
      return { ...rested, crime: INVARIANTS.known };
    const isOver = own === 'received' || own === 'refused' || own === 'parked';
    const told = replaced.reduce(
      (before, one) => append(before, one, 'replaced'),
      append(rested, number, own),
    );
    return isOver ? finished(told, number) : told;
  }

  function* ofWorkers(state: State): Iterable<readonly [string, State]> {
    for (const [index, worker] of state.workers.entries()) {
      const name = `worker ${'AB'[index]}`;
      if (worker === null) {
        for (const { number } of state.versions) {
          const after = begun(state, index, number);
          if (after !== null) yield [`${name} begins v${number}`, after];
        }
        continue;
      }
      yield [`${name} dies`, withWorker(state, index, null)];
      if (worker.answer === undefined)
        for (const [what, after] of called(state, index)) yield [`${name}: ${what}`, after];
      else yield [`${name} writes ${worker.answer} of v${worker.number}`, recorded(state, index)];
    }
  }

  function* ofPeople(state: State): Iterable<readonly [string, State]> {
    const { isSettled, onList, left } = state;
    const newest = state.versions.at(-1);
    if (!isSettled) yield ['settled again', { ...state, isSettled: true, onList: 0 }];
    if (isSettled && left.reopenings > 0) {
      const open = { ...state, isSettled: false, left: { ...left, reopenings: left.reopenings - 1 } };
      const what = decide.reopening(onList, newest?.types ?? null);
      const cancelled = { ...open, onList: undefined };
      if (what === 'leave') yield ['reopened, left as it is', open];
      else if (what === 'cancel') yield ['reopened, nothing was built', cancelled];
      else yield [`reopened, v${newest!.number} withdrawn`, append(cancelled, newest!.number, 'withdrawn')];
    }
    if (!newest || onList === 0) return;
    const { number } = newest;
    if (left.holds > 0 && decide.isLegal(stateOf(newest), 'held'))
      yield [
        `v${number} held`,
        append({ ...state, left: { ...left, holds: left.holds - 1 } }, number, 'held'),
      ];
    if (stateOf(newest) === 'held')
      yield [`v${number} released`, append(state, number, 'released', 'queued')];
    yield* ofTheParked(state);
  }

  /** A person looks at the portal: what is there is received, anything may be sent again. */
  function* ofTheParked(state: State): Iterable<readonly [string, State]> {
    const { isSettled, onList, left, versions } = state;
    if (left.decisions === 0) return;
    const decided = { ...state, left: { ...left, decisions: left.decisions - 1 } };
    for (const { number } of versions) {
      if (decide.resolving(number, onList, versions, isSettled) !== 'resolve') continue;
      const again = append({ ...decided, onList: number }, number, 'released', 'queued');
      yield [`v${number} is to be sent again`, again];
      if (state.arrived.includes(number))
        yield [`v${number} is seen on the portal`, foundThere(decided, number)];
    }
  }

  function foundThere(state: State, number: number): State {
    const told = replacedBy(state.versions, number).reduce(
      (before, earlier) => append(before, earlier, 'replaced'),
      append(state, number, 'received'),
    );
    return finished(told, number);
  }

  function* ofTheWorld(state: State): Iterable<readonly [string, State]> {
    const number = state.versions.length + 1;
    if (state.onList === 0 && number <= VERSIONS) {
      const added = { number, types: [], at: JUST_NOW, attempt: 0 };
      const room = { ...state, onList: number, versions: [...state.versions, added] };
      yield [`v${number} built`, append(room, number, 'built', 'checked', 'queued')];
    }
    for (const one of state.versions) {
      if (stateOf(one) === 'sending' && one.at === JUST_NOW)
        yield [`the lease of v${one.number} passes`, withVersion(state, { ...one, at: LONG_AGO })];
      if (stateOf(one) === 'unknown' && state.arrived.includes(one.number))
        yield [`v${one.number} is found at the insurer`, foundThere(state, one.number)];
      if (state.arrived.at(-1) !== one.number) continue;
      if (stateOf(one) === 'received')
        yield [`the insurer finds v${one.number} faulty`, append(state, one.number, 'faulty')];
    }
  }

  return {
    start: {
      isSettled: true,
      onList: 0,
      versions: [],
      workers: [null, null],
      arrived: [],
      left: bounds,
      crime: null,
    },
    key: keyOf,
    *steps(state) {
      yield* ofWorkers(state);
      yield* ofPeople(state);
      yield* ofTheWorld(state);
    },
    broken: (state) => brokenInvariant(state, decide),
  };
}

/** What must hold in every state, in words. */
export const INVARIANTS = {
  newest: 'the insurer has one active record of the visit, and it is the newest version that ever reached it',
  order: 'no version is called after a later one has begun to be sent',
  withdrawn: 'nothing is sent that was withdrawn, and what was withdrawn never reached the insurer',
  legal: 'a version goes from state to state by the listed transitions alone',
  kept: 'a settled visit has ended as received, or is on the work list, or waits for a person',
  moving:
    'what is on the work list and not held can be sent, as soon as no call of the visit can be under way',
  known: 'a version that the insurer refuses since it has it waits for a person to find it there',
  truth: 'what the ledger calls received has reached the insurer',
  replaced:
    'once the newest version is received, every earlier one that reached the insurer is called replaced',
} as const;

/** A person looks at these: a correction, an unreadable answer, a decision to wait. */
const WITH_A_PERSON: ReadonlySet<ClaimEventType> = new Set(['refused', 'parked', 'held', 'faulty']);
const IS_THERE: ReadonlySet<ClaimEventType> = new Set(['received', 'faulty']);

function brokenInvariant(state: State, decide: Decisions): string | null {
  if (state.crime !== null) return state.crime;
  const { versions, arrived, onList } = state;
  const newest = versions.at(-1);
  if (arrived.some((number, index) => number < Math.max(...arrived.slice(0, index))))
    return INVARIANTS.newest;
  for (const { number, types } of versions) {
    const isHere = arrived.includes(number);
    if (types.at(-1) === 'withdrawn' && isHere) return INVARIANTS.withdrawn;
    if (types.some((type) => IS_THERE.has(type)) && !isHere) return INVARIANTS.truth;
  }
  if (newest && IS_THERE.has(stateOf(newest)))
    if (versions.some((one) => one !== newest && mayStand(one.types) && stateOf(one) !== 'replaced'))
      return INVARIANTS.replaced;
  if (!state.isSettled) return null;
  if (onList === undefined)
    return newest && (IS_THERE.has(stateOf(newest)) || WITH_A_PERSON.has(stateOf(newest)))
      ? null
      : INVARIANTS.kept;
  if (onList === 0) return null;
  if (onList !== newest?.number) return INVARIANTS.kept;
  const later = versions.map((one) => ({ ...one, at: LONG_AGO }));
  const may = decide.mayBegin(onList, onList, later, NOW, LEASE_MS).may;
  return may === 'send' || WITH_A_PERSON.has(stateOf(newest)) ? null : INVARIANTS.moving;
}

/** The transaction that appends is refused by the database when the transition is not listed. */
function appended(state: State, number: number, type: ClaimEventType, decide: Decisions): State {
  const own = state.versions[number - 1]!;
  const crime = decide.isLegal(own.types.at(-1) ?? 'none', type) ? state.crime : INVARIANTS.legal;
  const types = [...own.types, type];
  const attempt = own.attempt + (type === 'sending' ? 1 : 0);
  return withVersion({ ...state, crime }, { number, types, at: JUST_NOW, attempt });
}

function arrival(state: State, number: number): State {
  const later = state.versions.some((one) => one.number > number && one.types.includes('sending'));
  const isWithdrawn = stateOf(state.versions[number - 1]!) === 'withdrawn';
  const crime = later ? INVARIANTS.order : isWithdrawn ? INVARIANTS.withdrawn : state.crime;
  return { ...state, crime, arrived: [...state.arrived.filter((one) => one !== number), number] };
}

/** The lease of that very call has passed, or somebody has written of it meanwhile. */
function hasPassed({ versions }: State, number: number, sequence: number): boolean {
  const { types, at } = versions[number - 1]!;
  return types.length > sequence || at === LONG_AGO;
}

const finished = (state: State, number: number): State =>
  state.onList === number ? { ...state, onList: undefined } : state;
const withVersion = (state: State, changed: VersionHistory): State => ({
  ...state,
  versions: state.versions.map((one) => (one.number === changed.number ? changed : one)),
});
const withWorker = (state: State, index: number, worker: Worker): State => ({
  ...state,
  workers: state.workers.map((one, place) => (place === index ? worker : one)),
});
