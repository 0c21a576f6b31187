import { sumText } from '../platform/money.ts';
import type { Finding, Severity } from './rule.ts';

/** What was found by one rule: how often, on how many claims, and the money of the rows and claims it spoke of. */
export interface RuleCount {
  readonly rule: string;
  readonly version: number;
  readonly severity: Severity;
  readonly findings: number;
  readonly claims: number;
  /** đồng; a row, or a claim as a whole, counts once however often the rule speaks of it. */
  readonly amount: string;
}

interface Counting {
  readonly version: number;
  readonly severity: Severity;
  findings: number;
  claims: number;
  /** The claim that was counted last, and what of it. */
  lastClaim: string;
  places: Set<string>;
  amount: string;
}

/** Counts findings as they come, claim by claim: of each rule only the claim in hand is remembered. */
export function ruleCounter() {
  const rules = new Map<string, Counting>();
  return {
    /** @param claim what tells the claim of the finding from others, also where two have the same key */
    add({ rule, version, severity, table, row, amount }: Finding, claim: string): void {
      let known = rules.get(rule);
      if (!known) {
        known = {
          version,
          severity,
          findings: 0,
          claims: 0,
          lastClaim: '',
          places: new Set(),
          amount: '0.00',
        };
        rules.set(rule, known);
      }
      known.findings += 1;
      if (known.lastClaim !== claim || known.claims === 0) {
        known.claims += 1;
        known.lastClaim = claim;
        known.places = new Set();
      }
      const place = row === null ? '' : `${table}:${row}`;
      if (amount === null || known.places.has(place)) return;
      known.places.add(place);
      known.amount = sumText([known.amount, amount]);
    },
    /** Errors before warnings, the most frequent first. */
    counts: (): readonly RuleCount[] =>
      [...rules]
        .map(([rule, { version, severity, findings, claims, amount }]) => ({
          rule,
          version,
          severity,
          findings,
          claims,
          amount,
        }))
        .toSorted(
          (a, b) =>
            a.severity.localeCompare(b.severity) || b.findings - a.findings || (a.rule < b.rule ? -1 : 1),
        ),
  };
}
