import { minimalDiff, recordAudit } from '../../audit/index.ts';
import type { Transaction } from '../../platform/database/index.ts';
import type { LocalDate } from '../../platform/dates.ts';
import { type Id, newId } from '../../platform/ids.ts';
import { enqueueMany } from '../../platform/outbox.ts';
import { Problem, type ProblemPlace } from '../../platform/problem.ts';
import { FILE_RULES } from '../envelope.ts';
import { type RuleFact, ruleFacts } from '../facts.ts';
import { wrongParameters } from '../parameters.ts';
import type { AnyRule } from '../rule.ts';
import { ALL_RULES } from '../rules/index.ts';
import {
  EFFECTS,
  type Judging,
  type RuleSetting,
  type RuleWish,
  type Standing,
  settingOn,
  standingOn,
  strongestFor,
  usualStanding,
} from '../settings.ts';
import { ruleEntry } from './jobs.ts';
import {
  facilitiesWith,
  insertSetting,
  lockRule,
  type NewSetting,
  type RuleFigure,
  readSettings,
  readVersions,
  ruleFigures,
  type SettingVersion,
} from './settings.repo.ts';

const RULES: ReadonlyMap<string, AnyRule> = new Map(ALL_RULES.map((one) => [one.id, one]));
const OF_FILES: ReadonlyMap<string, Judging> = new Map(FILE_RULES.map((one) => [one.id, one]));
const HITS_OF_MS = 30 * 86_400_000;

export interface RuleView {
  readonly fact: RuleFact;
  readonly isOfFiles: boolean;
  readonly defaults: Standing;
  readonly standing: Standing;
  readonly setBy: 'default' | 'province' | 'facility';
  readonly figure: Omit<RuleFigure, 'rule'>;
}

/** Every rule as it is asked on a day, and how often it spoke. @param facilityId null = as the province has it */
export async function listRules(
  tx: Transaction,
  facilityId: Id | null,
  day: LocalDate,
  now: Date,
): Promise<RuleView[]> {
  const settings = await readSettings(tx);
  const since = new Date(now.getTime() - HITS_OF_MS).toISOString();
  const known = await ruleFigures(tx, facilityId, [...RULES.keys()], since);
  const figures = new Map(known.map((one) => [one.rule, one]));
  return ruleFacts().flatMap((fact) => {
    const rule = RULES.get(fact.id) ?? OF_FILES.get(fact.id);
    if (!rule) return [];
    const own = facilityId === null ? undefined : settingOn(settings, facilityId, fact.id, day);
    const setBy = own ? 'facility' : settingOn(settings, null, fact.id, day) ? 'province' : 'default';
    const { hits = 0, lastFiredAt = null } = figures.get(fact.id) ?? {};
    return {
      fact,
      isOfFiles: OF_FILES.has(fact.id),
      defaults: usualStanding(rule),
      standing: standingOn(rule, settings, facilityId, day),
      setBy,
      figure: { hits, lastFiredAt },
    };
  });
}

/** @throws not-found */
export async function listVersions(
  tx: Transaction,
  facilityId: Id | null,
  id: string,
): Promise<SettingVersion[]> {
  ruleOf(id);
  return readVersions(tx, facilityId, id);
}

export interface SettingWish extends RuleWish {
  readonly validFrom: LocalDate;
  readonly validTo: LocalDate | null;
  readonly reason: string;
}

export interface Configured {
  readonly setting: SettingVersion;
  readonly standing: Standing;
}

/**
 * Writes a new version of a rule's setting: of the facility, or of the province. Earlier versions stay.
 * @throws not-found; invalid-body with the place for a parameter that the rule cannot work with; effect-raised when a
 * facility wants more than the province allows
 */
export async function configureRule(
  tx: Transaction,
  facilityId: Id | null,
  id: string,
  wish: SettingWish,
  now: Date,
): Promise<Configured> {
  const rule = ruleOf(id);
  refuseWrong(rule, wish);
  await lockRule(tx, facilityId, id);
  const settings = await readSettings(tx);
  if (facilityId !== null) refuseRaising(rule, settings, wish);
  return write(tx, rule, settings, { facilityId, rule: id, ...wish, setBy: tx.context.userId }, now);
}

/**
 * Takes the newest version of the level back: a new one says what the one before it said, or nothing.
 * @throws not-found where nothing is set
 */
export async function undoSetting(
  tx: Transaction,
  facilityId: Id | null,
  id: string,
  reason: string,
  now: Date,
): Promise<Configured> {
  const rule = ruleOf(id);
  await lockRule(tx, facilityId, id);
  const settings = await readSettings(tx);
  const own = ofLevel(settings, facilityId, id);
  const newest = own.at(-1);
  if (!newest) throw new Problem('not-found', { what: 'rule-setting' });
  const before = settingOn(own.slice(0, -1), facilityId, id, newest.validFrom);
  const { isEnabled = null, effect = null, params = {}, exempt = {} } = before ?? {};
  const { validFrom, validTo } = newest;
  const wish = { isEnabled, effect, params, exempt, validFrom, validTo, reason };
  return write(tx, rule, settings, { facilityId, rule: id, ...wish, setBy: tx.context.userId }, now);
}

export type Unnumbered = Omit<NewSetting, 'id' | 'number' | 'setAt'>;

/**
 * Writes the version, and has what the rule found checked again: where it is milder now, claims go on.
 * @param settings as they stand, with the level locked
 */
export async function write(
  tx: Transaction,
  rule: AnyRule,
  settings: readonly RuleSetting[],
  wish: Unnumbered,
  now: Date,
): Promise<Configured> {
  const { facilityId, rule: id, validFrom } = wish;
  const number = (ofLevel(settings, facilityId, id).at(-1)?.number ?? 0) + 1;
  const setting: NewSetting = { ...wish, id: newId(now.getTime()), number, setAt: now.toISOString() };
  await insertSetting(tx, setting);
  const before = standingOn(rule, settings, facilityId, validFrom);
  const standing = standingOn(rule, [...settings, setting], facilityId, validFrom);
  recordAudit(tx, {
    action: wish.setBy === null ? 'rule.stopped' : 'rule.configured',
    subjectType: 'rule-setting',
    subjectId: setting.id,
    detail: {
      rule: id,
      number,
      validFrom,
      validTo: wish.validTo,
      level: facilityId ? 'facility' : 'province',
    },
    reason: wish.reason,
    changes: minimalDiff(before, standing),
  });
  const facilities = await facilitiesWith(tx, facilityId, id);
  await enqueueMany(
    tx,
    facilities.map((one) => ruleEntry(one, id, setting.id)),
  );
  return { setting: { ...setting, setByName: null }, standing };
}

const ofLevel = (settings: readonly RuleSetting[], facilityId: Id | null, id: string) =>
  settings
    .filter((one) => one.facilityId === facilityId && one.rule === id)
    .toSorted((a, b) => a.number - b.number);

/** Rules that judge files before there is a claim cannot be set: they are asked of files of others only. */
export function ruleOf(id: string): AnyRule {
  const rule = RULES.get(id);
  if (!rule) throw new Problem('not-found', { what: 'rule' });
  return rule;
}

function refuseWrong(rule: AnyRule, { params, validFrom, validTo }: SettingWish): void {
  const places: ProblemPlace[] = wrongParameters(rule.params, params).map(({ name, what }) => ({
    pointer: `/params/${pointed(name)}`,
    message: `problem.place.${what}`,
  }));
  if (validTo !== null && validTo <= validFrom)
    places.push({ pointer: '/validTo', message: 'problem.place.beforeStart' });
  if (places.length > 0) throw new Problem('invalid-body', {}, places);
}

export const pointed = (name: string) => name.replaceAll('~', '~0').replaceAll('/', '~1');

/** Measured on the first day; later the province may lower, and then that holds. */
function refuseRaising(
  rule: AnyRule,
  settings: readonly RuleSetting[],
  { effect, validFrom }: SettingWish,
): void {
  if (effect === null) return;
  const strongest = strongestFor(standingOn(rule, settings, null, validFrom));
  if (EFFECTS.indexOf(effect) < EFFECTS.indexOf(strongest))
    throw new Problem('effect-raised', { effect, strongest });
}
