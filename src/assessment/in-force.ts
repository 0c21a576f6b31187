import { createHash } from 'node:crypto';
import type { LocalDate } from '../platform/dates.ts';
import type { Id } from '../platform/ids.ts';
import { type Change, isAffectedBy } from './affected.ts';
import { PAPERS_TO_COME } from './papers-to-come.ts';
import type { AnyRule, Stage } from './rule.ts';
import { ALL_RULES } from './rules/index.ts';
import { type EffectiveRule, effectiveRules, type RuleSetting } from './settings.ts';
import { rulesOf } from './stages.ts';

/** Rules as they are asked of the visits of one facility on one day. */
export interface InForce {
  readonly all: readonly EffectiveRule[];
  /** Of all of them with their parameters: the same rules, the same text. */
  readonly hash: string;
  at(stage: Stage): readonly AnyRule[];
  /** Those of the stage `order` to which a change may make a difference. */
  affectedBy(change: Change): readonly AnyRule[];
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
  const selections = new Map<string, readonly AnyRule[]>();
  const selected = (key: string, select: () => readonly AnyRule[]) => {
    const kept = selections.get(key) ?? select();
    selections.set(key, kept);
    return kept;
  };
  const at = (stage: Stage) => selected(stage, () => rulesOf(stage, rules));
  return {
    all,
    hash: hashOf(all),
    at,
    affectedBy: (change) => selected(`order ${change}`, () => withParents(at('order'), change, rules)),
  };
}

/** A rule is asked with those above it, or it would say again what they say. */
function withParents(ofStage: readonly AnyRule[], change: Change, all: readonly AnyRule[]) {
  const wanted = new Set<string>();
  const byId = new Map(all.map((one) => [one.id, one]));
  const want = (id: string): void => {
    if (wanted.has(id)) return;
    wanted.add(id);
    for (const parent of byId.get(id)?.parents ?? []) want(parent);
  };
  for (const { id } of ofStage) if (isAffectedBy(id, change)) want(id);
  return all.filter(({ id }) => wanted.has(id));
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
