import fc, { type Arbitrary } from 'fast-check';
import { PERMISSIONS, type Role } from '../../src/identity/index.ts';
import { DOOR_ROUTES, ROUTES } from '../../src/runtime/api.ts';
import { CALLERS } from './callers.ts';
import { FOREIGN_NAMES, HOSTILE, hostile, type JsonSchema, valid } from './values.ts';

/** Requests as they are made up, before ids and versions of the living province are put in. */
export interface Draft {
  /** Of the API document; null = a page, or nothing that exists. */
  readonly operationId: string | null;
  readonly method: string;
  /** Already encoded, with `{{…}}` where ids of the province belong. */
  readonly path: string;
  readonly caller: string;
  readonly headers: Readonly<Record<string, string>>;
  /** What is sent, text by text; absent = nothing. */
  readonly body?: string;
  /** Lines that no HTTP client would send, straight to the socket. */
  readonly raw?: string;
}

export interface ApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, JsonSchema>> };
}
export interface Described {
  readonly operationId: string;
  readonly parameters: readonly {
    readonly name: string;
    readonly in: 'path' | 'query' | 'header';
    readonly required: boolean;
    readonly schema: JsonSchema;
  }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: JsonSchema }>> };
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema?: JsonSchema }>> }>
  >;
}
interface Operation extends Described {
  readonly method: string;
  readonly path: string;
}

export function operationsOf(document: ApiDocument): Operation[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, described]) => ({
      ...described,
      method: method.toUpperCase(),
      path,
    })),
  );
}

/** Any request: of any operation of the document, in any of the ways below. */
export function requests(document: ApiDocument): Arbitrary<Draft> {
  const { schemas } = document.components;
  const operations = operationsOf(document);
  return fc.oneof(
    { weight: 94, arbitrary: fc.oneof(...operations.map((operation) => ofOperation(operation, schemas))) },
    { weight: 3, arbitrary: elsewhere(operations) },
    { weight: 3, arbitrary: rawLines(operations) },
  );
}

function ofOperation(operation: Operation, schemas: Readonly<Record<string, JsonSchema>>): Arbitrary<Draft> {
  const { operationId, method, parameters } = operation;
  const content = operation.requestBody?.content['application/json'];
  const good = content ? valid(content.schema, schemas) : fc.constant(undefined);
  const body = content
    ? fc.oneof(
        { weight: 5, arbitrary: good.map(asJson) },
        {
          weight: 4,
          arbitrary: fc.tuple(good, mutations).map(([value, list]) => asJson(mutated(value, list))),
        },
        { weight: 1, arbitrary: fc.oneof(hostile.map(asJson), fc.constantFrom(...NO_JSON)) },
        { weight: 1, arbitrary: fc.tuple(good.map(asJson), fc.nat(), fc.nat(255)).map(damaged) },
      )
    : fc.constantFrom(undefined, undefined, undefined, asJson({}), asJson(HOSTILE));
  const query = parameters.filter((one) => one.in === 'query');
  return fc
    .record({
      path: pathOf(operation),
      query:
        query.length > 0
          ? queryOf(query, schemas)
          : fc.oneof(
              { weight: 20, arbitrary: fc.constant('') },
              { weight: 1, arbitrary: fc.constant('?nobodyKnows=1') },
            ),
      caller: callerFor(operationId),
      method: fc.oneof(
        { weight: 30, arbitrary: fc.constant(method) },
        {
          weight: 1,
          arbitrary: fc.constantFrom(
            'GET',
            'HEAD',
            'POST',
            'PUT',
            'PATCH',
            'DELETE',
            'OPTIONS',
            'TRACE',
            'PROPFIND',
          ),
        },
      ),
      headers: headersOf(operation),
      body,
    })
    .map(({ query: asked, path, body: text, ...rest }) => ({
      operationId: rest.method === method ? operationId : null,
      ...rest,
      path: path + asked,
      ...(text === undefined ? {} : { body: text }),
    }));
}

const asJson = (value: unknown) => JSON.stringify(value) ?? 'null';

/** Half of the callers may do it; the others may not, or are nobody at all. */
function callerFor(operationId: string): Arbitrary<string> {
  const permission = [...ROUTES, ...DOOR_ROUTES].find(
    (route) => route.operationId === operationId,
  )?.permission;
  const roles: readonly Role[] = PERMISSIONS[permission as keyof typeof PERMISSIONS] ?? [];
  const may = Object.keys(CALLERS).filter((name) => {
    const { role, state, isWrong } = CALLERS[name]!;
    return role !== null && roles.includes(role) && (state ?? 'active') === 'active' && !isWrong;
  });
  const any = fc.constantFrom(...Object.keys(CALLERS));
  return may.length === 0
    ? any
    : fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...may) }, { weight: 1, arbitrary: any });
}

const KIND_OF: Readonly<Record<string, string>> = {
  patientId: 'patient',
  encounterId: 'encounter',
  lineId: 'line',
  runId: 'run',
  accountId: 'account',
  dutyId: 'duty',
  paymentId: 'payment',
  receiptId: 'payment',
  transferId: 'transfer',
  shiftId: 'shift',
};
const BAD_STEPS = [
  'abc',
  '%00',
  '%ff',
  '%E2%80%AE',
  '..%2f..%2f..%2fetc%2fpasswd',
  '..',
  "'%20or%201=1--",
  'null',
  'ffffffff-ffff-ffff-ffff-ffffffffffff',
  '018F0000-0000-7000-8000-000000000000',
  `${'a'.repeat(3_000)}`,
];

function pathOf({ path }: Operation): Arbitrary<string> {
  const steps = path.split('/').map((step) => {
    const name = /^\{(\w+)\}$/.exec(step)?.[1];
    if (!name) return fc.constant(step);
    const known = fc
      .tuple(fc.constantFrom('own', 'own', 'own', 'own', 'other', 'nobody'), fc.nat(40))
      .map(([whose, place]) => `{{${KIND_OF[name] ?? name}:${whose}:${place}}}`);
    return fc.oneof(
      { weight: 15, arbitrary: known },
      { weight: 1, arbitrary: fc.constantFrom(...BAD_STEPS) },
    );
  });
  return fc.tuple(...steps).map((parts) => parts.join('/'));
}

function queryOf(
  parameters: Described['parameters'],
  schemas: Readonly<Record<string, JsonSchema>>,
): Arbitrary<string> {
  const one = (parameter: Described['parameters'][number]) =>
    fc
      .oneof(
        { weight: 12, arbitrary: valid(parameter.schema, schemas, parameter.name) },
        { weight: 1, arbitrary: hostile },
      )
      .map((value) => `${parameter.name}=${encoded(typeof value === 'string' ? value : asJson(value))}`);
  const some = fc
    .subarray([...parameters])
    .chain((chosen) => fc.tuple(...chosen.map(one)) as Arbitrary<string[]>);
  const odd = fc.oneof(
    { weight: 6, arbitrary: fc.constant('') },
    {
      weight: 1,
      arbitrary: fc.constantFrom('nobodyKnows=1', '%00=1', '__proto__=1', '=', '&&&', '%', 'a=%ff'),
    },
  );
  return fc.tuple(some, odd).map(([parts, more]) => {
    const all = more ? [...parts, more] : parts;
    return all.length > 0 ? `?${all.join('&')}` : '';
  });
}

/** Lone surrogates have no bytes; the markers are put in later. */
function encoded(text: string): string {
  if (/^\{\{.*\}\}$/.test(text)) return text.replace(/^\{\{long:\d+\}\}$/, '{{long:1000}}');
  return encodeURIComponent(text.toWellFormed());
}

interface Mutation {
  readonly at: number;
  readonly how: 'replace' | 'remove' | 'add' | 'repeat' | 'wrap';
  readonly value: unknown;
  readonly name: string;
}
const mutations = fc.array(
  fc.record({
    at: fc.nat(1_000),
    how: fc.constantFrom('replace', 'replace', 'replace', 'remove', 'add', 'repeat', 'wrap') as Arbitrary<
      Mutation['how']
    >,
    value: hostile,
    name: fc.constantFrom(...FOREIGN_NAMES),
  }),
  { minLength: 1, maxLength: 3 },
);

/** The value with one place after the other changed. */
function mutated(value: unknown, list: readonly Mutation[]): unknown {
  let changed = structuredClone(value);
  for (const mutation of list) {
    const places = placesIn(changed);
    if (places.length === 0) return mutation.value;
    const place = places[mutation.at % places.length]!;
    changed = changedAt(changed, place, mutation);
  }
  return changed;
}

type Place = readonly string[];

function placesIn(value: unknown, at: Place = []): Place[] {
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([name, inner]) => {
    const place = [...at, name];
    return [place, ...placesIn(inner, place)];
  });
}

function changedAt(root: unknown, place: Place, { how, name, ...mutation }: Mutation): unknown {
  const value: unknown = structuredClone(mutation.value);
  const parent = place
    .slice(0, -1)
    .reduce((one, step) => (one as Record<string, unknown>)[step], root) as Record<string, unknown>;
  const key = String(place.at(-1));
  if (how === 'remove') delete parent[key];
  else if (how === 'repeat') parent[key] = Array.from({ length: 60 }, () => parent[key]);
  else if (how === 'wrap') put(parent, key, put({}, name, parent[key]));
  else if (how === 'add') put(parent, name, value);
  else put(parent, key, value);
  return root;
}

/** Also under the name `__proto__`. */
function put(into: object, name: string, value: unknown): object {
  return Object.defineProperty(into, name, { value, enumerable: true, configurable: true, writable: true });
}

/** One character of the text is another one. */
function damaged([text, place, code]: [string, number, number]): string {
  const at = place % (text.length + 1);
  return text.slice(0, at) + String.fromCharCode(code) + text.slice(at + 1);
}

const NO_JSON = [
  '',
  ' ',
  '{',
  '{"a":',
  '{"a":1,}',
  "{'a':1}",
  '{"a":NaN}',
  '\ufeff{}',
  '{} {}',
  '{"__proto__":{"a":1},"constructor":{"prototype":{}}}',
  '{"name":"a","name":"b"}',
  '"text"',
  '1',
  'null',
  '[]',
  `{"a":${'9'.repeat(1_000)}}`,
  '{"a":"{{not-utf8}}"}',
  '{{nested-arrays}}',
  '{{nested-objects}}',
  '{{long:200000}}',
  '{"a":"\\ud800"}',
  '{"\\u0000":1}',
] as const;

function headersOf({ parameters }: Operation): Arbitrary<Readonly<Record<string, string>>> {
  const needs = (name: string) => parameters.some((one) => one.in === 'header' && one.name === name);
  const odd = <T>(usual: Arbitrary<T>, ...others: T[]) =>
    fc.oneof({ weight: 25, arbitrary: usual }, { weight: 1, arbitrary: fc.constantFrom(...others) });
  const optional: Record<string, Arbitrary<string>> = {
    'Idempotency-Key': odd(fc.uuid(), '', 'fuzz-key', 'fuzz-key', 'x'.repeat(81), "a' or 1=1", 'é'),
    'If-Match': odd(fc.constant('{{version}}'), '', '*', '"1"', '"999999999"', 'W/"1"', '"-1"', '"1e3"'),
    'Content-Type': odd(
      fc.constant('application/json'),
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'application/json; charset=utf-16',
      'application/jsonx',
      '',
    ),
  };
  const usual = Object.fromEntries(
    Object.entries(optional).filter(([name]) => name === 'Content-Type' || needs(name)),
  );
  const strange = fc.constantFrom<Readonly<Record<string, string>>>(
    { 'X-Purpose': 'treatment' },
    { 'X-Purpose': 'referral' },
    { 'X-Purpose': "x'; select" },
    { 'X-Request-Id': "a'); drop" },
    { 'X-Request-Id': 'wellformed-id-1' },
    { 'X-CSRF-Token': 'wrong' },
    { 'Sec-Fetch-Site': 'cross-site' },
    { Origin: 'https://evil.example' },
    { 'Content-Encoding': 'gzip' },
    { 'Accept-Language': 'en;q=0.1, \u00e9;q=x, *' },
    { 'Accept-Language': 'x'.repeat(4_000) },
    { 'X-HTTP-Method-Override': 'DELETE' },
    { 'X-Forwarded-For': '1.2.3.4, ::1, \u00e9' },
    { Host: 'evil.example' },
    { Range: 'bytes=0-1' },
    { 'If-None-Match': '*' },
    { Accept: 'text/html' },
    { Authorization: 'Bearer' },
    { Authorization: 'Basic YTpi' },
    { Authorization: `Bearer ${'a'.repeat(150)}` },
    { Cookie: 'lt_session=; lt_session==; =; ;;' },
    { Cookie: `lt_session=${'a'.repeat(300)}` },
    { Cookie: `a=${'b'.repeat(6_000)}` },
    { 'User-Agent': '\u00e9'.repeat(900) },
    { Expect: '100-continue' },
  );
  const some = fc.oneof({ weight: 6, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: strange });
  return fc.tuple(fc.record(usual), some).map(([needed, more]) => ({ ...needed, ...more }));
}

/** Pages, and what does not exist. */
function elsewhere(operations: readonly Operation[]): Arbitrary<Draft> {
  const paths = [
    '/',
    '/docs',
    '/openapi.json',
    '/problems',
    '/problems/not-found',
    '/problems/__proto__',
    '/problems/%2e%2e%2f',
    '/healthz',
    '/readyz',
    '/metrics',
    '/favicon.ico',
    '/.git/config',
    '/..%2f..%2fetc%2fpasswd',
    '//evil.example/x',
    '/%',
    '/%c0%ae%c0%ae/',
    '/api/v1',
    '/API/V1/patients',
    '/api/v2/patients',
    ...operations.map(({ path }) => `${path}/`),
    ...operations.map(({ path }) => path.toUpperCase()),
    `/${'a/'.repeat(2_000)}`,
  ];
  return fc.record({
    operationId: fc.constant(null),
    method: fc.constantFrom('GET', 'GET', 'GET', 'HEAD', 'POST', 'DELETE', 'OPTIONS'),
    path: fc
      .tuple(fc.constantFrom(...paths), fc.constantFrom('', '', '?a=1', '?%00'))
      .map((two) => two.join('')),
    caller: fc.constantFrom(...Object.keys(CALLERS)),
    headers: fc.constantFrom<Readonly<Record<string, string>>>(
      {},
      { 'Accept-Language': 'en' },
      { Accept: '*/*' },
    ),
  });
}

/** Lines of HTTP that are wrong themselves. */
function rawLines(operations: readonly Operation[]): Arbitrary<Draft> {
  const path = fc.constantFrom(...operations.map((one) => one.path.replace(/\{\w+\}/g, 'x')));
  const head = (method: string, target: string) => `${method} ${target} HTTP/1.1\r\nHost: x\r\n`;
  const json = 'Content-Type: application/json\r\n';
  const shapes: ((target: string) => string)[] = [
    (target) => `GET ${target} HTTP/1.1\r\n\r\n`,
    (target) => `GET ${target} HTTP/9.9\r\nHost: x\r\n\r\n`,
    (target) => `G\u0000T ${target} HTTP/1.1\r\nHost: x\r\n\r\n`,
    (target) => `${head('GET', target)}X: a\u0000b\r\n\r\n`,
    (target) => `${head('GET', target)}X-Long: ${'a'.repeat(100_000)}\r\n\r\n`,
    (target) => `${head('GET', target)}${'X-Many: a\r\n'.repeat(3_000)}\r\n`,
    (target) => `${head('POST', target)}${json}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}`,
    (target) => `${head('POST', target)}${json}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}`,
    (target) => `${head('POST', target)}${json}Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n`,
    (target) => `${head('POST', target)}${json}Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`,
    (target) => `${head('POST', target)}${json}Transfer-Encoding: gzip\r\n\r\n{}`,
    (target) => `${head('POST', target)}${json}Content-Length: -1\r\n\r\n{}`,
    (target) => `${head('POST', target)}${json}Content-Length: 99999999999\r\n\r\n{}`,
    (target) => `${head('POST', target)}${json}Content-Length: 5000\r\n\r\n{"a":`,
    (target) => `GET http://evil.example${target} HTTP/1.1\r\nHost: x\r\n\r\n`,
    (target) => `${head('GET', target)}\r\n${head('GET', '/healthz')}Connection: close\r\n\r\n`,
    () => 'OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n',
    () => 'CONNECT evil.example:443 HTTP/1.1\r\nHost: x\r\n\r\n',
    () => 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    () => '\u0016\u0003\u0001\u0002\u0000\u0001\u0000',
    (target) => `${head('GET', target)}Upgrade: websocket\r\nConnection: Upgrade\r\n\r\n`,
  ];
  return fc.tuple(fc.constantFrom(...shapes), path).map(([shape, target]) => ({
    operationId: null,
    method: 'RAW',
    path: target,
    caller: 'nobody',
    headers: {},
    raw: shape(target),
  }));
}
