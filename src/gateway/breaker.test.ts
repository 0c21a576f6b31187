import { describe, expect, test } from '@jest/globals';
import {
  admission,
  afterCall,
  type Channel,
  CLOSED,
  FACILITY_FAILURES,
  isOfAccount,
  PERSON_PAUSE_MS,
  pauseAfter,
  type Seen,
  type Sign,
  signOf,
  tried,
} from './breaker.ts';
import type { DecisionRule } from './classify.ts';

const T0 = Date.parse('2026-11-27T13:00:00Z');
const MINUTE = 60_000;
const seen = (sign: Sign, more: Partial<Seen> = {}): Seen => ({
  sign,
  rule: sign === 'stopped' ? 'account-refused' : 'unclear',
  at: T0,
  retryAfterMs: 0,
  opensWhenAsked: true,
  mostFailures: FACILITY_FAILURES,
  random: 0.5,
  ...more,
});
const OPEN: Channel = {
  state: 'open',
  failures: 5,
  openings: 1,
  openUntil: T0 + MINUTE,
  since: T0 - MINUTE,
  reason: 'unclear',
  changedAt: T0,
};
const STOPPED: Channel = { ...OPEN, state: 'stopped', reason: 'account-refused' };
const TRIAL: Channel = { ...OPEN, state: 'trial' };
const failing = (failures: number, changedAt = T0): Channel => ({
  ...CLOSED,
  failures,
  since: T0,
  changedAt,
});

describe('a channel after a call', () => {
  test.each<[string, Channel, Seen, Partial<Channel>]>([
    ['fails for the first time', CLOSED, seen('failed'), { state: 'closed', failures: 1, since: T0 }],
    ['fails once less than too often', failing(3), seen('failed'), { state: 'closed', failures: 4 }],
    [
      'fails too often in a row',
      failing(4),
      seen('failed', { at: T0 + 1 }),
      { state: 'open', failures: 5, openings: 1, openUntil: T0 + 1 + 15_000, since: T0, reason: 'unclear' },
    ],
    [
      'fails, but the row is long ago',
      failing(4),
      seen('failed', { at: T0 + 11 * MINUTE }),
      { state: 'closed', failures: 1, since: T0 + 11 * MINUTE },
    ],
    ['an answer ends the row', failing(4), seen('answered'), { state: 'closed', failures: 0, since: null }],
    [
      'asks for a rest: opens at once, not a moment less than asked for',
      CLOSED,
      seen('failed', { rule: 'busy', retryAfterMs: 90_000, random: 0 }),
      { state: 'open', openUntil: T0 + 90_000, reason: 'busy' },
    ],
    [
      'one facility is asked to rest: not all of them',
      CLOSED,
      seen('failed', { rule: 'busy', retryAfterMs: 90_000, opensWhenAsked: false }),
      { state: 'closed', failures: 1 },
    ],
    [
      'asks for less than the pause',
      failing(4),
      seen('failed', { retryAfterMs: 1_000 }),
      { state: 'open', openUntil: T0 + 15_000 },
    ],
    [
      'refuses the account',
      CLOSED,
      seen('stopped', { random: 0 }),
      { state: 'stopped', openUntil: T0 + PERSON_PAUSE_MS },
    ],
    [
      'a late failure while open: the pause stays',
      OPEN,
      seen('failed'),
      { state: 'open', openings: 1, openUntil: T0 + MINUTE },
    ],
    [
      'a late failure while open that asks for more',
      OPEN,
      seen('failed', { retryAfterMs: 2 * MINUTE }),
      { state: 'open', openUntil: T0 + 2 * MINUTE },
    ],
    ['a late answer while open closes', OPEN, seen('answered'), { state: 'closed', openings: 0 }],
    ['a late answer while a person is needed: still needed', STOPPED, seen('answered'), { state: 'stopped' }],
    [
      'a late failure while a person is needed',
      STOPPED,
      seen('failed'),
      { state: 'stopped', openUntil: T0 + MINUTE, reason: 'account-refused' },
    ],
    [
      'the trial is answered',
      TRIAL,
      seen('answered'),
      { state: 'closed', failures: 0, openings: 0, openUntil: null },
    ],
    [
      'the trial fails: twice the pause',
      TRIAL,
      seen('failed'),
      { state: 'open', openings: 2, openUntil: T0 + 30_000 },
    ],
    [
      'the trial fails for the tenth time: the longest pause',
      { ...TRIAL, openings: 10 },
      seen('failed'),
      { openUntil: T0 + 5 * MINUTE },
    ],
    [
      'the trial is refused as before',
      { ...TRIAL, reason: 'account-refused' },
      seen('stopped'),
      { state: 'stopped' },
    ],
  ])('%s', (_name, channel, call, expected) => {
    expect(afterCall(channel, call)).toMatchObject(expected);
  });

  test('nothing to say is the same object: nothing is written', () => {
    expect(afterCall(CLOSED, seen('answered'))).toBe(CLOSED);
    expect(afterCall(STOPPED, seen('answered'))).toBe(STOPPED);
  });

  test('pauses of facilities that failed together differ', () => {
    const until = (random: number) => afterCall(failing(4), seen('failed', { random })).openUntil;
    expect([until(0), until(1)]).toEqual([T0 + 11_250, T0 + 18_750]);
  });
});

describe('who may call', () => {
  test.each<[string, Channel, number, object]>([
    ['closed', CLOSED, T0, { may: 'go' }],
    ['closed with failures', failing(4), T0, { may: 'go' }],
    ['open', OPEN, T0 + MINUTE - 1, { may: 'rest', until: T0 + MINUTE }],
    ['open, its pause over', OPEN, T0 + MINUTE, { may: 'try' }],
    ['stopped', STOPPED, T0, { may: 'rest', until: T0 + MINUTE }],
    ['stopped, a person has acted', { ...STOPPED, openUntil: T0 }, T0, { may: 'try' }],
    ['somebody tries already', tried(OPEN, T0, 80_000), T0 + 79_999, { may: 'rest', until: T0 + 80_000 }],
    ['whoever tried is gone', tried(OPEN, T0, 80_000), T0 + 80_000, { may: 'try' }],
  ])('%s', (_name, channel, at, expected) => {
    expect(admission(channel, at)).toEqual(expected);
  });
});

test.each<[DecisionRule, Sign, boolean]>([
  ['received', 'answered', false],
  ['received-without-reference', 'answered', false],
  ['content-refused', 'answered', false],
  ['token-taken', 'answered', false],
  ['not-reached', 'failed', false],
  ['busy', 'failed', false],
  ['unclear', 'failed', false],
  ['unclear-paper', 'failed', false],
  ['token-not-obtained', 'failed', false],
  ['session-refused', 'failed', false],
  ['unknown-answer', 'failed', false],
  ['account-refused', 'stopped', true],
  ['facility-refused', 'stopped', true],
  ['session-refused-twice', 'stopped', true],
  ['signature-refused', 'stopped', false],
])('%s says %s of the way to the gateway', (rule, sign, ofAccount) => {
  expect([signOf({ rule }), isOfAccount({ rule }, 'claims')]).toEqual([sign, ofAccount]);
  // What has no right to hand in papers may well send claims: there the token call alone speaks of the account.
  expect(isOfAccount({ rule }, 'papers')).toBe(rule === 'account-refused');
});

test.each<[string, Parameters<typeof pauseAfter>, number]>([
  ['the first time', [{ outcome: 'unknown', retryAfterSeconds: null }, 1, 0.5], 5_000],
  ['least jitter', [{ outcome: 'notSent', retryAfterSeconds: null }, 1, 0], 3_750],
  ['most jitter', [{ outcome: 'notSent', retryAfterSeconds: null }, 1, 1], 6_250],
  ['twice as long each time', [{ outcome: 'unknown', retryAfterSeconds: null }, 4, 0.5], 40_000],
  [
    'never longer than a quarter of an hour',
    [{ outcome: 'unknown', retryAfterSeconds: null }, 99, 0.5],
    900_000,
  ],
  ['not before the gateway asks for', [{ outcome: 'notSent', retryAfterSeconds: 120 }, 1, 0], 120_000],
  ['nor all of them in that moment', [{ outcome: 'notSent', retryAfterSeconds: 120 }, 1, 1], 150_000],
  ['a person is needed', [{ outcome: 'stopFacility', retryAfterSeconds: null }, 3, 0.5], PERSON_PAUSE_MS],
])('a record rests: %s', (_name, parameters, ms) => {
  expect(pauseAfter(...parameters)).toBe(ms);
});
