import { type Channel, CLOSED, type Family } from '../gateway/index.ts';
import type { Id } from '../platform/ids.ts';

export interface LaneSettings {
  /** Calls of one facility at the same time, of one family, in all processes together. */
  readonly perFacility: number;
  /** Records of one facility in a minute, of one family, per process. */
  readonly perMinute: number;
}

/** What waits for a lane: a version of a claim or a message of a check-in, by its visit; a paper or a look-up, by its id. */
export interface LaneItem {
  readonly id: Id;
  readonly number: number;
}

interface Bucket {
  readonly left: number;
  readonly at: number;
}

const MINUTE_MS = 60_000;
const idOf = ({ id, number }: LaneItem) => `${id}.${number}`;

/**
 * What one process knows of its calls to the gateway: which facility has how many, what waits for a lane of it, and how
 * the channels stood when they were last seen. Losing it loses nothing: the work list knows what is to be sent.
 */
export interface Lanes {
  readonly settings: LaneSettings;
  /** The process is about to stop: no lane goes on after the call it has under way. */
  isEnding: boolean;
  /** True: go on, a lane of this process is yours. False: the item waits for one of those that are under way. */
  enter(facilityId: Id, family: Family, item: LaneItem): boolean;
  /** The next that waits, if any. */
  next(facilityId: Id, family: Family): LaneItem | undefined;
  wait(facilityId: Id, family: Family, items: readonly LaneItem[]): void;
  /** Gives the lane back. @returns what waited and has nobody to wait for */
  leave(facilityId: Id, family: Family): readonly LaneItem[];
  /** Takes all that wait. */
  takeWaiting(facilityId: Id, family: Family): readonly LaneItem[];
  /** Counts one record. @returns 0, or the milliseconds until one may go */
  pace(facilityId: Id, family: Family, now: number): number;
  /** @param facilityId null = of all facilities together */
  see(facilityId: Id | null, family: Family, channel: Channel): void;
  /** Nothing of what was seen keeps this facility from calling. */
  isFree(facilityId: Id, family: Family): boolean;
  /** As `isFree`, and nothing failed lately: a success changes nothing. */
  isClean(facilityId: Id, family: Family): boolean;
}

export function createLanes(settings: LaneSettings): Lanes {
  const running = new Map<string, number>();
  const waiting = new Map<string, Map<string, LaneItem>>();
  const buckets = new Map<string, Bucket>();
  const channels = new Map<string, Channel>();
  const keyOf = (facilityId: Id | null, family: Family) => `${facilityId} ${family}`;
  const seen = (facilityId: Id, family: Family) => [
    channels.get(keyOf(null, family)),
    channels.get(keyOf(facilityId, family)),
    channels.get(keyOf(facilityId, 'session')),
  ];

  function wait(key: string, items: readonly LaneItem[]): void {
    const list = waiting.get(key) ?? new Map<string, LaneItem>();
    for (const item of items) list.set(idOf(item), item);
    if (list.size > 0) waiting.set(key, list);
  }
  function takeWaiting(key: string): readonly LaneItem[] {
    const items = [...(waiting.get(key)?.values() ?? [])];
    waiting.delete(key);
    return items;
  }

  return {
    settings,
    isEnding: false,
    enter(facilityId, family, item) {
      const key = keyOf(facilityId, family);
      const count = running.get(key) ?? 0;
      if (count >= settings.perFacility) {
        wait(key, [item]);
        return false;
      }
      waiting.get(key)?.delete(idOf(item));
      running.set(key, count + 1);
      return true;
    },
    next(facilityId, family) {
      const list = waiting.get(keyOf(facilityId, family));
      const [first] = list ?? [];
      if (!first) return undefined;
      list?.delete(first[0]);
      return first[1];
    },
    wait: (facilityId, family, items) => wait(keyOf(facilityId, family), items),
    leave(facilityId, family) {
      const key = keyOf(facilityId, family);
      const count = (running.get(key) ?? 1) - 1;
      if (count > 0) {
        running.set(key, count);
        return [];
      }
      running.delete(key);
      return takeWaiting(key);
    },
    takeWaiting: (facilityId, family) => takeWaiting(keyOf(facilityId, family)),
    pace(facilityId, family, now) {
      const key = keyOf(facilityId, family);
      const { left, at } = buckets.get(key) ?? { left: settings.perMinute, at: now };
      // A clock that was set back starts anew; else nothing would go until it has caught up.
      const since = Math.min(at, now);
      const refilled = left + ((now - since) * settings.perMinute) / MINUTE_MS;
      const full = Math.min(settings.perMinute, refilled);
      if (full < 1) {
        buckets.set(key, { left: full, at: now });
        return Math.ceil(((1 - full) * MINUTE_MS) / settings.perMinute);
      }
      buckets.set(key, { left: full - 1, at: now });
      return 0;
    },
    see(facilityId, family, channel) {
      channels.set(keyOf(facilityId, family), channel);
    },
    isFree: (facilityId, family) =>
      seen(facilityId, family).every((channel) => (channel ?? CLOSED).state === 'closed'),
    isClean: (facilityId, family) =>
      seen(facilityId, family).every((channel) => channel?.state === 'closed' && channel.failures === 0),
  };
}
