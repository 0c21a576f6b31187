import { describe, expect, test } from '@jest/globals';
import { API_SCHEMAS } from '../../schemas/api/index.ts';
import { openApi } from '../../src/platform/http/index.ts';
import { DOOR_ROUTES, ROUTES } from '../../src/runtime/api.ts';
import { fuzz, told } from '../fuzz/fuzz.ts';
import { createJudge } from '../fuzz/judge.ts';
import type { ApiDocument, Draft } from '../fuzz/requests.ts';
import type { Answer } from '../fuzz/send.ts';
import { markOf } from '../fuzz/world.ts';
import { HOSPITAL, STATION } from '../harness/visit.ts';

const SEED = Number(process.env.FUZZ_SEED ?? 1);

test(`1,200 requests made up from the API document, seed ${SEED}: no 5xx, no hang, nothing let slip`, async () => {
  const { findings, operations, statuses } = await fuzz({ seed: SEED, requests: 1_200 });
  expect(findings.map((finding) => told(SEED, finding))).toEqual([]);
  // A fuzz that is only turned away at the door tries nothing.
  // By chance, one in a hundred may be left out.
  expect(operations.asked).toBeGreaterThan(0.98 * operations.all);
  expect(operations.answeredWell.length).toBeGreaterThan(operations.all / 3);
  expect((statuses['200'] ?? 0) + (statuses['201'] ?? 0)).toBeGreaterThan(60);
});

describe('its judge is not blind', () => {
  const document = openApi('vi', 'x', [...ROUTES, ...DOOR_ROUTES], API_SCHEMAS) as ApiDocument;
  const failures = new Map([['r1', '{"err":"said in the log"}']]);
  const judge = createJudge(document, { failures, inner: ['charge_line_pkey'] });
  const draft: Draft = {
    operationId: 'readRun',
    method: 'GET',
    path: '/api/v1/export-runs/{{run:own:1}}',
    caller: `insurance-officer@${HOSPITAL}`,
    headers: {},
  };
  const guards = {
    'x-request-id': 'r1',
    'content-security-policy': 'x',
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  };
  const refusal = {
    type: '/problems/not-found',
    title: 'a',
    status: 404,
    detail: 'b',
    instance: '/requests/r1',
  };
  const answer = (status: number, body: unknown, more: Partial<Answer> = {}): Answer => ({
    status,
    headers: { 'content-type': status < 400 ? 'application/json' : 'application/problem+json', ...guards },
    text: typeof body === 'string' ? body : JSON.stringify(body),
    ms: 1,
    failed: null,
    ...more,
  });
  const judged = (given: Answer, asked: Draft = draft) =>
    judge(asked, { method: asked.method, path: '/api/v1/x', headers: {}, body: null }, given);
  const figures = Object.fromEntries([
    ...'found built setAside signed sent waiting received refused unknown stopped gone'
      .split(' ')
      .map((name) => [name, 0] as const),
    ...['insurerPays', 'insurerPaysReceived'].map((name) => [name, '0.00'] as const),
  ]);
  const run = {
    id: '018f0000-0000-7000-8000-000000000001',
    day: '2026-11-24',
    cause: 'request',
    startedAt: '2026-11-24T20:00:00+07:00',
    batches: { total: 1, finished: 1 },
    visits: { found: 1, built: 1, setAside: 0 },
    claims: {},
    finished: true,
    total: figures,
    facilities: [],
    obstacles: [],
  };

  test('what is right is right', () => {
    expect(judged(answer(200, run))).toEqual([]);
    expect(judged(answer(404, refusal))).toEqual([]);
  });

  const problem = (more: object) => answer(404, { ...refusal, ...more });
  const WRONG: readonly (readonly [name: string, given: Answer, finding: string, asked?: Draft])[] = [
    ['a failure, with what the log says', answer(500, {}), 'said in the log'],
    ['an answer too late', answer(0, '', { failed: 'late' }), 'no answer within'],
    ['a connection cut', answer(0, '', { failed: 'cut' }), 'cut'],
    ['a status nobody documented', answer(206, run), 'not documented'],
    ['a body that is not as documented', answer(200, { ...run, more: 1 }), 'not as documented'],
    ['a refusal that is no problem+json', answer(404, '<html>'), 'no problem+json'],
    ['a problem with another status', problem({ status: 500 }), 'with status 500'],
    ['a message that is missing', problem({ detail: 'problem.not-found.detail' }), 'message is missing'],
    ['a place of the source', problem({ detail: 'at run (/a/b.ts:1:2)' }), 'it says'],
    ['a statement', problem({ detail: 'select a from b' }), 'it says'],
    ['a constraint', problem({ detail: 'charge_line_pkey' }), 'charge_line_pkey'],
    ['a chart of another facility', problem({ detail: markOf(STATION) }), markOf(STATION)],
    [
      'a run of another facility',
      answer(200, run),
      'another facility',
      { ...draft, path: '/api/v1/export-runs/{{run:other:1}}' },
    ],
    ['an answer without its guards', answer(200, run, { headers: { 'x-request-id': 'r1' } }), 'without'],
  ];
  const cases = WRONG.map(([name, given, finding, asked]) => [name, { given, finding, asked }] as const);
  test.each(cases)('it sees %s', (_name, { given, finding, asked }) => {
    expect(judged(given, asked).join('\n')).toContain(finding);
  });
});
