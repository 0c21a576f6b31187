import { createHash } from 'node:crypto';
import { type Language, text } from '../../messages/index.ts';
import { PROBLEM_STATUS, type ProblemType } from '../problem.ts';
import { groupOf } from './openapi.ts';
import type { RouteShape } from './types.ts';

/** Plain server-made pages without a single outside file: they open on a slow line and without the internet. */
export function page(language: Language, title: string, body: string): string {
  return `<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escapeHtml(title)}</title><style>${STYLE}</style></head><body>${body}</body></html>`;
}

const STYLE = `
body{font:16px/1.5 system-ui,"Segoe UI",sans-serif;max-width:62rem;margin:2rem auto;padding:0 1rem;color:#1a2330}
h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2rem}table{border-collapse:collapse;width:100%}
th,td{text-align:left;padding:.35rem .6rem;border-bottom:1px solid #d8dee6;vertical-align:top}
code{font:.9em ui-monospace,monospace;background:#f1f4f8;padding:.1em .3em;border-radius:3px}
.bad{color:#a40000;font-weight:600}.good{color:#0a6b2d}summary{cursor:pointer}a{color:#0b5cad}
`;
/** What the content security policy says of it: this text and no other. */
export const STYLE_SOURCE = `'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`;

export function escapeHtml(value: unknown): string {
  return String(value).replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}

/** All kinds of refusal, or one with its full text: the address that stands in every refusal's `type`. */
export function problemPage(language: Language, only: ProblemType | null): string {
  const heading = text(language, only ? `problem.${only}.title` : 'http.problems');
  const body = only ? oneProblem(language, only) : problemTable(language);
  return page(language, heading, `<h1>${escapeHtml(heading)}</h1>${body}`);
}

function oneProblem(language: Language, type: ProblemType): string {
  const say = (part: string) => escapeHtml(text(language, `problem.${type}.${part}`));
  return `<p><code>${type}</code> · ${PROBLEM_STATUS[type]}</p><p>${say('detail')}</p><p>${say('cure')}</p>
    <p><a href="/problems">${escapeHtml(text(language, 'http.problems'))}</a></p>`;
}

function problemTable(language: Language): string {
  const rows = (Object.keys(PROBLEM_STATUS) as ProblemType[]).map((type) => {
    const say = (part: string) => escapeHtml(text(language, `problem.${type}.${part}`));
    return `<tr><td><a href="/problems/${type}"><code>${type}</code></a></td><td>${PROBLEM_STATUS[type]}</td>
      <td>${say('title')}</td><td>${say('cure')}</td></tr>`;
  });
  return `<table>${rows.join('')}</table>`;
}

interface Schema {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly description?: string;
  readonly pattern?: string;
  readonly format?: string;
  readonly enum?: readonly unknown[];
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly anyOf?: readonly Schema[];
}

type Schemas = Readonly<Record<string, unknown>>;

/** The API for readers: operations by what they are about, then what refusals mean. */
export function docsPage(
  language: Language,
  title: string,
  routes: readonly RouteShape[],
  schemas: Schemas,
): string {
  const say = (key: string) => escapeHtml(text(language, key));
  const groups = Map.groupBy(routes, groupOf);
  const parts = [...groups].map(
    ([group, members]) =>
      `<h2>${escapeHtml(group)}</h2>${members.map((route) => operation(language, route, schemas)).join('')}`,
  );
  const links = `<p><a href="/openapi.json">OpenAPI 3.1</a> · <a href="#problems">${say('http.problems')}</a> · <a href="/">${say('http.home')}</a></p>`;
  const problems = `<h2 id="problems">${say('http.problems')}</h2>${problemTable(language)}`;
  return page(language, title, `<h1>${escapeHtml(title)}</h1>${links}${parts.join('')}${problems}`);
}

function operation(language: Language, route: RouteShape, schemas: Schemas): string {
  const say = (key: string) => escapeHtml(text(language, key));
  const table = (heading: string, schemaId: string) =>
    `<h3>${heading}</h3>${fields(schemas[schemaId] as Schema)}`;
  const needs = [
    route.idempotent === 'required' ? '<code>Idempotency-Key</code>' : '',
    route.ifMatch ? '<code>If-Match</code>' : '',
  ].filter(Boolean);
  const headers = needs.length > 0 ? ` · ${say('http.headers')}: ${needs.join(', ')}` : '';
  const answers = Object.entries(route.responses).map(([status, answer]) => {
    const heading = `${say('http.answer')} ${status}`;
    if (answer.schemaId) return table(heading, answer.schemaId);
    return answer.contentType ? `<h3>${heading}</h3><code>${escapeHtml(answer.contentType)}</code>` : '';
  });
  const parts = [
    `<p>${say('http.permission')}: <code>${escapeHtml(route.permission)}</code>${headers}</p>`,
    route.query ? table(say('http.query'), route.query.schemaId) : '',
    route.body ? table(say('http.body'), route.body.schemaId) : '',
    ...answers,
  ];
  return `<details id="${escapeHtml(route.operationId)}"><summary><b>${route.method}</b> <code>${escapeHtml(route.path)}</code> — ${say(route.summary)}</summary>${parts.join('')}</details>`;
}

function fields(schema: Schema, depth = 0): string {
  const inner = schema.type === 'array' ? schema.items : schema;
  if (!inner?.properties || depth > 4) return `<code>${escapeHtml(shape(schema))}</code>`;
  const rows = Object.entries(inner.properties).map(([name, field]) => {
    const nested = field.type === 'array' ? field.items : field;
    const more = nested?.properties ? fields(field, depth + 1) : '';
    const mark = inner.required?.includes(name) ? ' *' : '';
    return `<tr><td><code>${escapeHtml(name)}</code>${mark}</td><td><code>${escapeHtml(shape(field))}</code> ${escapeHtml(field.description ?? '')}${more}</td></tr>`;
  });
  return `<table>${rows.join('')}</table>`;
}

/** One line that says what a field takes: kind, and how much of it. */
function shape(field: Schema): string {
  if (field.enum) return field.enum.join(' | ');
  if (field.anyOf) return field.anyOf.map(shape).join(' | ');
  if (field.type === 'array') return `${shape(field.items ?? {})}[]${most(field.maxItems)}`;
  const range =
    field.minimum === undefined ? most(field.maximum) : ` ${field.minimum}–${field.maximum ?? '∞'}`;
  return `${String(field.format ?? field.pattern ?? field.type ?? '')}${most(field.maxLength)}${range}`;
}

const most = (limit: number | undefined) => (limit === undefined ? '' : ` ≤ ${limit}`);
