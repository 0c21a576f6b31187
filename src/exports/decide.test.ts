import { describe, expect, test } from '@jest/globals';
import type { ClaimEventType, VersionHistory } from '../claims/index.ts';
import { mayBegin } from './decide.ts';

const NOW = new Date('2026-11-26T12:00:00Z');
const [LEASE_MS, QUIET_MS] = [75_000, 300_000];
const version = (number: number, secondsAgo: number, ...types: ClaimEventType[]): VersionHistory => ({
  number,
  types,
  at: new Date(NOW.getTime() - secondsAgo * 1000).toISOString(),
  attempt: 1,
});
const newest = version(2, 1, 'built', 'checked', 'queued');
const may = (first: VersionHistory) => mayBegin(2, 2, [first, newest], NOW, LEASE_MS, QUIET_MS);
const inSeconds = (seconds: number) => ({ may: 'wait', until: new Date(NOW.getTime() + seconds * 1000) });

describe('a later version, after an earlier one', () => {
  test.each<readonly [string, VersionHistory, ReturnType<typeof mayBegin> | object]>([
    ['whose call is under way', version(1, 10, 'built', 'sending'), inSeconds(65 + 300)],
    [
      'whose sender is gone: as long as after an unclear call',
      version(1, 75, 'built', 'sending'),
      inSeconds(300),
    ],
    ['whose sender has long been gone', version(1, 375, 'built', 'sending'), { may: 'send', gone: [1] }],
    ['that ended unclear just now', version(1, 60, 'built', 'sending', 'unknown'), inSeconds(240)],
    [
      'that ended unclear long ago',
      version(1, 300, 'built', 'sending', 'unknown'),
      { may: 'send', gone: [] },
    ],
    [
      'that was received after an unclear call, which may still arrive once more',
      version(1, 60, 'built', 'sending', 'unknown', 'sending', 'received'),
      inSeconds(240),
    ],
    ['that was received at once', version(1, 60, 'built', 'sending', 'received'), { may: 'send', gone: [] }],
    ['that was refused', version(1, 60, 'built', 'sending', 'refused'), { may: 'send', gone: [] }],
  ])('%s', (_name, first, expected) => {
    expect(may(first)).toEqual(expected);
  });

  test.each<readonly [string, readonly ClaimEventType[], object]>([
    ['is kept back', ['built', 'queued'], { may: 'hold', assessed: 1 }],
    [
      'goes where a person has released it',
      ['built', 'held', 'released', 'queued'],
      { may: 'send', gone: [] },
    ],
    [
      'goes again where it went out before that was known',
      ['built', 'sending', 'notSent'],
      { may: 'send', gone: [] },
    ],
  ])('that was assessed: it %s', (_name, types, expected) => {
    const assessed = version(1, 60, 'built', 'sending', 'received', 'paymentRequested');
    expect(mayBegin(2, 2, [assessed, version(2, 1, ...types)], NOW, LEASE_MS, QUIET_MS)).toEqual(expected);
  });

  test('the same version goes again without it: its bytes are the same', () => {
    const unclear = version(1, 1, 'built', 'sending', 'unknown');
    expect(mayBegin(1, 1, [unclear], NOW, LEASE_MS, QUIET_MS)).toEqual({ may: 'send', gone: [] });
  });
});
