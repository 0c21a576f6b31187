import { contains, type LocalDate } from '../platform/dates.ts';
import type { Id } from '../platform/ids.ts';
import type { Parameters } from './parameters.ts';
import type { AnyRule, Severity } from './rule.ts';

/** What a finding does: keeps the claim from being sent, is shown, or is only counted. Never does it stop care. */
export const EFFECTS = ['block', 'warn', 'count'] as const;
export type Effect = (typeof EFFECTS)[number];

/** What a rule does not speak of. */
export interface Exemptions {
  /** Codes of departments, of the row; of the visit where the finding is about no row. */
  readonly departments?: readonly string[];
  /** Codes of drugs, services, supplies, tests, diagnoses. */
  readonly codes?: readonly string[];
  /** First characters of insurance cards, two to five: never a whole card. */
  readonly cards?: readonly string[];
  /** Accounts of machines and interfaces that stand where a practitioner should. */
  readonly accounts?: readonly string[];
}

/** What a setting says of a rule; null, or an absent parameter, is as the level above says. */
export interface RuleWish {
  readonly isEnabled: boolean | null;
  readonly effect: Effect | null;
  readonly params: Parameters;
  readonly exempt: Exemptions;
}

/** One version of what somebody set, for the days `[validFrom, validTo)` of the claims. */
export interface RuleSetting extends RuleWish {
  /** null = for the whole province. */
  readonly facilityId: Id | null;
  readonly rule: string;
  /** Counted per level and rule; of those that are for a day the highest holds. */
  readonly number: number;
  readonly validFrom: LocalDate;
  readonly validTo: LocalDate | null;
}

/** A rule as it is asked on one day at one facility. */
export interface EffectiveRule {
  /** With the parameters in force. */
  readonly rule: AnyRule;
  readonly effect: Effect;
  readonly exempt: Exemptions;
  /** It is off, and asked only because it stands above a rule that is on: what it finds is not shown. */
  readonly isSilent: boolean;
}

/** How a rule stands at one level. */
export interface Standing {
  readonly isEnabled: boolean;
  readonly effect: Effect;
  readonly params: Parameters;
  readonly exempt: Exemptions;
}

/** What of a rule a setting is laid upon. */
export interface Judging {
  readonly id: string;
  readonly severity: Severity;
  readonly isOffByDefault?: true;
  readonly params: unknown;
}

/** As the program has it. */
export function usualStanding(rule: Judging): Standing {
  return {
    isEnabled: !rule.isOffByDefault,
    effect: rule.severity === 'error' ? 'block' : 'warn',
    params: rule.params as Parameters,
    exempt: {},
  };
}

const milder = (a: Effect, b: Effect): Effect => (EFFECTS.indexOf(a) > EFFECTS.indexOf(b) ? a : b);

/** The strongest effect that a facility may choose: it lowers and never raises, and what was off only warns. */
export const strongestFor = (above: Standing): Effect =>
  above.isEnabled ? above.effect : milder(above.effect, 'warn');

/** One level on top of another. Exemptions add up. @param mayRaise only the province may */
function onTop(above: Standing, wish: RuleWish | undefined, mayRaise: boolean): Standing {
  if (!wish) return above;
  const isEnabled = wish.isEnabled ?? above.isEnabled;
  const wanted = wish.effect ?? above.effect;
  return {
    isEnabled,
    effect: mayRaise || !isEnabled ? wanted : milder(wanted, strongestFor(above)),
    params: { ...above.params, ...wish.params },
    exempt: joined(above.exempt, wish.exempt),
  };
}

function joined(a: Exemptions, b: Exemptions): Exemptions {
  const kinds = ['departments', 'codes', 'cards', 'accounts'] as const;
  return Object.fromEntries(
    kinds.flatMap((kind) => {
      const all = [...new Set([...(a[kind] ?? []), ...(b[kind] ?? [])])];
      return all.length === 0 ? [] : [[kind, all]];
    }),
  );
}

/** What holds on that day of one level and rule. */
export function settingOn(
  settings: readonly RuleSetting[],
  facilityId: Id | null,
  rule: string,
  day: LocalDate,
): RuleSetting | undefined {
  return settings
    .filter((one) => one.rule === rule && one.facilityId === facilityId && isFor(one, day))
    .toSorted((a, b) => b.number - a.number)[0];
}

const isFor = ({ validFrom, validTo }: RuleSetting, day: LocalDate) =>
  contains({ from: validFrom, to: validTo }, day);

/** Default → province → facility, for one rule. @param facilityId null = as the province has it */
export function standingOn(
  rule: Judging,
  settings: readonly RuleSetting[],
  facilityId: Id | null,
  day: LocalDate,
): Standing {
  const province = onTop(usualStanding(rule), settingOn(settings, null, rule.id, day), true);
  return facilityId === null
    ? province
    : onTop(province, settingOn(settings, facilityId, rule.id, day), false);
}

/** Without exactly one XML1 nothing is said of a claim: it is always asked. */
const ALWAYS_ASKED = 'STR_XML1_PRESENT';

/**
 * The rules as they are asked at a facility on a day (of the claim, so that an old month gives what it gave), in their
 * order. A rule above one that is on is asked too, and silently where it is off itself: the other would speak of
 * what is no news.
 */
export function effectiveRules(
  settings: readonly RuleSetting[],
  facilityId: Id | null,
  day: LocalDate,
  rules: readonly AnyRule[],
): readonly EffectiveRule[] {
  const byRule = Map.groupBy(settings, (one) => one.rule);
  const standings = new Map(
    rules.map((one) => [one.id, standingOn(one, byRule.get(one.id) ?? [], facilityId, day)]),
  );
  const byId = new Map(rules.map((one) => [one.id, one]));
  const asked = new Set<string>();
  const ask = (id: string): void => {
    if (asked.has(id)) return;
    asked.add(id);
    for (const parent of byId.get(id)?.parents ?? []) ask(parent);
  };
  ask(ALWAYS_ASKED);
  for (const [id, { isEnabled }] of standings) if (isEnabled) ask(id);
  return rules
    .filter(({ id }) => asked.has(id))
    .map((one) => {
      const { isEnabled, effect, params, exempt } = standings.get(one.id)!;
      return { rule: { ...one, params } as unknown as AnyRule, effect, exempt, isSilent: !isEnabled };
    });
}

/** First day on which the level says something else than on `day`; null = never, as far as is set. */
export function nextChange(
  settings: readonly RuleSetting[],
  facilityId: Id | null,
  rule: string,
  day: LocalDate,
): LocalDate | null {
  const days = settings
    .filter((one) => one.rule === rule && one.facilityId === facilityId)
    .flatMap(({ validFrom, validTo }) => [validFrom, ...(validTo === null ? [] : [validTo])])
    .filter((one) => one > day)
    .toSorted();
  const now = settingOn(settings, facilityId, rule, day)?.number;
  return days.find((one) => settingOn(settings, facilityId, rule, one)?.number !== now) ?? null;
}
