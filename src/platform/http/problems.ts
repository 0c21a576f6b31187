import { catalogue, type Language, text } from '../../messages/index.ts';
import { PROBLEM_STATUS, Problem, type ProblemType } from '../problem.ts';

/** Errors that mean "the database cannot be reached now": an outage is 5xx, never the caller's fault. */
const OUTAGE =
  /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENOTFOUND|EAI_AGAIN|57P0[0-9]|08[0-9A-Z]{3}|53300)$/;

/** Any error as a problem; what nobody foresaw is `internal` and says nothing of itself. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  for (let current: unknown = error; current instanceof Error; current = current.cause) {
    const code = (current as { code?: unknown }).code;
    if (typeof code === 'string' && OUTAGE.test(code))
      return new Problem('database-unavailable', {}, [], { cause: error });
    if (/Connection terminated|timeout exceeded when trying to connect/i.test(current.message))
      return new Problem('database-unavailable', {}, [], { cause: error });
  }
  return new Problem('internal', {}, [], { cause: error });
}

export function problemBody(
  problem: Problem,
  language: Language,
  requestId: string,
): Record<string, unknown> {
  const say = (key: string, values = {}) => text(language, key, values);
  return {
    type: `/problems/${problem.type}`,
    title: say(`problem.${problem.type}.title`),
    status: problem.status,
    detail: say(`problem.${problem.type}.detail`, named(language, problem.values)),
    instance: `/requests/${requestId}`,
    // For software: what the detail says in words.
    ...(Object.keys(problem.values).length > 0 ? { values: problem.values } : {}),
    ...(problem.places.length > 0
      ? {
          places: problem.places.map((place) => ({
            pointer: place.pointer,
            message: say(place.message, place.values),
          })),
        }
      : {}),
  };
}

/** The kind of thing a refusal speaks of, in the reader's language: code says `encounter`, people say visit. */
function named(language: Language, values: Problem['values']): Problem['values'] {
  const what = values.what === undefined ? undefined : catalogue(language).get(`problem.what.${values.what}`);
  return what === undefined ? values : { ...values, what };
}

export function isProblemType(type: string): type is ProblemType {
  return Object.hasOwn(PROBLEM_STATUS, type);
}
