import { describe, expect, test } from '@jest/globals';
import type { RunView } from '../exports/index.ts';
import { follow as followRun } from './export.ts';
import { CommandFailure } from './failure.ts';

const run = (visits: object, claims: object, finished: boolean): RunView => ({
  id: 'run',
  day: '2026-11-24',
  cause: 'request',
  startedAt: '2026-11-24T13:00:00Z',
  batches: { total: 1, finished: finished ? 1 : 0 },
  visits: { found: 3, built: 0, setAside: 0, ...visits },
  claims: { ...claims },
  finished,
});
const told: string[] = [];
const follow = (look: () => Promise<RunView>) =>
  followRun(look, { lookEveryMs: 1, askAfterMs: 20, leaveAfterMs: 60 }, (key) => told.push(key));
/** Looks that show these states one after the other; the last one stays. */
function looks(...states: RunView[]) {
  let at = 0;
  return async () => states[Math.min(at++, states.length - 1)]!;
}

describe('watching an export run', () => {
  test('ends when every visit became a claim that was received', async () => {
    const states = [run({}, {}, false), run({ built: 3 }, { received: 3 }, true)];
    await expect(follow(looks(...states))).resolves.toBeUndefined();
  });

  test.each([
    ['set aside', { built: 2, setAside: 1 }, { received: 2 }],
    ['refused', { built: 3 }, { received: 2, refused: 1 }],
    ['of unknown outcome', { built: 3 }, { received: 2, unknown: 1 }],
    ['not sent', { built: 3 }, { received: 2, notSent: 1 }],
  ])('fails with the counts when one was %s', async (_name, visits, claims) => {
    const failure: unknown = await follow(looks(run(visits, claims, true))).catch((error) => error);
    expect(failure).toBeInstanceOf(CommandFailure);
    expect(failure).toMatchObject({ exitCode: 1, message: expect.stringMatching(/3.*2.*1/) });
  });

  test('gives up when nothing moves, and not while something does', async () => {
    const failure: unknown = await follow(looks(run({}, {}, false))).catch((error) => error);
    expect(failure).toMatchObject({ name: 'CommandFailure', exitCode: 1 });
    expect(told.at(-1)).toBe('runNeedsWorkers');
    let built = 0;
    const slow = async () => {
      built += 1;
      return run({ found: 200, built }, { received: built }, built === 200);
    };
    await expect(follow(slow)).resolves.toBeUndefined();
  });
});
