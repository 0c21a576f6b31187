import { SAME_PERSON } from './encounter.ts';
import { isRealDay } from './rule.ts';

/** The parameters of a rule as somebody may set them: like its defaults, and nothing that a check could not work with. */
export type Parameters = Readonly<Record<string, unknown>>;

/** What is wrong with a parameter: a message key `problem.place.<what>`. */
export interface WrongParameter {
  readonly name: string;
  readonly what: 'unknownParameter' | 'otherKind' | 'otherLength' | 'notAChoice' | 'unsafePattern';
}

/** Where only some words mean something, whatever the default is. */
const CHOICES: Readonly<Record<string, readonly string[]>> = {
  samePerson: SAME_PERSON,
  variants: ['a', 'b', 'c'],
  minLevel: ['minor', 'moderate', 'major', 'contraindicated'],
  offrouteMode: ['rate_times_entitlement', 'flat_rate'],
};
/** Lists that are reckoned with; other lists hold codes. */
const NUMBER_LISTS: ReadonlySet<string> = new Set(['rates', 'usual', 'allowedSecond']);
const MOST_ENTRIES = 500;
const MOST_NUMBER = 1_000_000_000;
const DECIMAL = /^\d{1,13}(\.\d{1,6})?$/;
const WORD = /^-?[\p{L}\p{N}][\p{L}\p{N} ._+/:()-]{0,79}$/u;
const NAME = /^[\p{L}\p{N}][\p{L}\p{N}._-]{0,59}$/u;

/** @returns what cannot be taken over, by name; nothing = all is well */
export function wrongParameters(defaults: Parameters, given: Parameters): readonly WrongParameter[] {
  return Object.entries(given).flatMap(([name, value]): WrongParameter[] => {
    if (!Object.hasOwn(defaults, name)) return [{ name, what: 'unknownParameter' }];
    const what = differs(name, defaults[name], value);
    return what === null ? [] : [{ name, what }];
  });
}

type Difference = WrongParameter['what'] | null;

function differs(name: string, usual: unknown, value: unknown): Difference {
  if (CHOICES[name]) return chosen(CHOICES[name], usual, value);
  if (Array.isArray(usual)) return listDiffers(name, usual, value);
  if (usual !== null && typeof usual === 'object') return recordDiffers(name, usual as Parameters, value);
  if (typeof usual === 'string') return textDiffers(usual, value);
  if (typeof usual === 'number') return isCount(value) ? null : 'otherKind';
  return typeof value === typeof usual ? null : 'otherKind';
}

function chosen(choices: readonly string[], usual: unknown, value: unknown): Difference {
  if (Array.isArray(usual) !== Array.isArray(value)) return 'otherKind';
  const all = [value].flat();
  return all.length > 0 && all.every((one) => choices.includes(one as string)) ? null : 'notAChoice';
}

function listDiffers(name: string, usual: readonly unknown[], value: unknown): Difference {
  if (!Array.isArray(value) || value.length > MOST_ENTRIES) return 'otherKind';
  if (usual.length > 0 && usual.every((one) => typeof one === 'number'))
    return rangeDiffers(usual.length, value);
  // An empty list of rates would leave nothing to reckon with.
  if (NUMBER_LISTS.has(name) && value.length === 0) return 'otherLength';
  const like = NUMBER_LISTS.has(name) ? '0' : isPatternName(name) ? '^' : '';
  return value.map((one) => textDiffers(like, one)).find((what) => what !== null) ?? null;
}

/** From, to. */
function rangeDiffers(length: number, value: readonly unknown[]): Difference {
  if (!value.every(isCount)) return 'otherKind';
  const isRising = value.every((one, index) => index === 0 || one >= (value[index - 1] as number));
  return value.length === length && isRising ? null : 'otherLength';
}

function recordDiffers(name: string, usual: Parameters, value: unknown): Difference {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return 'otherKind';
  const entries = Object.entries(value);
  if (entries.length > MOST_ENTRIES || entries.some(([key]) => !NAME.test(key) || key in Object.prototype))
    return 'otherKind';
  const samples = Object.values(usual);
  // Words that say how something is compared; a new word would mean nothing.
  const isWords = samples.some((one) => typeof one === 'string');
  const wrong = entries.map(([, one]) =>
    isWords ? (samples.includes(one) ? null : ('notAChoice' as const)) : differs(name, samples[0] ?? '', one),
  );
  return wrong.find((what) => what !== null) ?? null;
}

const isPatternName = (name: string) => /patterns?$/i.test(name);

function textDiffers(usual: string, value: unknown): Difference {
  if (typeof value !== 'string' || value.length > 200) return 'otherKind';
  if (usual.startsWith('^')) return isSafePattern(value) ? null : 'unsafePattern';
  if (isRealDay(usual)) return isRealDay(value) ? null : 'otherKind';
  if (DECIMAL.test(usual)) return DECIMAL.test(value) ? null : 'otherKind';
  return value === '' || WORD.test(value) ? null : 'otherKind';
}

const isCount = (value: unknown): value is number =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) <= MOST_NUMBER;

/**
 * A pattern is tried on every row of every claim: it must be one, stand for the whole text, and take no more than a
 * moment on any text. So at most two parts of it may be of any length, and no group may be repeated, unless it is
 * one of the patterns that the rules came with.
 */
export function isSafePattern(pattern: string): boolean {
  if (pattern.length > 200 || !pattern.startsWith('^')) return false;
  if (OWN_PATTERNS.has(pattern)) return true;
  try {
    new RegExp(pattern);
  } catch {
    return false;
  }
  const bare = pattern.replace(/\\./g, 'x').replace(/\[[^\]]*\]/g, 'x');
  const open = bare.match(/[*+]|\{\d+,\}/g)?.length ?? 0;
  const large = [...bare.matchAll(/\{(\d+)(?:,(\d+))?\}/g)].some(([, from, to]) => Number(to ?? from) > 100);
  return open <= 2 && !large && !/\)[*+?{]/.test(bare) && !/\\[1-9k]/.test(pattern);
}

/** Tried, and linear: they repeat groups that begin with a dot or a plus. */
const OWN_PATTERNS: ReadonlySet<string> = new Set([
  '^\\d{1,2}\\.\\d{1,4}(\\.\\d+)*(\\+\\d{1,2}\\.\\d{1,4}(\\.\\d+)*)*$',
  '^K\\d{2}(\\d{2})*\\.\\d{3,4}$',
]);
