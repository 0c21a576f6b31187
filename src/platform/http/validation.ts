import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';
import type { TSchema } from 'typebox';
import { Problem, type ProblemPlace } from '../problem.ts';

const MOST_PLACES = 20;

/** Checks values against the named schemas. Compiled when the server starts, not at the first request. */
export interface Validation {
  /** @throws Problem of that type with every place named */
  check(schemaId: string, value: unknown, problem: 'invalid-body' | 'bad-parameter'): void;
  /** Query strings carry text: numbers named by the schema are read as such. */
  readQuery(schemaId: string | undefined, query: URLSearchParams): Record<string, unknown>;
}

export function createValidation(
  schemas: Readonly<Record<string, TSchema>>,
  used: readonly string[],
): Validation {
  const ajv = new Ajv({ allErrors: true, strict: true, strictTypes: false, allowUnionTypes: true });
  formats.default(ajv, { mode: 'fast', formats: ['date', 'date-time'] });
  const compiled = new Map<string, ValidateFunction>();
  for (const id of used) {
    const schema = schemas[id];
    if (!schema) throw new Error(`no schema ${id}`);
    compiled.set(id, ajv.compile(schema));
  }
  return {
    check(schemaId, value, problem) {
      const validate = compiled.get(schemaId);
      if (!validate) throw new Error(`schema ${schemaId} was not compiled`);
      if (validate(value)) return;
      const places = (validate.errors ?? []).slice(0, MOST_PLACES).map(placeOf);
      throw new Problem(
        problem,
        { parameter: places.map((place) => place.pointer.slice(1)).join(', ') },
        places,
      );
    },
    readQuery(schemaId, query) {
      const properties = (schemaId ? schemas[schemaId] : undefined) as
        | { properties?: Record<string, TSchema> }
        | undefined;
      const read: Record<string, unknown> = {};
      for (const [name, text] of query) {
        const type = (properties?.properties?.[name] as { type?: string } | undefined)?.type;
        read[name] = type === 'integer' && /^\d{1,9}$/.test(text) ? Number(text) : text;
      }
      return read;
    },
  };
}

/** Says where and what was expected; never what came, which may be a name or a card number. */
function placeOf(error: ErrorObject): ProblemPlace {
  const params = error.params as Record<string, unknown>;
  switch (error.keyword) {
    case 'required':
      return {
        pointer: `${error.instancePath}/${String(params.missingProperty)}`,
        message: 'problem.place.required',
      };
    case 'additionalProperties':
      return {
        pointer: `${error.instancePath}/${String(params.additionalProperty)}`,
        message: 'problem.place.unknownField',
      };
    case 'type':
      return {
        pointer: error.instancePath,
        message: 'problem.place.type',
        values: { expected: String(params.type) },
      };
    case 'maxLength':
    case 'maxItems':
      return {
        pointer: error.instancePath,
        message: 'problem.place.tooLong',
        values: { limit: Number(params.limit) },
      };
    case 'minLength':
    case 'minItems':
      return {
        pointer: error.instancePath,
        message: 'problem.place.tooShort',
        values: { limit: Number(params.limit) },
      };
    case 'format':
      return {
        pointer: error.instancePath,
        message: 'problem.place.format',
        values: { expected: String(params.format) },
      };
    case 'pattern':
      return {
        pointer: error.instancePath,
        message: 'problem.place.pattern',
        values: { expected: String(params.pattern) },
      };
    case 'enum':
      return {
        pointer: error.instancePath,
        message: 'problem.place.oneOf',
        values: { expected: String(params.allowedValues) },
      };
    case 'minimum':
    case 'maximum':
      return {
        pointer: error.instancePath,
        message: 'problem.place.range',
        values: { limit: Number(params.limit) },
      };
    default:
      return {
        pointer: error.instancePath,
        message: 'problem.place.other',
        values: { expected: error.keyword },
      };
  }
}
