import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import { isLocalDate, type LocalDate } from '../platform/dates.ts';
import { sha256 } from '../platform/ids.ts';
import { type Contract, withContract } from './contract.ts';
import { createLaw, type Law, type Parameter } from './law.ts';
import { PolicyFileError } from './policy-error.ts';
import { type FileValue, halfOpen } from './policy-values.ts';
import { checkComplete, type Required } from './required-parameters.ts';

export { PolicyFileError } from './policy-error.ts';

interface FileParameter {
  readonly id: string;
  readonly unit?: string;
  readonly verifiedOn?: LocalDate;
  readonly decision?: string;
  readonly alternatives?: readonly string[];
  readonly values: readonly FileValue[];
}
type ParameterFile =
  | (FileParameter & { readonly unit: string; readonly verifiedOn: LocalDate })
  | {
      readonly family: string;
      readonly unit: string;
      readonly verifiedOn: LocalDate;
      readonly parameters: readonly FileParameter[];
    };
type PolicyFile = ParameterFile | { readonly required: readonly Required[] };

const ownFolder = new URL('./policy/', import.meta.url);
const schema = (name: string) =>
  JSON.parse(
    readFileSync(new URL(`../../schemas/benefits/${name}.schema.json`, import.meta.url), 'utf8'),
  ) as object;

interface Validators {
  readonly policy: ValidateFunction<PolicyFile>;
  readonly contract: ValidateFunction<Contract>;
}
let known: Validators | undefined;

function validators(): Validators {
  known ??= compiled();
  return known;
}

function compiled(): Validators {
  const ajv = new Ajv2020({ allErrors: true });
  return {
    policy: ajv.compile<PolicyFile>(schema('policy')),
    contract: ajv.compile<Contract>(schema('contract')),
  };
}

/**
 * Reads and checks every `*.json` of the folder. Costs a few milliseconds: call once and keep the result.
 * @param folder where the policy files lie; the product's own by default
 * @param contract a file with what the province agreed about questions that the law leaves open
 * @throws PolicyFileError on a file that breaks the schema (a missing source too), a day that does not exist, values
 *   out of order, overlapping values, a gap without reason or in what the formulas need, or an id that two places claim
 */
export function loadPolicy(folder: URL = ownFolder, contract: URL | null = null): Law {
  const validate = validators().policy;
  const owners = new Map<string, string>();
  const parameters: Parameter[] = [];
  const required: (readonly [string, readonly Required[]])[] = [];
  for (const name of readdirSync(folder).toSorted()) {
    if (!name.endsWith('.json')) continue;
    const file = checked(name, readFileSync(new URL(name, folder), 'utf8'), validate);
    if ('required' in file) required.push([name, file.required]);
    else parameters.push(...claimed(name, parametersOf(name, file), owners));
  }
  if (parameters.length === 0)
    throw new PolicyFileError('*.json', 'no parameter', `nothing found in ${folder.pathname}`);
  for (const [name, entries] of required) checkComplete(name, entries, parameters);
  const agreed = contract ? withContractOf(contract, parameters) : parameters;
  return createLaw(agreed, versionOf(agreed));
}

function withContractOf(url: URL, parameters: readonly Parameter[]): Parameter[] {
  const name = basename(url.pathname);
  let json: string;
  try {
    json = readFileSync(url, 'utf8');
  } catch (cause) {
    throw new PolicyFileError(name, 'whole file', `cannot be read (${(cause as Error).message})`, { cause });
  }
  const contract = checked(name, json, validators().contract);
  return withContract(name, parameters, contract);
}

function checked<T>(name: string, json: string, validate: ValidateFunction<T>): T {
  let file: unknown;
  try {
    file = JSON.parse(json);
  } catch (cause) {
    throw new PolicyFileError(name, 'whole file', `not JSON (${(cause as Error).message})`, { cause });
  }
  if (!validate(file)) throw schemaFault(name, file, validate.errors!);
  return file;
}

function parametersOf(name: string, file: ParameterFile): Parameter[] {
  const members: readonly FileParameter[] = 'parameters' in file ? file.parameters : [file];
  return members.map(({ id, unit, decision, alternatives, values, ...member }) => {
    const verifiedOn = member.verifiedOn ?? file.verifiedOn;
    if (!isLocalDate(verifiedOn))
      throw new PolicyFileError(name, id, `verifiedOn ${verifiedOn} is not a day`);
    if ('family' in file && !id.startsWith(`${file.family}.`))
      throw new PolicyFileError(name, id, `ids of this family begin with "${file.family}."`);
    return {
      id,
      unit: unit ?? file.unit,
      verifiedOn,
      decision: decision ?? null,
      alternatives: alternatives ?? null,
      values: halfOpen(name, id, values),
    };
  });
}

function claimed(name: string, parameters: Parameter[], owners: Map<string, string>): Parameter[] {
  for (const { id } of parameters) {
    const owner = owners.get(id);
    if (owner !== undefined) throw new PolicyFileError(name, id, `the same id stands in ${owner} already`);
    owners.set(id, name);
  }
  return parameters;
}

function schemaFault(name: string, file: unknown, errors: readonly ErrorObject[]): PolicyFileError {
  // The deepest error is the one inside the shape that was meant; the others say only that the other shape was not.
  const depth = ({ instancePath }: ErrorObject) => instancePath.split('/').length;
  const { instancePath, message } = errors.toSorted((a, b) => depth(b) - depth(a))[0]!;
  const member = /^\/parameters\/(\d+)/.exec(instancePath)?.[1];
  const holder = file as { id?: string; family?: string; parameters?: readonly { id?: string }[] } | null;
  const id =
    (member === undefined ? holder?.id : holder!.parameters![Number(member)]?.id) ??
    holder?.family ??
    'whole file';
  return new PolicyFileError(name, id, `${instancePath || 'file'} ${message}`);
}

/**
 * `2026-10+<8 hex>`: month of the youngest verification, and a hash of everything that can change an amount or its
 * explanation. The order of files, ids and keys does not count, nor does a new verification without a new value.
 */
function versionOf(parameters: readonly Parameter[]): string {
  const youngest = parameters
    .map((parameter) => parameter.verifiedOn)
    .toSorted()
    .at(-1)!;
  const content = parameters
    .map(({ id, unit, values }) => canonical({ id, unit, values }))
    .toSorted()
    .join('\n');
  return `${youngest.slice(0, 7)}+${sha256(content).slice(0, 8)}`;
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const entries = value as Readonly<Record<string, unknown>>;
  const keys = Object.keys(entries).toSorted();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(entries[key])}`).join(',')}}`;
}
