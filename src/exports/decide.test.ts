import { describe, expect, test } from '@jest/globals';
import type { ClaimEventType, VersionHistory } from '../claims/index.ts';
import { mayBegin, outcomeType, recordingOf, resolving } from './decide.ts';

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

describe('a refusal because the insurer has the claim', () => {
  const refusal = (code: string) => outcomeType({ outcome: 'refused', next: 'correct', code });
  const after = (sequence: number, ...types: ClaimEventType[]) =>
    recordingOf([version(1, 1, ...types)], { number: 1, sequence }, refusal('124')).own;

  test.each<readonly [string, ReturnType<typeof after>, number, readonly ClaimEventType[]]>([
    ['of the first call: refused', 'refused', 2, ['built', 'sending']],
    ['after a lost answer: parked', 'parked', 4, ['built', 'sending', 'unknown', 'sending']],
    [
      'after an answer that nobody understood: parked',
      'parked',
      6,
      ['built', 'sending', 'parked', 'released', 'queued', 'sending'],
    ],
    ['after a call that did not get out: refused', 'refused', 4, ['built', 'sending', 'notSent', 'sending']],
    ['late, of the first call, which was given up: refused', 'refused', 2, ['built', 'sending', 'unknown']],
  ])('%s', (_name, expected, sequence, types) => {
    expect(after(sequence, ...types)).toBe(expected);
  });

  test('other refusals stay refused, whatever was before', () => {
    const types: ClaimEventType[] = ['built', 'sending', 'unknown', 'sending'];
    const own = recordingOf([version(1, 1, ...types)], { number: 1, sequence: 4 }, refusal('123'));
    expect(own).toEqual({ own: 'refused', replaced: [] });
  });
});

describe('a decision about a parked version', () => {
  const parked = version(1, 1, 'built', 'sending', 'parked');
  test.each<readonly [string, ReturnType<typeof resolving>, Parameters<typeof resolving>]>([
    ['may be made', 'resolve', [1, undefined, [parked], true]],
    ['not while the visit is open', 'outdated', [1, undefined, [parked], false]],
    ['not while a later one is to be built', 'outdated', [1, 0, [parked], true]],
    ['not when there is a later one', 'outdated', [1, 2, [parked, newest], true]],
    ['not about one that waits to be sent', 'not-parked', [2, 2, [parked, newest], true]],
    ['not about one that was never built', 'not-parked', [3, undefined, [parked, newest], true]],
  ])('%s', (_name, expected, given) => {
    expect(resolving(...given)).toBe(expected);
  });
});
