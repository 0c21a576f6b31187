import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readAnswer } from '../../src/gateway/answer.ts';
import type { QuestionKind, QuestionOf, SubmissionKind } from '../../src/gateway/index.ts';
import { questionRequest } from '../../src/gateway/questions.ts';
import { readReply } from '../../src/gateway/replies.ts';
import { cardOfCode } from '../../src/gateway/simulator/people.ts';
import { type Request, submissionRequest } from '../../src/gateway/submissions.ts';
import { account, checkInBytes, claimBytes, type Rig, startRig } from './gateway-fixtures.ts';

/**
 * fixtures/gateway/contract.json against both sides: our requests and readers, and the simulator's answers. The pairs
 * are transcribed from public descriptions; how to put a real answer in the place of one stands in the file.
 */
interface Pair {
  readonly id: string;
  readonly call: string;
  readonly origin: string;
  readonly evidence: Readonly<Record<string, string>>;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly client: {
    readonly path: string;
    readonly address: readonly string[];
    readonly headers: readonly string[];
    readonly type: string;
    readonly body: readonly string[];
  };
  readonly answer: Readonly<Record<string, unknown>>;
  readonly read: object;
}

const file = new URL('../../fixtures/gateway/contract.json', import.meta.url);
const { pairs } = JSON.parse(readFileSync(file, 'utf8')) as { readonly pairs: readonly Pair[] };
const pairOf = (id: string): Pair => pairs.find((pair) => pair.id === id)!;

const DAY = '2026-11-23';
const holder = { card: cardOfCode('000'), name: 'Người Mẫu 000', birth: '1990-02-01' };
const asking = { staffName: 'Nguyễn Thị Trực', staffNationalId: '040190000001' };
const QUESTIONS: { readonly [Kind in QuestionKind]: QuestionOf<Kind> } = {
  card: { kind: 'card', ...holder, ...asking },
  history: { kind: 'history', ...holder, ...asking },
  copay: { kind: 'copay', ...holder },
  days: { kind: 'days', facilityCode: '99001', from: DAY, to: DAY },
  transactions: { kind: 'transactions', facilityCode: '99001', day: DAY },
  // The second transaction of the simulator: the claim with an error.
  errors: { kind: 'errors', facilityCode: '99001', transactionId: '9900120261123000002' },
};
const paper = (root: string) => Buffer.from(`<${root}><CHUKYDONVI></CHUKYDONVI></${root}>`);
const FILES = {
  claim: claimBytes({ maLk: 'LK-1' }),
  checkIn: checkInBytes('LK-1'),
  certificates: paper('HSCHUNGTU'),
  birthCertificate: paper('HSDLGCS'),
} as const satisfies Partial<Record<SubmissionKind, Buffer>>;
type FileKind = keyof typeof FILES;

const questions = Object.keys(QUESTIONS) as QuestionKind[];
const files = Object.keys(FILES) as FileKind[];

test('every call that is described is here once, says where it comes from, and is put on trial below', () => {
  expect(pairs.map(({ id }) => id).toSorted()).toEqual(['token', ...files, ...questions].toSorted());
  for (const { origin, evidence } of pairs) {
    expect(origin).toMatch(/^(transcribed|captured \d{4}-\d\d-\d\d \S+)$/);
    for (const tag of Object.values(evidence)) expect(tag).toMatch(/^([CDO]\d|INF|as E\d)/);
    if (origin === 'transcribed') expect(Object.values(evidence).join(' ')).toMatch(/[DO]\d|as E/);
  }
});

describe('our readers', () => {
  test.each(['token', ...files])('read the answer to %s', (id) => {
    const { answer, read } = pairOf(id);
    expect(readAnswer(JSON.stringify(answer))).toMatchObject(read);
  });

  test.each(questions)('read the answer to %s', (kind) => {
    const { answer, read } = pairOf(kind);
    const exchange = {
      bodySent: true,
      failure: null,
      httpStatus: 200,
      retryAfterSeconds: null,
      leftFrom: null,
    };
    const { found, trouble } = readReply(kind, { ...exchange, answer: JSON.stringify(answer) });
    expect(trouble).toBeNull();
    // Amounts as text.
    expect(JSON.parse(JSON.stringify(found))).toEqual(read);
  });
});

describe('our requests', () => {
  const token = { accessToken: 'a', idToken: 'b', expiresAtMs: null };
  const expectLikeness = ({ client }: Pair, { path, headers, body }: Request) => {
    const [plain, query = ''] = path.split('?');
    const { 'Content-Type': type, ...others } = headers;
    const isJson = client.type.startsWith('application/json');
    const fields = isJson
      ? Object.keys(JSON.parse(body.toString()) as object)
      : [...new URLSearchParams(body.toString()).keys()];
    expect({ path: plain, type, headers: Object.keys(others) }).toEqual({
      path: client.path,
      type: client.type,
      headers: client.headers,
    });
    expect([...new URLSearchParams(query).keys()].toSorted()).toEqual(client.address.toSorted());
    expect(fields.toSorted()).toEqual(client.body.toSorted());
  };

  test.each(files)('hand in %s as described', (kind) =>
    expectLikeness(
      pairOf(kind),
      submissionRequest(kind, account(), token, { facilityCode: '99001', bytes: FILES[kind] }),
    ),
  );

  test.each(questions)('ask for %s as described', (kind) =>
    expectLikeness(pairOf(kind), questionRequest(QUESTIONS[kind], account(), token)),
  );
});

describe('the simulator', () => {
  let rig: Rig;
  const told = new Map<string, string | null>();
  beforeAll(async () => {
    rig = await startRig();
    const { client } = rig;
    told.set('token', (await client.takeToken(account())).rawAnswer);
    const send = async (kind: FileKind, bytes: Buffer) =>
      (await client.submit(kind, account(), { facilityCode: '99001', bytes })).rawAnswer;
    told.set('claim', await send('claim', FILES.claim));
    await send('claim', claimBytes({ maLk: 'LK-2', summary: { NGAY_RA: '202611230700' } }));
    for (const kind of ['checkIn', 'certificates', 'birthCertificate'] as const)
      told.set(kind, await send(kind, FILES[kind]));
    await rig.advance(3);
    // Whom the look-ups know is told to the simulator, as everything about its people.
    const { answer: card } = pairOf('card');
    const { answer: history } = pairOf('history');
    await rig.control('POST', 'cards', {
      maThe: holder.card,
      hoTen: holder.name,
      ngaySinh: '01/02/1990',
      copay: [1_250_000],
      history: history.dsLichSuKCB2025,
      more: { dsLichSuKT2018: card.dsLichSuKT2018 },
    });
    for (const kind of questions) told.set(kind, (await client.ask(QUESTIONS[kind], account())).raw);
  });
  afterAll(() => rig.stop());

  test.each(pairs.map(({ id }) => id))('answers %s with the same members of the same kind', (id) => {
    const answer: unknown = JSON.parse(told.get(id) ?? '');
    expect(differences(pairOf(id).answer, answer, '')).toEqual([]);
  });

  test('is set, from its start, as the pairs depend on', async () => {
    const settings = (await rig.control('GET', 'settings')) as object;
    for (const pair of pairs) expect(settings).toMatchObject(pair.settings);
  });

  test('gets the token call as described', async () => {
    const { client } = pairOf('token');
    const [call] = (await rig.control('GET', `calls?path=${client.path}`)) as object[];
    expect(call).toMatchObject({ fieldsPresent: client.body, headersPresent: ['content-type'] });
  });

  test('a member that is missing, new or of another kind would show', () => {
    const described = { a: '1', b: [{ c: 1 }], d: null };
    expect(differences(described, { a: '2', b: [{ c: 7 }, { c: 8 }], d: 'x' }, '')).toEqual([]);
    expect(differences(described, { a: 2, b: [{}], e: 1 }, '')).toEqual([
      '.a: number for string',
      '.b[].c: missing',
      '.d: missing',
      '.e: not described',
    ]);
    expect(differences(described, { a: null, b: [], d: null }, '')).toEqual([
      '.a: null for string',
      '.b: nothing in it',
    ]);
  });
});

/** Where an answer is not of the described form. What is null in the description may be anything. */
function differences(described: unknown, given: unknown, at: string): string[] {
  if (described === null) return [];
  const [wanted, kind] = [kindOf(described), kindOf(given)];
  if (wanted !== kind) return [`${at}: ${kind} for ${wanted}`];
  if (Array.isArray(described) && Array.isArray(given)) {
    if (given.length === 0) return [`${at}: nothing in it`];
    return [...new Set(given.flatMap((one) => differences(described[0], one, `${at}[]`)))];
  }
  if (kind !== 'object') return [];
  const [left, right] = [described as Record<string, unknown>, given as Record<string, unknown>];
  return [...new Set([...Object.keys(left), ...Object.keys(right)])].flatMap((name) => {
    if (!(name in right)) return [`${at}.${name}: missing`];
    if (!(name in left)) return [`${at}.${name}: not described`];
    return differences(left[name], right[name], `${at}.${name}`);
  });
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'list' : typeof value;
}
