import { add, type Money, money, moneyText, zero } from '../platform/money.ts';
import type { NotChecked } from './check.ts';
import type { Judged } from './exemption.ts';
import { type AnyRule, type Claim, list, value } from './rule.ts';

/** What somebody did with a claim that was sent. `none`: not sent, or not answered. */
export interface Answer {
  readonly outcome: 'received' | 'refused' | 'none';
  /** Of the refusal. */
  readonly code: string | null;
}

export interface Part {
  readonly key: string;
  readonly findings: number;
  readonly claims: number;
  readonly amount: string;
}

/** How well a rule foretells refusals. */
export interface Judgement {
  /** Claims with a finding that were received or refused. */
  readonly answered: number;
  readonly refused: number;
  /** refused ÷ answered; null where none was answered. */
  readonly precision: number | null;
  /** Refused claims of which it said nothing. */
  readonly missed: number;
}

/** What one rule says of the past, in one set of rules. */
export interface Side {
  readonly findings: number;
  readonly claims: number;
  readonly share: number;
  readonly amount: string;
  readonly judgement: Judgement;
  readonly facilities: readonly Part[];
  readonly departments: readonly Part[];
  readonly causes: readonly Part[];
}

/** One claim of the past with what both sets of rules find in it. */
export interface TriedClaim {
  readonly facilityCode: string;
  readonly claim: Claim;
  readonly tried: readonly Judged[];
  readonly inForce: readonly Judged[];
  readonly answer: Answer;
}

export interface TrialResult {
  readonly claims: number;
  readonly unreadable: number;
  readonly amount: string;
  readonly refusals: readonly { readonly code: string; readonly claims: number }[];
  readonly rules: readonly {
    readonly rule: string;
    readonly isAsked: boolean;
    readonly tried: Side;
    readonly inForce: Side;
    readonly missing: string | null;
  }[];
}

/** The rules that a change can move: those that change, what they silence, and what stands above any of them. */
export function touchedRules(changed: readonly string[], rules: readonly AnyRule[]): readonly AnyRule[] {
  const touched = new Set(changed);
  const grow = (more: (rule: AnyRule) => readonly string[]) => {
    for (let before = -1; before !== touched.size; ) {
      before = touched.size;
      for (const rule of rules) for (const id of more(rule)) touched.add(id);
    }
  };
  grow(({ id, parents = [] }) => (parents.some((parent) => touched.has(parent)) ? [id] : []));
  grow(({ id, parents = [] }) => (touched.has(id) ? parents : []));
  touched.add('STR_XML1_PRESENT');
  return rules.filter(({ id }) => touched.has(id));
}

const MOST_CAUSES = 100;
const NO_DEPARTMENT = '–';

class Sum {
  findings = 0;
  claims = 0;
  amount: Money = zero;

  add(findings: number, amount: Money): void {
    this.findings += findings;
    this.claims += 1;
    this.amount = add(this.amount, amount);
  }
}

class SideTally {
  readonly #all = new Sum();
  readonly #facilities = new Map<string, Sum>();
  readonly #departments = new Map<string, Sum>();
  readonly #causes = new Map<string, Sum>();
  #answered = 0;
  #refused = 0;

  take(found: readonly Judged[], { facilityCode, claim, answer }: TriedClaim): void {
    this.#all.add(found.length, atRisk(found));
    sumOf(this.#facilities, facilityCode).add(found.length, atRisk(found));
    const place = (one: Judged) => `${facilityCode} ${departmentOf(one, claim)}`;
    for (const [key, group] of Map.groupBy(found, place))
      sumOf(this.#departments, key).add(group.length, atRisk(group));
    const caused = found.filter(({ cause }) => cause !== null && cause.kind !== 'person');
    for (const [key, group] of Map.groupBy(caused, ({ cause }) => `${cause!.kind} ${cause!.key}`))
      sumOf(this.#causes, key).add(group.length, atRisk(group));
    if (answer.outcome !== 'none') this.#answered += 1;
    if (answer.outcome === 'refused') this.#refused += 1;
  }

  /** @param claims that were looked at, and refused ones among them */
  result(claims: number, refused: number): Side {
    const answered = this.#answered;
    return {
      findings: this.#all.findings,
      claims: this.#all.claims,
      share: claims === 0 ? 0 : rounded(this.#all.claims / claims),
      amount: moneyText(this.#all.amount),
      judgement: {
        answered,
        refused: this.#refused,
        precision: answered === 0 ? null : rounded(this.#refused / answered),
        missed: refused - this.#refused,
      },
      facilities: partsOf(this.#facilities, Number.POSITIVE_INFINITY),
      departments: partsOf(this.#departments, 1000),
      causes: partsOf(this.#causes, MOST_CAUSES),
    };
  }
}

/** Adds up claim by claim; memory is that of the counts, whatever the number of claims. */
export class TrialTally {
  readonly #rules: readonly AnyRule[];
  readonly #asked: ReadonlySet<string>;
  readonly #missing = new Map<string, string>();
  readonly #sides: ReadonlyMap<string, { readonly tried: SideTally; readonly inForce: SideTally }>;
  readonly #refusals = new Map<string, number>();
  #claims = 0;
  #unreadable = 0;
  #refused = 0;
  #amount: Money = zero;

  constructor(rules: readonly AnyRule[], asked: readonly string[]) {
    this.#rules = rules;
    this.#asked = new Set(asked);
    this.#sides = new Map(rules.map(({ id }) => [id, { tried: new SideTally(), inForce: new SideTally() }]));
  }

  get claims(): number {
    return this.#claims + this.#unreadable;
  }

  /** What rules need and is not there: of those nothing is said. */
  missing(rules: readonly NotChecked[]): void {
    for (const { rule, needs } of rules) this.#missing.set(rule, needs);
  }

  unreadable(): void {
    this.#unreadable += 1;
  }

  take(one: TriedClaim): void {
    this.#claims += 1;
    this.#amount = add(this.#amount, amountOf(value(one.claim.xml1, 'T_BHTT')));
    if (one.answer.outcome === 'refused') {
      this.#refused += 1;
      const code = one.answer.code ?? '–';
      this.#refusals.set(code, (this.#refusals.get(code) ?? 0) + 1);
    }
    for (const side of ['tried', 'inForce'] as const)
      for (const [rule, found] of Map.groupBy(one[side], (finding) => finding.rule))
        this.#sides.get(rule)?.[side].take(found, one);
  }

  result(): TrialResult {
    return {
      claims: this.#claims,
      unreadable: this.#unreadable,
      amount: moneyText(this.#amount),
      refusals: [...this.#refusals]
        .map(([code, claims]) => ({ code, claims }))
        .toSorted((a, b) => b.claims - a.claims || (a.code < b.code ? -1 : 1))
        .slice(0, 100),
      rules: this.#rules.flatMap(({ id }) => {
        const { tried, inForce } = this.#sides.get(id)!;
        const isAsked = this.#asked.has(id);
        const sides = {
          tried: tried.result(this.#claims, this.#refused),
          inForce: inForce.result(this.#claims, this.#refused),
        };
        // What the change leaves as it is, is no news.
        const isNews = isAsked || JSON.stringify(sides.tried) !== JSON.stringify(sides.inForce);
        return isNews ? [{ rule: id, isAsked, ...sides, missing: this.#missing.get(id) ?? null }] : [];
      }),
    };
  }
}

/** đồng behind findings of one claim: each row of the bill once, the claim once where one is about no such row. */
export function atRisk(found: readonly Judged[]): Money {
  const isRow = ({ table, row }: Judged) => row !== null && (table === 'XML2' || table === 'XML3');
  const whole = found.filter((one) => !isRow(one)).map(({ amount }) => amountOf(amount));
  if (whole.length > 0) return whole.reduce((a, b) => (b.gt(a) ? b : a));
  const rows = new Map(found.map(({ table, row, amount }) => [`${table}:${row}`, amountOf(amount)]));
  return add(zero, ...rows.values());
}

const amountOf = (text: string | null): Money =>
  text !== null && /^-?\d{1,15}(\.\d+)?$/.test(text) ? money(text) : zero;

function departmentOf({ table, row }: Judged, claim: Claim): string {
  const own = row === null ? undefined : claim.rows(table)[row - 1]?.values;
  const code = (own && value(own, 'MA_KHOA')) || list(claim.xml1, 'MA_KHOA')[0];
  return code || NO_DEPARTMENT;
}

function sumOf(sums: Map<string, Sum>, key: string): Sum {
  const known = sums.get(key) ?? new Sum();
  sums.set(key, known);
  return known;
}

const partsOf = (sums: ReadonlyMap<string, Sum>, most: number): readonly Part[] =>
  [...sums]
    .map(([key, { findings, claims, amount }]) => ({ key, findings, claims, amount: moneyText(amount) }))
    .toSorted((a, b) => b.claims - a.claims || b.findings - a.findings || (a.key < b.key ? -1 : 1))
    .slice(0, most);

const rounded = (share: number): number => Math.round(share * 10_000) / 10_000;
