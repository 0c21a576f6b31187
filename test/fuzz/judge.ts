import { Ajv2020 } from 'ajv/dist/2020.js';
import { FORMATS } from '../../src/platform/http/formats.ts';
import { PROBLEM_STATUS } from '../../src/platform/problem.ts';
import { HOSPITAL, STATION } from '../harness/visit.ts';
import { CALLERS } from './callers.ts';
import { type ApiDocument, type Draft, operationsOf } from './requests.ts';
import type { Answer, Wire } from './send.ts';
import { markOf, type World } from './world.ts';

/** What every answer must be, whatever was asked. @returns what is wrong with this one; none = nothing */
export type Judge = (draft: Draft, wire: Wire, answer: Answer) => string[];

/** Words of the inside: stacks, files, SQL, drivers. No value that the fuzz itself sends looks like these. */
const INSIDE = [
  /\bat .{0,80}\.(ts|js):\d+/,
  /file:\/\/|node:internal|node_modules|\/work\/|\/src\//,
  /\b(violates|syntax error at|relation "|column "|duplicate key|invalid input syntax|permission denied for)/i,
  /\b(row-level security|deadlock detected|invalid byte sequence|out of range for type|canceling statement)/i,
  /\bselect\b.{1,200}\bfrom\b|\binsert into\b|\bupdate \w+ set\b/i,
  /\b(TypeError|RangeError|ReferenceError|DriverException|QueryFailed|ECONN\w+|Cannot read prop|is not a function)/,
  /\bargon2|totp_|csrf_token|password_hash|_sealed/,
];
const NO_BODY = new Set([204, 304]);

export function createJudge(document: ApiDocument, world: Pick<World, 'failures' | 'inner'>): Judge {
  const ajv = new Ajv2020({ strict: false, allErrors: false });
  for (const [name, format] of Object.entries(FORMATS))
    ajv.addFormat(name, (value: string) => format.check(value));
  const { components } = document;
  const validator = (schema: object) => ajv.compile({ ...schema, components });
  const isProblem = validator({ $ref: '#/components/schemas/Problem' });
  const answers = new Map(
    operationsOf(document).flatMap(({ operationId, responses }) =>
      Object.entries(responses).map(([status, { content = {} }]) => {
        const [[type, described] = [null, null]] = Object.entries(content);
        const validate = described?.schema ? validator(described.schema) : null;
        return [`${operationId} ${status}`, { type, validate }] as const;
      }),
    ),
  );

  function problemIn(answer: Answer, body: unknown): string[] {
    if (!isProblem(body)) return [`no problem+json: ${ajv.errorsText(isProblem.errors)}`];
    const { type, status, title, detail, places = [] } = body as Problem;
    const name = type.replace('/problems/', '') as keyof typeof PROBLEM_STATUS;
    const words = [title, detail, ...places.map((place) => place.message)];
    return [
      ...(PROBLEM_STATUS[name] === status && status === answer.status
        ? []
        : [`${type} with status ${status}`]),
      ...(words.some((text) => text === '' || /^(problem|api|http)\.|\{[a-z]\w*\}/.test(text))
        ? [`a message is missing: ${words.join(' | ')}`]
        : []),
    ];
  }

  function shapeOf(draft: Draft, answer: Answer): string[] {
    const { status, text } = answer;
    const type = String(answer.headers['content-type'] ?? '').split(';')[0];
    if (draft.method === 'HEAD') return text === '' ? [] : ['a body after HEAD'];
    if (status >= 400) {
      if (type !== 'application/problem+json') return [`${status} as ${type}`];
      return problemIn(answer, parsed(text));
    }
    if (draft.operationId === null || NO_BODY.has(status)) return [];
    const described = answers.get(`${draft.operationId} ${status}`);
    if (!described) return [`status ${status} is not documented`];
    if (described.type !== null && described.type !== type) return [`${type} instead of ${described.type}`];
    if (!described.validate || described.validate(parsed(text))) return [];
    return [`not as documented: ${ajv.errorsText(described.validate.errors)}`];
  }

  function leaksIn(draft: Draft, answer: Answer): string[] {
    const { facility, role } = CALLERS[draft.caller]!;
    const isPage = draft.operationId === null && answer.status < 400;
    const found = isPage ? [] : INSIDE.flatMap((pattern) => pattern.exec(answer.text)?.[0] ?? []);
    if (answer.status >= 400) found.push(...world.inner.filter((name) => answer.text.includes(name)));
    const foreign =
      role === null ? [HOSPITAL, STATION] : [HOSPITAL, STATION].filter((code) => code !== facility);
    // The trail says what was changed, to those who may read it.
    const mayRead = role === 'auditor' && draft.operationId === 'searchAudit';
    if (!mayRead) found.push(...foreign.map(markOf).filter((mark) => answer.text.includes(mark)));
    const injected = ['x-injected', 'x-powered-by'].filter((name) => answer.headers[name] !== undefined);
    return [...found, ...injected].map((leak) => `it says «${leak}»`);
  }

  /** What is another facility's is not there. */
  function isolationOf(draft: Draft, answer: Answer): string[] {
    const isForeign = /\{\{(encounter|line|run):other:\d+\}\}/.test(draft.path.split('?')[0]!);
    const isWithin = CALLERS[draft.caller]!.facility !== null;
    return isForeign && isWithin && answer.status < 400 ? ['it answers about another facility'] : [];
  }

  return (draft, wire, answer) => {
    const { failed, status, ms } = answer;
    if (failed === 'not-sent') return [];
    if (failed === 'late') return [`no answer within ${Math.round(ms)} ms`];
    if (status >= 500) {
      const requestId = String(answer.headers['x-request-id']);
      return [`${status}: ${world.failures.get(requestId) ?? answer.text.slice(0, 300)}`];
    }
    if (draft.raw !== undefined) return leaksIn(draft, answer);
    if (failed === 'cut') return ['the connection was cut without an answer'];
    return [
      ...shapeOf(draft, answer),
      ...leaksIn(draft, answer),
      ...isolationOf(draft, answer),
      ...headersOf(wire, answer),
    ];
  };
}

/** Every answer carries its number and the browser's guards; what the API says is kept by nobody. */
function headersOf({ path }: Wire, { headers, status }: Answer): string[] {
  // A request that HTTP itself refuses never comes to the application.
  if (headers['x-request-id'] === undefined) return status === 431 || status === 400 ? [] : ['no request id'];
  const missing = ['content-security-policy', 'x-content-type-options'].filter((name) => !headers[name]);
  if (path.startsWith('/api/') && headers['cache-control'] !== 'no-store') missing.push('cache-control');
  return missing.map((name) => `without ${name}`);
}

interface Problem {
  readonly type: string;
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  readonly places?: readonly { readonly message: string }[];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
