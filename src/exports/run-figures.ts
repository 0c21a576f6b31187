import type { ClaimEventType } from '../claims/index.ts';
import { add, type Money, money, moneyText, zero } from '../platform/money.ts';

/**
 * Where a claim version stands for who watches a run.
 * - `waiting`: nobody has to do anything, it goes on by itself
 * - `unknown`: it may or may not have arrived; goes on by itself
 * - `stopped`: a person held it, or must act before it goes on
 * - `gone`: its visit was reopened, or a later version took its place
 */
export type Stage = 'waiting' | 'received' | 'refused' | 'unknown' | 'stopped' | 'gone';

const STAGES: Readonly<Record<ClaimEventType, Stage>> = {
  built: 'waiting',
  checked: 'waiting',
  signed: 'waiting',
  queued: 'waiting',
  sending: 'waiting',
  notSent: 'waiting',
  released: 'waiting',
  unknown: 'unknown',
  refused: 'refused',
  notSigned: 'stopped',
  held: 'stopped',
  parked: 'stopped',
  received: 'received',
  confirmed: 'received',
  faulty: 'received',
  rejected: 'received',
  paymentRequested: 'received',
  settled: 'received',
  withdrawn: 'gone',
  replaced: 'gone',
};
export const stageOf = (type: ClaimEventType): Stage => STAGES[type];
export const typesIn = (...stages: readonly Stage[]): ClaimEventType[] =>
  (Object.keys(STAGES) as ClaimEventType[]).filter((type) => stages.includes(STAGES[type]));

/** So many claim versions of a facility that stand alike. */
export interface VersionCount {
  readonly type: ClaimEventType;
  /** They have a signed document. */
  readonly isSigned: boolean;
  /** At least one call was begun. */
  readonly isSent: boolean;
  readonly count: number;
  /** đồng, together. */
  readonly insurerPays: string;
}

/** Visits of one facility's part of a run. */
export interface BatchCount {
  readonly found: number;
  readonly built: number;
  readonly setAside: number;
}

/**
 * How far a run is. Each version of `built` stands in exactly one of the stages; `signed` and `sent` count what has come
 * so far, whatever became of it.
 */
export interface RunFigures extends BatchCount, Readonly<Record<Stage, number>> {
  readonly signed: number;
  readonly sent: number;
  /** đồng of all versions but those gone. */
  readonly insurerPays: string;
  readonly insurerPaysReceived: string;
}

export function figuresOf(batches: readonly BatchCount[], versions: readonly VersionCount[]): RunFigures {
  const sum = (name: keyof BatchCount) => batches.reduce((total, batch) => total + batch[name], 0);
  const count = (wanted: (one: VersionCount) => boolean) =>
    versions.filter(wanted).reduce((total, one) => total + one.count, 0);
  const paid = (wanted: (one: VersionCount) => boolean) =>
    moneyText(
      versions.filter(wanted).reduce<Money>((total, one) => add(total, money(one.insurerPays)), zero),
    );
  const at = (stage: Stage) => count(({ type }) => stageOf(type) === stage);
  return {
    found: sum('found'),
    built: sum('built'),
    setAside: sum('setAside'),
    signed: count(({ isSigned }) => isSigned),
    sent: count(({ isSent }) => isSent),
    waiting: at('waiting'),
    received: at('received'),
    refused: at('refused'),
    unknown: at('unknown'),
    stopped: at('stopped'),
    gone: at('gone'),
    insurerPays: paid(({ type }) => stageOf(type) !== 'gone'),
    insurerPaysReceived: paid(({ type }) => stageOf(type) === 'received'),
  };
}
