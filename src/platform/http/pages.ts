import { type Language, text } from '../../messages/index.ts';
import { PROBLEM_STATUS, type ProblemType } from '../problem.ts';
import type { Route } from './types.ts';

/** Plain server-made pages without a single outside file: they open on a slow line and without the internet. */
export function page(language: Language, title: string, body: string): string {
  return `<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escapeHtml(title)}</title><style>
body{font:16px/1.5 system-ui,"Segoe UI",sans-serif;max-width:62rem;margin:2rem auto;padding:0 1rem;color:#1a2330}
h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2rem}table{border-collapse:collapse;width:100%}
th,td{text-align:left;padding:.35rem .6rem;border-bottom:1px solid #d8dee6;vertical-align:top}
code{font:.9em ui-monospace,monospace;background:#f1f4f8;padding:.1em .3em;border-radius:3px}
.bad{color:#a40000;font-weight:600}.good{color:#0a6b2d}summary{cursor:pointer}a{color:#0b5cad}
</style></head><body>${body}</body></html>`;
}

export function escapeHtml(value: unknown): string {
  return String(value).replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}

export function problemPage(language: Language, only: ProblemType | null): string {
  const types = only ? [only] : (Object.keys(PROBLEM_STATUS) as ProblemType[]);
  const rows = types.map((type) => {
    const say = (part: string) => escapeHtml(text(language, `problem.${type}.${part}`));
    return `<tr><td><a href="/problems/${type}"><code>${type}</code></a></td><td>${PROBLEM_STATUS[type]}</td>
      <td>${say('title')}</td><td>${say('cure')}</td></tr>`;
  });
  const title = text(language, 'http.problems');
  return page(language, title, `<h1>${escapeHtml(title)}</h1><table>${rows.join('')}</table>`);
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
  readonly anyOf?: readonly Schema[];
}

/** The API for readers: every operation with its body, answers and header needs. */
export function docsPage(
  language: Language,
  title: string,
  routes: readonly Route<never>[],
  schemas: Readonly<Record<string, unknown>>,
): string {
  const say = (key: string) => escapeHtml(text(language, key));
  const operations = routes.map((route) => {
    const needs = [
      route.idempotent === 'required' ? '<code>Idempotency-Key</code>' : '',
      route.ifMatch ? '<code>If-Match</code>' : '',
    ].filter(Boolean);
    const parts = [
      `<p>${say('http.permission')}: <code>${escapeHtml(route.permission)}</code>${needs.length ? ` · ${say('http.headers')}: ${needs.join(', ')}` : ''}</p>`,
      route.query ? `<h3>${say('http.query')}</h3>${fields(schemas[route.query.schemaId] as Schema)}` : '',
      route.body ? `<h3>${say('http.body')}</h3>${fields(schemas[route.body.schemaId] as Schema)}` : '',
      ...Object.entries(route.responses).map(([status, answer]) =>
        answer.schemaId
          ? `<h3>${say('http.answer')} ${status}</h3>${fields(schemas[answer.schemaId] as Schema)}`
          : '',
      ),
    ];
    return `<details id="${escapeHtml(route.operationId)}"><summary><b>${route.method}</b> <code>${escapeHtml(route.path)}</code> — ${say(route.summary)}</summary>${parts.join('')}</details>`;
  });
  const links = `<p><a href="/openapi.json">OpenAPI 3.1</a> · <a href="/problems">${say('http.problems')}</a> · <a href="/">${say('http.home')}</a></p>`;
  return page(language, title, `<h1>${escapeHtml(title)}</h1>${links}${operations.join('')}`);
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

function shape(field: Schema): string {
  if (field.enum) return field.enum.join(' | ');
  if (field.anyOf) return field.anyOf.map(shape).join(' | ');
  if (field.type === 'array') return `${shape(field.items ?? {})}[]`;
  return String(field.format ?? field.pattern ?? field.type ?? '');
}
