import { type Language, text } from '../../messages/index.ts';
import { ANYBODY, type RouteShape } from './types.ts';

/** The OpenAPI 3.1 document: the schemas are JSON Schema already, so they are placed and not translated. */
export function openApi(
  language: Language,
  title: string,
  routes: readonly RouteShape[],
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
    tags: [...new Set(routes.map(groupOf))].map((name) => ({ name })),
    paths,
    components: {
      schemas: { ...schemas, Problem: PROBLEM },
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer' },
        session: { type: 'apiKey', in: 'cookie', name: 'lt_session' },
      },
    },
    security: [{ token: [] }, { session: [] }],
  };
}

function operation(
  language: Language,
  route: RouteShape,
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
    {
      name: 'X-Purpose',
      in: 'header',
      required: false,
      description: text(language, 'http.purpose'),
      schema: { type: 'string', default: 'care' },
    },
    ...(route.ifMatch ? [header('If-Match', text(language, 'http.ifMatch'))] : []),
  ];
  return {
    operationId: route.operationId,
    tags: [groupOf(route)],
    summary: text(language, route.summary),
    ...(route.permission === ANYBODY ? { security: [] } : {}),
    parameters,
    ...(route.body
      ? {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: reference(route.body.schemaId) } },
          },
        }
      : {}),
    ...(route.upload
      ? {
          requestBody: {
            required: true,
            content: Object.fromEntries(route.upload.contentTypes.map((type) => [type, { schema: BYTES }])),
          },
        }
      : {}),
    responses: {
      ...Object.fromEntries(
        Object.entries(route.responses).map(([status, answer]) => [
          status,
          {
            description: text(language, route.summary),
            ...contentOf(answer),
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

/** What the route is about: the first word of its path behind `/api/v1`. */
export function groupOf(route: RouteShape): string {
  return route.path.split('/').find((part) => part !== '' && !/^(api|v\d+)$/.test(part)) ?? '/';
}

function contentOf(answer: { readonly schemaId?: string; readonly contentType?: string }): object {
  if (answer.schemaId) return { content: { 'application/json': { schema: reference(answer.schemaId) } } };
  return answer.contentType ? { content: { [answer.contentType]: {} } } : {};
}

const reference = (id: string) => ({ $ref: `#/components/schemas/${id}` });

const BYTES = { type: 'string', format: 'binary' };

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
    values: {
      type: 'object',
      description: 'the amounts, versions and names that the detail speaks of',
      additionalProperties: { type: ['string', 'number'] },
    },
    places: {
      type: 'array',
      items: { type: 'object', properties: { pointer: { type: 'string' }, message: { type: 'string' } } },
    },
  },
};
