import type { MessageValues } from '../../messages/index.ts';
import {
  type Instant,
  instantAt,
  isInstant,
  isLocalDate,
  type LocalDate,
  localDate,
} from '../../platform/dates.ts';
import { type Decimal, decimal } from '../../platform/money.ts';

/** What is wrong with a case, and where in it; the words are those of `cases.<fault>`. */
export class CaseFault extends Error {
  readonly path: string;
  readonly fault: string;
  readonly values: MessageValues;

  constructor(path: string, fault: string, values: MessageValues = {}) {
    super(`${path}: ${fault}`);
    this.name = 'CaseFault';
    this.path = path;
    this.fault = fault;
    this.values = values;
  }
}

/** A day, with the moment where the text tells one. */
export interface When {
  readonly day: LocalDate;
  readonly at: Instant | null;
}

/**
 * One object of a case. Every reading names its place when the value is missing or of another kind; what nobody read
 * is known at the end. `null` is the same as absent.
 */
export class Fields {
  readonly path: string;
  readonly #values: Readonly<Record<string, unknown>>;
  readonly #read = new Set<string>();
  readonly #inner: Fields[] = [];

  constructor(value: unknown, path: string) {
    if (value === null || typeof value !== 'object' || Array.isArray(value))
      throw new CaseFault(path, 'notObject');
    this.path = path;
    this.#values = value as Record<string, unknown>;
  }

  place(name: string): string {
    return this.path === '' ? name : `${this.path}.${name}`;
  }

  names(): readonly string[] {
    return Object.keys(this.#values);
  }

  /** Marks as understood what the computation does not need. */
  ignore(...names: readonly string[]): void {
    for (const name of names) this.#read.add(name);
  }

  /** Places of what nobody read, here and in the objects read from here. */
  unread(): string[] {
    const own = this.names().filter((name) => !this.#read.has(name));
    return [...own.map((name) => this.place(name)), ...this.#inner.flatMap((inner) => inner.unread())];
  }

  raw(name: string): unknown {
    this.#read.add(name);
    return Object.hasOwn(this.#values, name) ? (this.#values[name] ?? null) : null;
  }

  #needed<T>(name: string, value: T | null): T {
    if (value === null) throw new CaseFault(this.place(name), 'missing');
    return value;
  }

  object(name: string): Fields | null {
    const value = this.raw(name);
    if (value === null) return null;
    const inner = new Fields(value, this.place(name));
    this.#inner.push(inner);
    return inner;
  }

  objects(name: string): readonly Fields[] {
    const value = this.#needed(name, this.raw(name));
    if (!Array.isArray(value)) throw new CaseFault(this.place(name), 'notList');
    const inner = value.map((one, index) => new Fields(one, `${this.place(name)}[${index}]`));
    this.#inner.push(...inner);
    return inner;
  }

  textOrNull(name: string): string | null {
    const value = this.raw(name);
    if (value !== null && typeof value !== 'string') throw new CaseFault(this.place(name), 'notText');
    return value;
  }

  text(name: string): string {
    return this.#needed(name, this.textOrNull(name));
  }

  oneOfOrNull<const T extends string>(name: string, choices: readonly T[]): T | null {
    const value = this.textOrNull(name);
    if (value === null) return null;
    const found = choices.find((choice) => choice === value);
    if (found === undefined)
      throw new CaseFault(this.place(name), 'notOneOf', { value: shown(value), choices: choices.join(', ') });
    return found;
  }

  oneOf<const T extends string>(name: string, choices: readonly T[]): T {
    return this.#needed(name, this.oneOfOrNull(name, choices));
  }

  flag(name: string): boolean {
    const value = this.raw(name);
    if (value !== null && typeof value !== 'boolean') throw new CaseFault(this.place(name), 'notFlag');
    return value === true;
  }

  /** Not negative, at most six decimals. */
  numberOrNull(name: string): Decimal | null {
    const value = this.textOrNull(name);
    if (value === null) return null;
    if (!/^\d{1,15}(\.\d{1,6})?$/.test(value))
      throw new CaseFault(this.place(name), 'notNumber', { value: shown(value) });
    return decimal(value);
  }

  number(name: string): Decimal {
    return this.#needed(name, this.numberOrNull(name));
  }

  ordinal(name: string): number | undefined {
    const value = this.textOrNull(name);
    if (value === null) return undefined;
    if (!/^[1-9]\d{0,5}$/.test(value))
      throw new CaseFault(this.place(name), 'notOrdinal', { value: shown(value) });
    return Number(value);
  }

  dayOrNull(name: string): LocalDate | null {
    return this.whenOrNull(name)?.day ?? null;
  }

  day(name: string): LocalDate {
    return this.#needed(name, this.dayOrNull(name));
  }

  whenOrNull(name: string): When | null {
    const value = this.textOrNull(name);
    if (value === null) return null;
    const when = readWhen(value);
    if (!when) throw new CaseFault(this.place(name), 'notDay', { value: shown(value) });
    return when;
  }

  when(name: string): When {
    return this.#needed(name, this.whenOrNull(name));
  }
}

const WRITTEN = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2})?))?$/;
const OFFICIAL = /^(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2}))?$/;

/** A day or a moment as a case writes it (`2026-03-10`, `2026-03-10T08:00`) or as the claim tables do (`202603100800`). */
function readWhen(value: string): When | null {
  if (isInstant(value)) return { day: localDate(value), at: new Date(value).toISOString() };
  const official = OFFICIAL.exec(value);
  const text = official
    ? `${official[1]}-${official[2]}-${official[3]}${official[4] ? `T${official[4]}:${official[5]}` : ''}`
    : value;
  const [, day = '', time] = WRITTEN.exec(text) ?? [];
  if (!isLocalDate(day)) return null;
  if (time === undefined) return { day, at: null };
  if (!/^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$/.test(time)) return null;
  return { day, at: instantAt(day, time) };
}

/** A value of a file in a message: not all of it when it is long. */
function shown(value: string): string {
  return value.length > 60 ? `${value.slice(0, 60)}…` : value;
}
