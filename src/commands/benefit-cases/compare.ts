import { decimal } from '../../platform/money.ts';
import { type Computed, isList, type Value, valueText } from './computed.ts';
import { CaseFault, type Fields } from './fields.ts';

/** An expectation that was not met; `actual` null = nothing of that name comes out. */
export interface Difference {
  readonly path: string;
  readonly expected: string;
  readonly actual: string | null;
}

/** What a case asserts: every value under `expected` by its path; null asserts nothing. */
export function expectations(expected: Fields): readonly (readonly [string, unknown])[] {
  return expected.names().flatMap((name) => {
    const value = expected.raw(name);
    if (value === null) return [];
    return isGroup(value) ? nested(value, name) : [[name, value] as const];
  });
}

function nested(value: object, path: string): (readonly [string, unknown])[] {
  return Object.entries(value).flatMap(([name, inner]: [string, unknown]) => {
    if (inner === null) return [];
    return isGroup(inner) ? nested(inner, `${path}.${name}`) : [[`${path}.${name}`, inner] as const];
  });
}

function isGroup(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** @throws CaseFault for an expectation that is no value */
export function differences(
  asserted: readonly (readonly [string, unknown])[],
  computed: Computed,
): Difference[] {
  return asserted.flatMap(([path, expected]) => {
    const actual = computed.value(path);
    const wanted = expectedText(path, expected);
    if (actual !== undefined && isEqual(wanted, actual)) return [];
    return [{ path, expected: wanted, actual: actual === undefined ? null : valueText(actual) }];
  });
}

function expectedText(path: string, expected: unknown): string {
  if (typeof expected === 'string') return expected;
  if (typeof expected === 'boolean') return String(expected);
  if (isList(expected) && expected.every((one) => typeof one === 'string')) return expected.join(' ');
  throw new CaseFault(`expected.${path}`, 'notValue');
}

const NUMBER = /^-?\d{1,18}(\.\d{1,6})?$/;

/** Numbers as exact decimals (80000 = 80000.00), everything else as text. */
function isEqual(expected: string, actual: Value): boolean {
  if (typeof actual === 'string' || typeof actual === 'boolean' || isList(actual))
    return valueText(actual) === expected;
  return NUMBER.test(expected) && decimal(expected).eq(actual);
}
