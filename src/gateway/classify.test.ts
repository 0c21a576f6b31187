import { describe, expect, test } from '@jest/globals';
import { catalogue, LANGUAGES } from '../messages/index.ts';
import type { DecisionRule, NextStep, Observation, Outcome } from './classify.ts';
import { classify } from './classify.ts';

/** A claim whose body left and whose answer came whole; each row says only what differs. */
const claim: Observation = {
  call: 'claim',
  bodySent: true,
  failure: null,
  httpStatus: 200,
  code: null,
  reference: null,
  retryAfterSeconds: null,
  sessionRenewed: false,
};
const token: Observation = { ...claim, call: 'token' };

type Row = readonly [string, Partial<Observation>, Outcome, NextStep];

const submissions: readonly Row[] = [
  // Nothing left, or not all of it: certainly not received.
  [
    'name or connection refused',
    { failure: 'connect', bodySent: false, httpStatus: null },
    'notSent',
    'retry-later',
  ],
  [
    'reset while the body leaves',
    { failure: 'reset', bodySent: false, httpStatus: null },
    'notSent',
    'retry-later',
  ],
  [
    'timeout while the body leaves',
    { failure: 'timeout', bodySent: false, httpStatus: null },
    'notSent',
    'retry-later',
  ],
  ['too many requests', { httpStatus: 429 }, 'notSent', 'retry-later'],
  ['maintenance page', { httpStatus: 503 }, 'notSent', 'retry-later'],
  // The body left and no readable answer came: nobody knows.
  ['timeout after the body', { failure: 'timeout', httpStatus: null }, 'unknown', 'find-out-then-resend'],
  ['reset after the body', { failure: 'reset', httpStatus: null }, 'unknown', 'find-out-then-resend'],
  [
    'answer cut off',
    { failure: 'truncated', code: '200', reference: 'T1' },
    'unknown',
    'find-out-then-resend',
  ],
  ['answer without end', { failure: 'garbled' }, 'unknown', 'find-out-then-resend'],
  ['200 with HTML or nothing', {}, 'unknown', 'find-out-then-resend'],
  ['HTTP 500 page', { httpStatus: 500 }, 'unknown', 'find-out-then-resend'],
  ['HTTP 502 page', { httpStatus: 502 }, 'unknown', 'find-out-then-resend'],
  ['HTTP 504 page', { httpStatus: 504 }, 'unknown', 'find-out-then-resend'],
  ['HTTP 408 page', { httpStatus: 408 }, 'unknown', 'find-out-then-resend'],
  ['code 408', { code: '408' }, 'unknown', 'find-out-then-resend'],
  ['code 500', { code: '500' }, 'unknown', 'find-out-then-resend'],
  [
    'code 500 under HTTP 503: the code decides',
    { code: '500', httpStatus: 503 },
    'unknown',
    'find-out-then-resend',
  ],
  // Received.
  ['200 with id', { code: '200', reference: 'T1' }, 'received', 'done'],
  [
    '200 under HTTP 500: the code decides',
    { code: '200', reference: 'T1', httpStatus: 500 },
    'received',
    'done',
  ],
  ['200 without id', { code: '200' }, 'received', 'done-and-alert'],
  // The session, in its four shapes, before and after the one renewal.
  ['401 in the body', { code: '401' }, 'notSent', 'renew-token'],
  ['HTTP 401, empty', { httpStatus: 401 }, 'notSent', 'renew-token'],
  ['HTTP 401 with code', { httpStatus: 401, code: '401' }, 'notSent', 'renew-token'],
  ['HTTP 400 with code 401', { httpStatus: 400, code: '401' }, 'notSent', 'renew-token'],
  ['401 in the body again', { code: '401', sessionRenewed: true }, 'stopFacility', 'stop-facility'],
  ['HTTP 401, empty, again', { httpStatus: 401, sessionRenewed: true }, 'stopFacility', 'stop-facility'],
  // Refused for what is in the file.
  ...['10', '123', '124', '201', '202', '204', '205', '400', '1001'].map(
    (code): Row => [`code ${code}`, { code }, 'refused', 'correct'],
  ),
  ['code 123 under HTTP 400: the code decides', { code: '123', httpStatus: 400 }, 'refused', 'correct'],
  ['HTTP 413 page', { httpStatus: 413 }, 'refused', 'correct'],
  // Refused for who sends.
  ['code 125', { code: '125' }, 'stopFacility', 'stop-signing'],
  ['code 402', { code: '402' }, 'stopFacility', 'stop-facility'],
  ['code 403', { code: '403' }, 'stopFacility', 'stop-facility'],
  ['HTTP 403 page', { httpStatus: 403 }, 'stopFacility', 'stop-facility'],
  // Never seen.
  ['code 701', { code: '701' }, 'unknown', 'park'],
  ['code 000', { code: '000' }, 'unknown', 'park'],
  ['HTTP 404 page', { httpStatus: 404 }, 'unknown', 'park'],
  ['HTTP 302', { httpStatus: 302 }, 'unknown', 'park'],
];

const tokens: readonly Row[] = [
  ['token came', { code: '200', reference: 'id' }, 'received', 'done'],
  ['200 without token', { code: '200' }, 'notSent', 'retry-later'],
  ['wrong password', { code: '401' }, 'stopFacility', 'stop-facility'],
  ['HTTP 401, empty', { httpStatus: 401 }, 'stopFacility', 'stop-facility'],
  ['wrong facility', { code: '402' }, 'stopFacility', 'stop-facility'],
  ['locked', { code: '403' }, 'stopFacility', 'stop-facility'],
  ['a code never seen', { code: '999' }, 'stopFacility', 'stop-facility'],
  ['gateway error', { code: '500' }, 'notSent', 'retry-later'],
  ['gateway timeout', { code: '408' }, 'notSent', 'retry-later'],
  ['HTTP 502 page', { httpStatus: 502 }, 'notSent', 'retry-later'],
  [
    'reset: no claim was sent, so nothing is unknown',
    { failure: 'reset', httpStatus: null },
    'notSent',
    'retry-later',
  ],
  ['timeout', { failure: 'timeout', httpStatus: null }, 'notSent', 'retry-later'],
];

describe('classify', () => {
  test.each(submissions)('claim: %s', (_name, differs, outcome, next) => {
    expect(classify({ ...claim, ...differs })).toMatchObject({ outcome, next });
    expect(classify({ ...claim, ...differs, call: 'checkIn' })).toMatchObject({ outcome, next });
  });

  test.each(submissions)('papers, which nothing replaces: %s', (_name, differs, outcome, next) => {
    for (const call of ['certificates', 'deathNotice', 'birthCertificate'] as const)
      expect(classify({ ...claim, ...differs, call })).toMatchObject({
        outcome,
        next: next === 'find-out-then-resend' ? 'ask-person' : next,
      });
  });

  test.each(submissions)('catalogues, summaries and adjustments: %s', (_name, differs, outcome, next) => {
    for (const call of ['departments', 'monthlySummary', 'adjustment'] as const)
      expect(classify({ ...claim, ...differs, call })).toMatchObject({ outcome, next });
  });

  test.each(tokens)('token: %s', (_name, differs, outcome, next) => {
    expect(classify({ ...token, ...differs })).toMatchObject({ outcome, next });
  });

  test('Retry-After is passed on only where the same bytes go again by themselves', () => {
    expect(classify({ ...claim, httpStatus: 503, retryAfterSeconds: 60 }).retryAfterSeconds).toBe(60);
    expect(classify({ ...claim, code: '123', retryAfterSeconds: 60 }).retryAfterSeconds).toBeNull();
  });

  test('every row of the table is reached and has words in every language', () => {
    const reached = new Set<DecisionRule>([
      ...submissions.map(([, differs]) => classify({ ...claim, ...differs }).rule),
      ...submissions.map(([, differs]) => classify({ ...claim, ...differs, call: 'certificates' }).rule),
      ...tokens.map(([, differs]) => classify({ ...token, ...differs }).rule),
    ]);
    for (const language of LANGUAGES) {
      const worded = [...catalogue(language).keys()].filter((key) => key.startsWith('gateway.rule.'));
      expect(worded.map((key) => key.slice('gateway.rule.'.length)).toSorted()).toEqual(
        [...reached].toSorted(),
      );
    }
  });
});
