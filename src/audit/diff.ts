import { isDeepStrictEqual } from 'node:util';

/** What changed: field → [before, after]. Nothing and null are the same; a list or an object is one value. */
export type Changes = Readonly<Record<string, readonly [before: unknown, after: unknown]>>;

/**
 * The fields that `after` names and that are not as they were. A patch may be given as it came: fields that it does not
 * name did not change.
 * @returns values as JSON would store them (moments as text)
 */
export function minimalDiff(before: object, after: object): Changes {
  const old = plain(before);
  const changed = Object.entries(plain(after)).flatMap(([field, now]) => {
    const was = old[field] ?? null;
    const is = now ?? null;
    return isDeepStrictEqual(was, is) ? [] : [[field, [was, is]] as const];
  });
  return Object.fromEntries(changed);
}

function plain(value: object): Record<string, unknown> {
  const named = Object.entries(value).map(([field, one]) => [field, one ?? null]);
  return JSON.parse(JSON.stringify(Object.fromEntries(named))) as Record<string, unknown>;
}
