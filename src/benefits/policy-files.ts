import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import { isLocalDate, type LocalDate } from '../platform/dates.ts';
import { sha256 } from '../platform/ids.ts';
import { createLaw, type Law, type Parameter, type ParameterValue, type RawValue } from './law.ts';

/** A policy file that must not be used: the program does not start. Names the file, the parameter and the fault. */
export class PolicyFileError extends Error {
  constructor(file: string, id: string, fault: string, options?: ErrorOptions) {
    super(`policy file ${file}, ${id}: ${fault}`, options);
    this.name = 'PolicyFileError';
  }
}

interface FileValue {
  readonly from: LocalDate;
  readonly to?: LocalDate;
  readonly value: RawValue;
  readonly source: string;
  readonly article?: string;
  readonly grade: 'A' | 'B' | 'C' | 'D';
}
interface FileParameter {
  readonly id: string;
  readonly unit?: string;
  readonly verifiedOn?: LocalDate;
  readonly values: readonly FileValue[];
}
type PolicyFile =
  | (FileParameter & { readonly unit: string; readonly verifiedOn: LocalDate })
  | {
      readonly family: string;
      readonly unit: string;
      readonly verifiedOn: LocalDate;
      readonly parameters: readonly FileParameter[];
    };

const ownFolder = new URL('./policy/', import.meta.url);
const schemaFile = new URL('../../schemas/benefits/policy.schema.json', import.meta.url);

/**
 * Reads and checks every `*.json` of the folder. Costs a few milliseconds: call once and keep the result.
 * @param folder where the policy files lie; the product's own by default
 * @throws PolicyFileError on a file that breaks the schema (a missing source too), a day that does not exist, values
 *   out of order, overlapping values, or an id that two places claim
 */
export function loadPolicy(folder: URL = ownFolder): Law {
  const validate = new Ajv2020({ allErrors: true }).compile<PolicyFile>(
    JSON.parse(readFileSync(schemaFile, 'utf8')) as object,
  );
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .toSorted();
  const owners = new Map<string, string>();
  const parameters = files.flatMap((name) => {
    const read = readParameters(name, readFileSync(new URL(name, folder), 'utf8'), validate);
    for (const { id } of read) {
      const owner = owners.get(id);
      if (owner !== undefined) throw new PolicyFileError(name, id, `the same id stands in ${owner} already`);
      owners.set(id, name);
    }
    return read;
  });
  if (parameters.length === 0)
    throw new PolicyFileError('*.json', 'no parameter', `nothing found in ${folder.pathname}`);
  return createLaw(parameters, versionOf(parameters));
}

function readParameters(name: string, json: string, validate: ValidateFunction<PolicyFile>): Parameter[] {
  let file: unknown;
  try {
    file = JSON.parse(json);
  } catch (cause) {
    throw new PolicyFileError(name, 'whole file', `not JSON (${(cause as Error).message})`, { cause });
  }
  if (!validate(file)) throw schemaFault(name, file, validate.errors ?? []);
  const members: readonly FileParameter[] = 'parameters' in file ? file.parameters : [file];
  return members.map((member) => {
    const verifiedOn = member.verifiedOn ?? file.verifiedOn;
    if (!isLocalDate(verifiedOn))
      throw new PolicyFileError(name, member.id, `verifiedOn ${verifiedOn} is not a day`);
    if ('family' in file && !member.id.startsWith(`${file.family}.`))
      throw new PolicyFileError(name, member.id, `ids of this family begin with "${file.family}."`);
    return { id: member.id, unit: member.unit ?? file.unit, verifiedOn, values: halfOpen(name, member) };
  });
}

/** Gives each value its end: its own `to`, else the first day of the next value, else none. */
function halfOpen(file: string, { id, values }: FileParameter): ParameterValue[] {
  const fail = (fault: string): never => {
    throw new PolicyFileError(file, id, fault);
  };
  return values.map((value, index) => {
    const next = values[index + 1];
    for (const day of [value.from, value.to]) {
      if (day !== undefined && !isLocalDate(day)) fail(`${day} is not a day of the calendar`);
    }
    if (next && next.from <= value.from) fail(`wrong order: ${next.from} stands after ${value.from}`);
    if (value.to !== undefined && value.to <= value.from)
      fail(`the value from ${value.from} ends before it begins (${value.to})`);
    if (next && value.to !== undefined && value.to > next.from)
      fail(`overlap: the value from ${value.from} runs until ${value.to}, the next begins on ${next.from}`);
    return {
      from: value.from,
      to: value.to ?? next?.from ?? null,
      value: value.value,
      source: value.source,
      article: value.article ?? value.source,
      grade: value.grade,
    };
  });
}

function schemaFault(name: string, file: unknown, errors: readonly ErrorObject[]): PolicyFileError {
  // The deepest error is the one inside the shape that was meant; the others say only that the other shape was not.
  const deepest = errors.toSorted(
    (a, b) => b.instancePath.split('/').length - a.instancePath.split('/').length,
  )[0];
  const member = /^\/parameters\/(\d+)/.exec(deepest?.instancePath ?? '')?.[1];
  const holder = file as { id?: string; family?: string; parameters?: readonly { id?: string }[] } | null;
  const id =
    (member === undefined ? holder?.id : holder?.parameters?.[Number(member)]?.id) ??
    holder?.family ??
    'whole file';
  return new PolicyFileError(
    name,
    id,
    `${deepest?.instancePath || 'file'} ${deepest?.message ?? 'does not match the schema'}`,
  );
}

/**
 * `2026-10+<8 hex>`: month of the youngest verification, and a hash of everything that can change an amount or its
 * explanation. The order of files, ids and keys does not count, nor does a new verification without a new value.
 */
function versionOf(parameters: readonly Parameter[]): string {
  const youngest =
    parameters
      .map((parameter) => parameter.verifiedOn)
      .toSorted()
      .at(-1) ?? '';
  const content = parameters
    .map(({ id, unit, values }) => canonical({ id, unit, values }))
    .toSorted()
    .join('\n');
  return `${youngest.slice(0, 7)}+${sha256(content).slice(0, 8)}`;
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, entry]) => `${JSON.stringify(key)}:${canonical(entry)}`).join(',')}}`;
}
