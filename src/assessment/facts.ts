import { readFileSync } from 'node:fs';
import type { CatalogueName } from './catalogues.ts';
import type { Severity, Stage } from './rule.ts';

/**
 * What is laid down of a rule: `rule-facts.json`, one line each, every id that was ever given. Its name, severity, stage,
 * default and parameters are public; test/meta/rules.test.ts holds the rules to them.
 */
export interface RuleFact {
  readonly id: string;
  readonly group: string;
  readonly severity: Severity;
  readonly stage: Stage;
  readonly isOffByDefault?: true;
  /** Names; a rule may have more, for what the text writes out. */
  readonly params: readonly string[];
  readonly needs: readonly CatalogueName[];
  /** What makes the rule sharper; it speaks without. */
  readonly uses?: readonly CatalogueName[];
  readonly checks: string;
  /** Families of public sources that treat the subject, and topic numbers of the assessment as quoted publicly. */
  readonly source: readonly string[];
  /** Why there is no such rule: it was retired, or its text cannot be carried out. The id is never given to another. */
  readonly absent?: string;
}

export function ruleFacts(): readonly RuleFact[] {
  return JSON.parse(readFileSync(new URL('rule-facts.json', import.meta.url), 'utf8')) as RuleFact[];
}
