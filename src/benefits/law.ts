import type { LocalDate } from '../platform/dates.ts';
import { type Decimal, decimal } from '../platform/money.ts';
import { Problem } from '../platform/problem.ts';
import type { Fact, RuleApplication } from './types.ts';

/** As it stands in a policy file: a decimal or a method's name, decimals by key (null = not possible), or codes. */
export type RawValue = string | Readonly<Record<string, string | null>> | readonly string[];

/** What a parameter is worth on the days `[from, to)`. */
export interface ParameterValue {
  readonly from: LocalDate;
  readonly to: LocalDate | null;
  readonly value: RawValue;
  readonly source: string;
  readonly article: string;
  /** How well the source was checked; `decision` = the text leaves it open and we, or a contract, chose. */
  readonly grade: 'A' | 'B' | 'C' | 'D' | 'decision';
}

export interface Parameter {
  readonly id: string;
  readonly unit: string;
  readonly verifiedOn: LocalDate;
  /** The open question that it answers: then the contract of a province may answer it otherwise. */
  readonly decision: string | null;
  /** The only values that the formulas carry out; null = any of the same shape. */
  readonly alternatives: readonly string[] | null;
  readonly values: readonly ParameterValue[];
}

/** A decision with the rule that made it. The objects are shared between lines and visits: never change them. */
export interface Ruling<T> {
  readonly value: T;
  readonly because: RuleApplication;
}

/**
 * What a formula sees of the law. Each read is written down for the explanation; the first read names the article.
 * Every method throws Problem `policy-not-in-force` when the parameter has no value on the day, or not of that shape.
 */
export interface PolicyReader {
  decimal(id: string): Decimal;
  /** The decimal under one key of a table. */
  entry(id: string, key: string): Decimal;
  /** The same where the table says that it cannot be, or says nothing: null. */
  entryOrNull(id: string, key: string): Decimal | null;
  codes(id: string): readonly string[];
  /** The name of the method in force. Refuses one that is not among those that the formula carries out. */
  choice<const T extends string>(id: string, carriedOut: readonly T[]): T;
  /** Refuses when the law of that day names another method than the one the formula carries out. */
  method(id: string, carriedOut: string): void;
  /** A value for the sentence of the explanation. */
  note(name: string, fact: Fact): void;
}

/** All dated parameters, and the rulings already made from them. */
export interface Law {
  /** Stored with every settlement: `2026-10+<8 hex>`. */
  readonly version: string;
  readonly parameters: readonly Parameter[];
  /** Does the parameter exist on any day? */
  isKnown(id: string): boolean;
  isInForce(id: string, date: LocalDate): boolean;
  /** The first day of the value that holds on that day; null when none does. */
  inForceSince(id: string, date: LocalDate): LocalDate | null;
  /**
   * Runs `read` on the law of that day and returns its result with the trace of all it read.
   * The answer is kept, so `read` may depend on nothing but the law and what `key` names.
   * @param rule public rule id, for instance `LEVEL-LOWCOST`
   * @throws Problem `policy-not-in-force` when something read has no value on that day: never a default
   */
  trace<T>(date: LocalDate, rule: string, key: string, read: (policy: PolicyReader) => T): Ruling<T>;
}

/**
 * Between two days on which some value changes the whole law stands still. So rulings are kept per such era, not per
 * day: there are few eras, the memory stays small and nearly every look-up is a hit.
 */
export function createLaw(parameters: readonly Parameter[], version: string): Law {
  const byId = new Map(parameters.map((parameter) => [parameter.id, parameter]));
  const changes = [
    ...new Set(
      parameters.flatMap(({ values }) => values.flatMap(({ from, to }) => (to ? [from, to] : [from]))),
    ),
  ];
  changes.sort();
  const before = new Map<string, Ruling<unknown>>();
  const eras = changes.map((from) => ({ from, rulings: new Map<string, Ruling<unknown>>() }));
  const rulingsOn = (date: LocalDate) => eras.findLast(({ from }) => from <= date)?.rulings ?? before;

  return {
    version,
    parameters,
    isKnown: (id) => byId.has(id),
    isInForce: (id, date) => valueOn(byId.get(id), date) !== undefined,
    inForceSince: (id, date) => valueOn(byId.get(id), date)?.from ?? null,
    trace<T>(date: LocalDate, rule: string, key: string, read: (policy: PolicyReader) => T): Ruling<T> {
      const era = rulingsOn(date);
      const name = `${rule} ${key}`;
      const known = era.get(name) as Ruling<T> | undefined;
      if (known) return known;
      const recorder = createRecorder(byId, date, rule);
      const ruling = { value: read(recorder.reader), because: recorder.finish() };
      era.set(name, ruling);
      return ruling;
    },
  };
}

function valueOn(parameter: Parameter | undefined, date: LocalDate): ParameterValue | undefined {
  return parameter?.values.find((value) => value.from <= date && (value.to === null || date < value.to));
}

function createRecorder(byId: ReadonlyMap<string, Parameter>, date: LocalDate, rule: string) {
  const read = new Map<string, ParameterValue & { readonly shown: string }>();
  const facts: Record<string, Fact> = {};

  const refuse = (id: string): never => {
    throw new Problem('policy-not-in-force', { what: id, date });
  };
  const look = (id: string): ParameterValue => valueOn(byId.get(id), date) ?? refuse(id);
  const keep = (id: string, value: ParameterValue, shown: string) => {
    read.set(id, { ...value, shown });
  };
  const entryOrNull = (id: string, key: string): Decimal | null => {
    const found = look(id);
    if (typeof found.value === 'string' || isCodes(found.value)) return refuse(id);
    const entry = Object.hasOwn(found.value, key) ? found.value[key] : undefined;
    if (!entry) return null;
    keep(`${id}/${key}`, found, entry);
    return decimal(entry);
  };

  const reader: PolicyReader = {
    decimal(id) {
      const found = look(id);
      if (typeof found.value !== 'string' || !/^\d/.test(found.value)) return refuse(id);
      keep(id, found, found.value);
      return decimal(found.value);
    },
    entry: (id, key) => entryOrNull(id, key) ?? refuse(`${id}/${key}`),
    entryOrNull,
    codes(id) {
      const found = look(id);
      if (!isCodes(found.value)) return refuse(id);
      keep(id, found, found.value.join(' '));
      return found.value;
    },
    choice(id, carriedOut) {
      const found = look(id);
      const name = carriedOut.find((one) => one === found.value) ?? refuse(id);
      keep(id, found, name);
      return name;
    },
    method(id, carriedOut) {
      reader.choice(id, [carriedOut]);
    },
    note(name, fact) {
      facts[name] = fact;
    },
  };
  const finish = (): RuleApplication => ({
    rule,
    article: read.values().next().value?.article ?? '',
    parameters: [...read].map(([id, { shown, from, to, source }]) => ({
      id,
      value: shown,
      from,
      to,
      source,
    })),
    facts,
  });
  return { reader, finish };
}

function isCodes(value: RawValue): value is readonly string[] {
  return Array.isArray(value);
}
