import { isIPv4, isIPv6 } from 'node:net';
import { type Database, SYSTEM_CONTEXT } from '../platform/database/index.ts';
import { type Clock, systemClock } from '../platform/dates.ts';

/** Counts refusals of callers that nobody knows, where an event each would let them fill the disk. */
export interface RefusalCounter {
  /** @param kind of refusal, one of ours: `not-signed-in`, `wrong-password` … */
  count(kind: string, address: string | null): void;
  /** Writes what was counted; what could not be written is kept for the next time. */
  flush(): Promise<void>;
  /** Writes the rest and counts no more. */
  stop(): Promise<void>;
}

export interface RefusalCounterOptions {
  readonly clock?: Clock;
  readonly flushEveryMs?: number;
  /** Further addresses of the same minute and kind are counted together as `other`. */
  readonly addressesPerMinute?: number;
  readonly onError?: (error: Error) => void;
}

const FLUSH_EVERY_MS = 5_000;
const ADDRESSES_PER_MINUTE = 50;
const MINUTE_MS = 60_000;
/** While the database is away, addresses are forgotten before memory is: then only kinds and minutes are counted. */
const MOST_ROWS = 10_000;
const OTHER = 'other';
/** The table refuses longer ones, and with them everything that was to be written together. */
const LONGEST_KIND = 60;

export function createRefusalCounter(
  database: Database,
  options: RefusalCounterOptions = {},
): RefusalCounter {
  const { clock = systemClock, onError = () => undefined } = options;
  let counts = createRefusalCounts(options.addressesPerMinute);
  let stopped = false;
  let writing: Promise<void> = Promise.resolve();

  const write = async () => {
    const taken = counts;
    if (taken.size === 0) return;
    counts = taken.next(clock.now());
    try {
      await database.transaction(SYSTEM_CONTEXT, (tx) =>
        tx.query('select count_refusals($1::jsonb)', [JSON.stringify(taken.rows())], 'count-refusals'),
      );
    } catch (error) {
      for (const row of taken.rows()) counts.add(row.kind, row.address, new Date(row.minute), row.count);
      onError(error as Error);
    }
  };
  const flush = () => {
    writing = writing.then(write);
    return writing;
  };
  const timer = setInterval(() => void flush(), options.flushEveryMs ?? FLUSH_EVERY_MS);
  timer.unref();

  return {
    count(kind, address) {
      if (!stopped) counts.add(kind.slice(0, LONGEST_KIND), addressGroup(address), clock.now());
    },
    flush,
    async stop() {
      stopped = true;
      clearInterval(timer);
      await flush();
    },
  };
}

interface CountRow {
  readonly minute: string;
  readonly kind: string;
  readonly address: string;
  readonly count: number;
}

/** The counts that are not yet written. */
interface RefusalCounts {
  add(kind: string, address: string, at: Date, count?: number): void;
  readonly size: number;
  rows(): CountRow[];
  /** Empty, but it still knows the addresses of the present minute: writing often must not let more of them through. */
  next(now: Date): RefusalCounts;
}

function createRefusalCounts(
  addressesPerMinute = ADDRESSES_PER_MINUTE,
  known = new Map<string, Set<string>>(),
): RefusalCounts {
  const counts = new Map<string, CountRow>();
  const minuteOf = (at: Date) => new Date(Math.floor(at.getTime() / MINUTE_MS) * MINUTE_MS).toISOString();
  const counted = (minute: string, kind: string, address: string) => {
    const group = `${minute} ${kind}`;
    const addresses = known.get(group) ?? new Set();
    known.set(group, addresses);
    if (addresses.has(address)) return address;
    if (addresses.size >= addressesPerMinute || counts.size >= MOST_ROWS) return OTHER;
    addresses.add(address);
    return address;
  };
  return {
    add(kind, from, at, count = 1) {
      const minute = minuteOf(at);
      const address = from === OTHER ? OTHER : counted(minute, kind, from);
      const key = `${minute} ${kind} ${address}`;
      counts.set(key, { minute, kind, address, count: (counts.get(key)?.count ?? 0) + count });
    },
    get size() {
      return counts.size;
    },
    rows: () => [...counts.values()],
    next(now) {
      const present = minuteOf(now);
      const kept = [...known].filter(([group]) => group.startsWith(present));
      return createRefusalCounts(addressesPerMinute, new Map(kept));
    },
  };
}

/** Who that is, as far as an address says: an IPv6 household has a whole /64, of which it can use any number. */
export function addressGroup(address: string | null): string {
  const plain = (address ?? '').replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
  if (isIPv4(plain)) return plain;
  if (!isIPv6(plain)) return 'unknown';
  const [head = '', tail] = plain.toLowerCase().split('::');
  const first = head === '' ? [] : head.split(':');
  const last = tail ? tail.split(':') : [];
  const zeros = tail === undefined ? 0 : 8 - first.length - last.length;
  const groups = [...first, ...Array<string>(Math.max(0, zeros)).fill('0'), ...last];
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}
