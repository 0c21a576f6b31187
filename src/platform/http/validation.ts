import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import type { TSchema } from 'typebox';
import { Problem, type ProblemPlace } from '../problem.ts';
import { FORMATS } from './formats.ts';

const MOST_PLACES = 20;
/** Larger values are refused at their first fault: a hostile megabyte must not make a million error objects. */
const ALL_PLACES_UP_TO_BYTES = 64 * 1024;
const LONGEST_STEP = 60;
/** The pattern of texts that must not be blank, which people are told in words. */
const NOT_BLANK = '\\S';

/**
 * Checks values against the named schemas. Each is compiled when it is first needed, some milliseconds once: all of them
 * together would keep a starting server from answering for seconds. That all of them compile is a test.
 */
export interface Validation {
  /**
   * @param bytes size of the text the value came in
   * @throws Problem of that type with the places named
   */
  check(schemaId: string, value: unknown, problem: 'invalid-body' | 'bad-parameter', bytes: number): void;
  /** Query strings carry text: what the schema calls a number or a boolean is read as one. */
  readQuery(schemaId: string | undefined, query: URLSearchParams): Record<string, unknown>;
}

/** @throws Error when a schema that is used is not there */
export function createValidation(
  schemas: Readonly<Record<string, TSchema>>,
  used: readonly string[],
): Validation {
  for (const id of used) if (!schemas[id]) throw new Error(`no schema ${id}`);
  // Stops at the first fault: the everyday way, about twice as fast.
  const quick = compiler(schemas, false);
  // Names every fault.
  const thorough = compiler(schemas, true);
  return {
    check(schemaId, value, problem, bytes) {
      if (quick(schemaId)(value)) return;
      const validate = bytes <= ALL_PLACES_UP_TO_BYTES ? thorough(schemaId) : quick(schemaId);
      validate(value);
      const places = (validate.errors ?? []).slice(0, MOST_PLACES).map(placeOf);
      const parameter = places.map((place) => place.pointer.slice(1)).join(', ');
      throw new Problem(problem, { parameter }, places);
    },
    readQuery(schemaId, query) {
      const known = schemaId ? (schemas[schemaId] as Queried | undefined)?.properties : undefined;
      const read = new Map<string, unknown>();
      for (const [name, value] of query) {
        if (read.has(name)) throw new Problem('bad-parameter', { parameter: step(name).slice(1) });
        read.set(name, readAs(known?.[name]?.type, value));
      }
      return Object.fromEntries(read);
    },
  };
}

interface Queried {
  readonly properties?: Readonly<Record<string, { readonly type?: string }>>;
}

function readAs(type: string | undefined, value: string): unknown {
  if (type === 'integer' && /^-?\d{1,9}$/.test(value)) return Number(value);
  if (type === 'boolean' && (value === 'true' || value === 'false')) return value === 'true';
  return value;
}

function compiler(
  schemas: Readonly<Record<string, TSchema>>,
  all: boolean,
): (id: string) => ValidateFunction {
  const ajv = checker(all);
  const compiled = new Map<string, ValidateFunction>();
  return (id) => {
    let validate = compiled.get(id);
    if (!validate) {
      validate = ajv.compile(schemas[id]!);
      compiled.set(id, validate);
    }
    return validate;
  };
}

function checker(all: boolean): Ajv {
  const ajv = new Ajv({
    allErrors: all,
    verbose: true,
    strict: true,
    strictTypes: false,
    allowUnionTypes: true,
  });
  for (const [name, format] of Object.entries(FORMATS))
    ajv.addFormat(name, (value: string) => format.check(value));
  return ajv;
}

/** A name as one step of a JSON pointer (RFC 6901), cut where a sender made it absurdly long. */
export function step(name: string): string {
  const short = name.length > LONGEST_STEP ? `${name.slice(0, LONGEST_STEP)}…` : name;
  return `/${short.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/**
 * Where it is wrong, what was expected, and what came as a type or a length: never the value itself, which may be a
 * name or a card number.
 */
function placeOf(error: ErrorObject): ProblemPlace {
  const { keyword, instancePath: pointer } = error;
  const params = error.params as Record<string, unknown>;
  const say = (name: string, values: Record<string, string | number> = {}, at = pointer): ProblemPlace => ({
    pointer: at,
    message: `problem.place.${name}`,
    values,
  });
  const limit = Number(params.limit);
  switch (keyword) {
    case 'required':
      return say('required', {}, pointer + step(String(params.missingProperty)));
    case 'additionalProperties':
      return say('unknownField', {}, pointer + step(String(params.additionalProperty)));
    case 'type':
      return say('type', { expected: String(params.type), came: typeOf(error.data) });
    case 'maxLength':
    case 'maxItems':
      return say('tooLong', { limit, came: lengthOf(error.data) });
    case 'minLength':
    case 'minItems':
      return say('tooShort', { limit, came: lengthOf(error.data) });
    case 'format':
      return say('format', { expected: FORMATS[String(params.format)]?.shown ?? String(params.format) });
    case 'pattern':
      if (params.pattern === NOT_BLANK) return say('blank');
      return say('pattern', { expected: String(params.pattern) });
    case 'enum':
      return say('oneOf', { expected: (params.allowedValues as unknown[]).join(', ') });
    case 'const':
      return say('oneOf', { expected: String(params.allowedValue) });
    case 'minimum':
      return say('tooSmall', { limit });
    case 'maximum':
      return say('tooLarge', { limit });
    default:
      return say('other', { expected: keyword });
  }
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

/** In characters as a person counts them, or in entries. */
function lengthOf(value: unknown): number {
  return typeof value === 'string' ? Array.from(value).length : (value as readonly unknown[]).length;
}
