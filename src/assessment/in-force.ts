import { createHash } from 'node:crypto';
import type { LocalDate } from '../platform/dates.ts';
import type { Id } from '../platform/ids.ts';
import { type Change, isAffectedBy } from './affected.ts';
import { PAPERS_TO_COME } from './papers-to-come.ts';
import type { AnyRule, Stage } from './rule.ts';
import { ALL_RULES } from './rules/index.ts';
import { type EffectiveRule, effectiveRules, type RuleSetting } from './settings.ts';
import { rulesOf } from './stages.ts';

/** Rules that are asked together. */
export interface Selected {
  /** With those that stand above them: a rule says nothing where one above it speaks. */
  readonly rules: readonly AnyRule[];
  /** Those of which somebody wants to hear. */
  readonly speaking: ReadonlySet<string>;
}

/** Rules as they are asked of the visits of one facility on one day. */
export interface InForce {
  readonly all: readonly EffectiveRule[];
  readonly byId: ReadonlyMap<string, EffectiveRule>;
  /** Of all of them with their parameters: the same rules, the same text. */
  readonly hash: string;
  at(stage: Stage): Selected;
  /** Those of the stage `order` to which a change may make a difference. */
  affectedBy(change: Change): Selected;
  /** Those of the stage `settlement`, and of those before it the ones that look at what a settlement adds. */
  readonly settling: Selected;
}

const known = new WeakMap<readonly RuleSetting[], Map<string, InForce>>();
const MOST_KEPT = 5_000;

/** @param settings the same list, as long as nobody set anything: what follows from it is kept */
export function rulesInForce(settings: readonly RuleSetting[], facilityId: Id, day: LocalDate): InForce {
  const kept = known.get(settings) ?? new Map<string, InForce>();
  known.set(settings, kept);
  const isOwn = settings.some((one) => one.facilityId === facilityId);
  const key = settings.length === 0 ? '' : `${isOwn ? facilityId : ''} ${day}`;
  const found = kept.get(key) ?? inForce(effectiveRules(settings, isOwn ? facilityId : null, day, ALL_RULES));
  if (kept.size > MOST_KEPT) kept.clear();
  kept.set(key, found);
  return found;
}

function inForce(effective: readonly EffectiveRule[]): InForce {
  const all = effective.map((one) => (PAPERS_TO_COME.has(one.rule.id) ? { ...one, isSilent: true } : one));
  const rules = all.map(({ rule }) => rule);
  const kept = new Map<string, Selected>();
  // What is off says nothing: that is known of it, too, and what it once found is gone.
  const selected = (
    key: string,
    wanted: () => readonly AnyRule[],
    off: readonly AnyRule[] = [],
  ): Selected => {
    const found = kept.get(key) ?? withParents(wanted(), rules, off);
    kept.set(key, found);
    return found;
  };
  return {
    all,
    byId: new Map(all.map((one) => [one.rule.id, one])),
    hash: hashOf(all),
    at: (stage) => selected(stage, () => rulesOf(stage, rules), rulesOf(stage, ALL_RULES)),
    affectedBy: (change) =>
      selected(`order ${change}`, () => rulesOf('order', rules).filter(({ id }) => isAffectedBy(id, change))),
    get settling() {
      return selected('settling', () =>
        rulesOf('settlement', rules).filter(
          ({ id, stage }) => stage === 'settlement' || isAffectedBy(id, 'settlement'),
        ),
      );
    },
  };
}

function withParents(wanted: readonly AnyRule[], all: readonly AnyRule[], off: readonly AnyRule[]): Selected {
  const asked = new Set<string>();
  const byId = new Map(all.map((one) => [one.id, one]));
  const ask = (id: string): void => {
    if (asked.has(id)) return;
    asked.add(id);
    for (const parent of byId.get(id)?.parents ?? []) ask(parent);
  };
  for (const { id } of wanted) ask(id);
  return {
    rules: all.filter(({ id }) => asked.has(id)),
    speaking: new Set([...wanted, ...off].map(({ id }) => id)),
  };
}

const hashOf = (all: readonly EffectiveRule[]): string =>
  createHash('sha256')
    .update(
      JSON.stringify(
        all.map(({ rule, effect, exempt, isSilent }) => [
          rule.id,
          rule.version ?? 1,
          rule.params,
          effect,
          exempt,
          isSilent,
        ]),
      ),
    )
    .digest('hex')
    .slice(0, 16);
