import type { Clock, Instant } from '../../platform/dates.ts';
import { CallLog } from './call-log.ts';
import { Faults } from './faults.ts';
import { People } from './people.ts';
import { Sessions } from './sessions.ts';
import type { SimulatorSettings } from './settings.ts';
import { withSettings } from './settings.ts';
import { Certificates, type RegisteredCertificate } from './signature.ts';
import { Store } from './store.ts';

export interface WorldOptions {
  readonly settings: Readonly<Record<string, unknown>>;
  readonly seed: string;
  readonly accounts: 'any' | readonly string[];
  readonly snapshotFile: string | null;
  readonly certificates: readonly RegisteredCertificate[];
  readonly clock: Clock;
}

/** A clock that can be set, moved and stopped from outside. */
class MovableClock {
  private readonly base: Clock;
  private offsetMs = 0;
  private frozenMs: number | null = null;

  constructor(base: Clock) {
    this.base = base;
  }

  nowMs(): number {
    return this.frozenMs ?? this.base.now().getTime() + this.offsetMs;
  }

  set(ms: number, frozen: boolean): void {
    this.offsetMs = ms - this.base.now().getTime();
    this.frozenMs = frozen ? ms : null;
  }

  get isFrozen(): boolean {
    return this.frozenMs !== null;
  }

  reset(): void {
    this.offsetMs = 0;
    this.frozenMs = null;
  }
}

/** All the state of one simulated gateway; the listeners only pass calls to it. */
export class World {
  readonly clock: MovableClock;
  readonly sessions: Sessions;
  readonly faults: Faults;
  readonly store: Store;
  readonly log = new CallLog();
  readonly certificates: Certificates;
  readonly people = new People();
  settings: SimulatorSettings;
  isInMaintenance = false;
  /** Token calls under way per account, and accounts that were told 403. */
  readonly takingToken = new Map<string, number>();
  readonly toldLocked = new Set<string>();
  /** Accounts on the list of those that may not look up co-payments any more. */
  readonly restricted = new Set<string>();
  private readonly initialSettings: SimulatorSettings;

  constructor(options: WorldOptions) {
    this.clock = new MovableClock(options.clock);
    this.initialSettings = withSettings(options.settings);
    this.settings = this.initialSettings;
    this.sessions = new Sessions(options.seed, options.accounts);
    this.faults = new Faults(options.seed);
    this.certificates = new Certificates(options.certificates);
    this.store = new Store(options.snapshotFile);
  }

  now(): Instant {
    return new Date(this.clock.nowMs()).toISOString();
  }

  reset(): void {
    this.clock.reset();
    this.settings = this.initialSettings;
    this.sessions.reset();
    this.faults.clear();
    this.store.reset();
    this.log.reset();
    this.certificates.reset();
    this.isInMaintenance = false;
    this.takingToken.clear();
    this.toldLocked.clear();
    this.restricted.clear();
    this.people.reset();
  }

  /** Counts, sums and flags over everything received, or over one facility. */
  report(maCSKCB: string | null) {
    const { money, active, replaced, checkIns, papers, transactions, twoActiveRecords } =
      this.store.totals(maCSKCB);
    const { calls, answers, flags } = this.log.counts();
    return {
      now: this.now(),
      records: { active, replaced },
      checkIns,
      papers,
      transactions,
      money,
      calls,
      answers,
      flags: { ...flags, twoActiveRecords },
    };
  }
}
