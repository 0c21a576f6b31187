import { type Random, randomFrom } from '../../src/demo/visits/random.ts';
import type { BackendKind } from '../harness/plant.ts';

/** Processes of the stage that die and come back. */
export type Victim = 'worker-1' | 'worker-2' | 'api' | 'postgres' | 'connections' | 'redis' | 'simulator';
/** Processes whose machine has a clock. */
export type Timekeeper = 'worker-1' | 'worker-2' | 'api' | 'simulator' | 'all';

/** When: how far the day has come, from 0 (nothing recorded) to 1 (all recorded and received), so that a slow machine sees the same day. */
export type Disturbance =
  /** Killed without warning; back after so long. `connections`: one process of the database server dies, and with it all connections. */
  | { readonly at: number; readonly kind: 'kill'; readonly who: Victim; readonly downMs: number }
  /** From now on that clock differs by so much from the time of the world. */
  | { readonly at: number; readonly kind: 'clock'; readonly who: Timekeeper; readonly offsetMs: number }
  /** The facility gets a new key and certificate. */
  | { readonly at: number; readonly kind: 'rotate'; readonly facility: string };

/** A settled visit is taken up again, so long after it was settled. */
export interface Return {
  readonly afterMs: number;
  /** settled as it is, with one line more, or not at all */
  readonly how: 'asItIs' | 'withMore' | 'leftOpen';
}

/** What the way to the gateway does to one call. */
export type Mishap =
  | { readonly kind: 'none' }
  | { readonly kind: 'lostOnTheWay' | 'answerLost' | 'answerCut' | 'twice' }
  | { readonly kind: 'late'; readonly ms: number };

/** Everything that goes wrong on one day; the same seed makes the same plan. */
export interface ChaosPlan {
  readonly seed: number;
  readonly backend: BackendKind;
  readonly visits: number;
  readonly facilities: readonly string[];
  /** In order. */
  readonly disturbances: readonly Disturbance[];
  /** What the gateway itself answers wrongly: fault rules of the simulator. */
  readonly faults: readonly object[];
  returnsOf(visit: string): readonly Return[];
  /** Asked once for each call, in the order in which calls come. */
  nextMishap(): Mishap;
}

export const FACILITIES = ['40001', '40002', '40016', '40021', '40101', '40102', '40103', '40104'] as const;
/** Of those, one exports each visit as soon as it is settled. */
export const AT_ONCE = '40021';
const VISITS = 200;
const MINUTE = 60_000;
/** A token's life, an hour-long pause, a clock that was behind. */
const OFFSETS = [-20 * MINUTE, -90_000, 11 * MINUTE, 65 * MINUTE, 3 * 60 * MINUTE, 0];
const CLAIM_PATH = '/api/qd130/guiHoSoXmlQD3176';

export function planOf(seed: number, backend: BackendKind, visits = VISITS): ChaosPlan {
  const random = randomFrom('chaos', seed, backend);
  const mishaps = randomFrom('chaos-network', seed, backend);
  return {
    seed,
    backend,
    visits,
    facilities: FACILITIES,
    disturbances: disturbances(random, backend).toSorted((a, b) => a.at - b.at),
    faults: faults(seed),
    returnsOf: (visit) => returns(randomFrom('chaos-returns', seed, visit)),
    nextMishap: () => mishap(mishaps),
  };
}

function disturbances(random: Random, backend: BackendKind): Disturbance[] {
  const at = () => random.int(1, 95) / 100;
  const times = (low: number, high: number) => Array.from({ length: random.int(low, high) });
  const kill = (who: Victim, longest: number): Disturbance => ({
    at: at(),
    kind: 'kill',
    who,
    downMs: random.int(0, longest),
  });
  return [
    ...times(4, 6).map(() => kill(random.pick(['worker-1', 'worker-2'] as const), 800)),
    ...times(1, 2).map(() => kill('api', 500)),
    ...times(1, 2).map(() => kill(random.pick(['postgres', 'connections'] as const), 800)),
    ...times(1, 2).map(() => kill('simulator', 1_500)),
    ...(backend === 'redis' ? times(1, 2).map(() => kill('redis', 800)) : []),
    ...times(3, 5).map((): Disturbance => {
      const who = random.pick(['worker-1', 'worker-2', 'api', 'simulator', 'all'] as const);
      return { at: at(), kind: 'clock', who, offsetMs: random.pick(OFFSETS) };
    }),
    ...times(1, 2).map((): Disturbance => ({ at: at(), kind: 'rotate', facility: random.pick(FACILITIES) })),
  ];
}

/** Codes and moments as in gateway.md section 18. */
function faults(seed: number): object[] {
  const rules: readonly (readonly [probability: number, when: string, action: object])[] = [
    [0.03, 'after-persist', { type: 'status', status: 500 }], // G20 of a proxy, the record is there
    [0.03, 'after-auth', { type: 'status', status: 502 }], // G20, it is not
    [0.03, 'after-auth', { type: 'status', status: 503 }],
    [0.03, 'after-auth', { type: 'code', maKetQua: '500' }], // G21
    [0.02, 'after-answer-header', { type: 'truncate' }], // G24
    [0.02, 'after-persist', { type: 'garbage' }],
    [0.02, 'after-auth', { type: 'delay', ms: 2_600 }], // G19: our time is over before it is stored
    [0.1, 'after-auth', { type: 'delay', ms: 300 }],
  ];
  return rules.map(([probability, when, action], index) => ({
    id: `chaos-${seed}-${index}`,
    match: { path: CLAIM_PATH, probability },
    when,
    action,
  }));
}

/** One visit in seven is taken up again, some of those twice. */
function returns(random: Random): Return[] {
  if (!random.chance(1 / 7)) return [];
  const once = (): Return => ({
    afterMs: random.int(0, 4_000),
    how: random.weighted([
      ['asItIs', 4],
      ['withMore', 4],
      ['leftOpen', 1],
    ]),
  });
  const first = once();
  return first.how !== 'leftOpen' && random.chance(0.3) ? [first, once()] : [first];
}

function mishap(random: Random): Mishap {
  const kind = random.weighted<Mishap['kind']>([
    ['none', 80],
    ['lostOnTheWay', 3],
    ['answerLost', 4],
    ['answerCut', 3],
    ['twice', 4],
    ['late', 6],
  ]);
  return kind === 'late' ? { kind, ms: random.int(50, 1_500) } : { kind };
}
