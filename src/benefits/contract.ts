import { isDeepStrictEqual } from 'node:util';
import type { Parameter, ParameterValue, RawValue } from './law.ts';
import { PolicyFileError } from './policy-error.ts';
import { type FileValue, halfOpen } from './policy-values.ts';

/** What a province agreed with its insurer about questions that the law leaves open. */
export interface Contract {
  readonly contract: string;
  readonly parameters: readonly { readonly id: string; readonly values: readonly FileValue[] }[];
}

/**
 * The parameters with the contract's answers in place of our own, on the contract's days; its name stands in front of
 * each source, so that every explanation shows it.
 * @throws PolicyFileError for a parameter that does not exist, one that answers no open question (a contract does not
 *   change the law), an answer that no formula carries out, or one of another shape
 */
export function withContract(
  file: string,
  parameters: readonly Parameter[],
  { contract, parameters: answers }: Contract,
): Parameter[] {
  const given = new Map(answers.map((answer) => [answer.id, answer.values]));
  if (given.size < answers.length) throw new PolicyFileError(file, contract, 'the same id stands twice');
  const known = new Set(parameters.map(({ id }) => id));
  for (const id of given.keys())
    if (!known.has(id)) throw new PolicyFileError(file, id, 'there is no such parameter');
  return parameters.map((parameter) => {
    const values = given.get(parameter.id);
    return values ? answered(file, parameter, contract, halfOpen(file, parameter.id, values)) : parameter;
  });
}

function answered(
  file: string,
  parameter: Parameter,
  contract: string,
  values: readonly ParameterValue[],
): Parameter {
  const { id, decision, alternatives, values: own } = parameter;
  if (decision === null)
    throw new PolicyFileError(file, id, 'is law, not an open question: a contract cannot change it');
  for (const { value } of values) {
    if (alternatives && !(typeof value === 'string' && alternatives.includes(value)))
      throw new PolicyFileError(
        file,
        id,
        `${JSON.stringify(value)} is none of ${alternatives.map((one) => JSON.stringify(one)).join(', ')}`,
      );
    if (!isDeepStrictEqual(shapeOf(value), shapeOf(own[0]!.value)))
      throw new PolicyFileError(file, id, `${JSON.stringify(value)} is of another shape than the own value`);
  }
  const named = values.map((value) => ({ ...value, source: `${contract}: ${value.source}` }));
  return { ...parameter, values: overlaid(own, named) };
}

function shapeOf(value: RawValue): string | readonly string[] {
  if (Array.isArray(value)) return 'codes';
  if (typeof value === 'string') return /^\d/.test(value) ? 'decimal' : 'method';
  return Object.keys(value).toSorted();
}

/** `over` where it holds, `under` on all other days. */
function overlaid(under: readonly ParameterValue[], over: readonly ParameterValue[]): ParameterValue[] {
  const left = over.reduce<readonly ParameterValue[]>(
    (rest, { from, to }) =>
      rest.flatMap((value) => {
        const before = { ...value, to: value.to === null || value.to > from ? from : value.to };
        const after = to === null ? null : { ...value, from: value.from < to ? to : value.from };
        return [before, ...(after ? [after] : [])].filter((part) => part.to === null || part.from < part.to);
      }),
    under,
  );
  return [...left, ...over].toSorted((a, b) => (a.from < b.from ? -1 : 1));
}
