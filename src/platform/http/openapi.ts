import { type Language, text } from '../../messages/index.ts';
import type { Route } from './types.ts';

/** The OpenAPI 3.1 document: the schemas are JSON Schema already, so they are placed and not translated. */
export function openApi(
  language: Language,
  title: string,
  routes: readonly Route<never>[],
  schemas: Readonly<Record<string, unknown>>,
): unknown {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    paths[path] ??= {};
    paths[path][route.method.toLowerCase()] = operation(language, route, schemas);
  }
  return {
    openapi: '3.1.0',
    info: { title, version: '1', license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    paths,
    components: {
      schemas: { ...schemas, Problem: PROBLEM },
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
    },
    security: [{ token: [] }],
  };
}

function operation(
  language: Language,
  route: Route<never>,
  schemas: Readonly<Record<string, unknown>>,
): unknown {
  const query = route.query
    ? (schemas[route.query.schemaId] as { properties: Record<string, unknown>; required?: string[] })
    : undefined;
  const header = (name: string, description: string) => ({
    name,
    in: 'header',
    required: true,
    description,
    schema: { type: 'string' },
  });
  const parameters = [
    ...[...route.path.matchAll(/:(\w+)/g)].map(([, name]) => ({
      name,
      in: 'path',
      required: true,
      schema: { type: 'string' },
    })),
    ...Object.entries(query?.properties ?? {}).map(([name, schema]) => ({
      name,
      in: 'query',
      required: query?.required?.includes(name) ?? false,
      schema,
    })),
    ...(route.idempotent === 'required'
      ? [header('Idempotency-Key', text(language, 'http.idempotencyKey'))]
      : []),
    ...(route.ifMatch ? [header('If-Match', text(language, 'http.ifMatch'))] : []),
  ];
  return {
    operationId: route.operationId,
    summary: text(language, route.summary),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(route.body
      ? {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: reference(route.body.schemaId) } },
          },
        }
      : {}),
    responses: {
      ...Object.fromEntries(
        Object.entries(route.responses).map(([status, answer]) => [
          status,
          {
            description: text(language, route.summary),
            ...(answer.schemaId
              ? { content: { 'application/json': { schema: reference(answer.schemaId) } } }
              : {}),
          },
        ]),
      ),
      default: {
        description: text(language, 'http.problem'),
        content: { 'application/problem+json': { schema: reference('Problem') } },
      },
    },
  };
}

const reference = (id: string) => ({ $ref: `#/components/schemas/${id}` });

const PROBLEM = {
  type: 'object',
  description: 'RFC 9457',
  required: ['type', 'title', 'status', 'detail', 'instance'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    instance: { type: 'string' },
    places: {
      type: 'array',
      items: { type: 'object', properties: { pointer: { type: 'string' }, message: { type: 'string' } } },
    },
  },
};
