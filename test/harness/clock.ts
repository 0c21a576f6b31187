import type { Clock } from '../../src/platform/dates.ts';

export interface StillClock extends Clock {
  /** Moves on; nobody waits. */
  forward(time: { readonly hours?: number; readonly minutes?: number; readonly seconds?: number }): void;
  set(moment: Date | string): void;
}

/** A clock that stands still until a test moves it. */
export function stillClock(start: Date | string = new Date()): StillClock {
  let now = new Date(start).getTime();
  return {
    now: () => new Date(now),
    forward({ hours = 0, minutes = 0, seconds = 0 }) {
      now += ((hours * 60 + minutes) * 60 + seconds) * 1000;
    },
    set(moment) {
      now = new Date(moment).getTime();
    },
  };
}
