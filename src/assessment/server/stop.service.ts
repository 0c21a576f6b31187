import type { ActingContext, Database, Transaction } from '../../platform/database/index.ts';
import { addDays, type LocalDate, localDate } from '../../platform/dates.ts';
import { nextChange, settingOn, standingOn } from '../settings.ts';
import { type RuleShare, runaways, type StopLimits } from '../stop.ts';
import { lockRule, readSettings } from './settings.repo.ts';
import { ruleOf, write } from './settings.service.ts';
import { countClaims, countHits, firstDayOf, stoppedSince } from './stop.repo.ts';

const DAY_MS = 86_400_000;
const MONTH_DAYS = 30;

export interface StopDependencies {
  readonly database: Database;
  readonly limits: StopLimits;
  /** Sees the figures of the whole province. */
  readonly context: ActingContext;
}

export interface StoppedRule extends RuleShare {
  readonly claims: number;
}

/**
 * Stops rules that suddenly speak of too many claims: from now on they are only counted, and what they kept back is
 * checked again. A rule is stopped once a month at most: whoever sets it again has decided.
 */
export function stopRunaways(deps: StopDependencies, now: Date): Promise<readonly StoppedRule[]> {
  return deps.database.transaction(deps.context, async (tx) => {
    const lately = new Date(now.getTime() - DAY_MS).toISOString();
    const monthAgo = new Date(now.getTime() - (MONTH_DAYS + 1) * DAY_MS).toISOString();
    const claims = await countClaims(tx, monthAgo, lately);
    if (claims.lately < deps.limits.claims) return [];
    const decided = await stoppedSince(tx, monthAgo);
    const hits = await countHits(tx, { from: lately, to: now.toISOString() }, null, true);
    const many = [...hits].filter(([rule, n]) => n / claims.lately > deps.limits.share && !decided.has(rule));
    if (many.length === 0) return [];
    const rules = many.map(([rule]) => rule);
    const month = await countHits(tx, { from: monthAgo, to: lately }, rules, false);
    const shares = many.map(([rule, n]) => ({ rule, hits: n, before: month.get(rule) ?? 0 }));
    const found = runaways(shares, claims, deps.limits);
    const stopped: StoppedRule[] = [];
    for (const one of found)
      if (await stopRule(tx, one, claims.lately, lately, now))
        stopped.push({ ...one, claims: claims.lately });
    return stopped;
  });
}

async function stopRule(
  tx: Transaction,
  { rule: id, hits }: RuleShare,
  claims: number,
  lately: string,
  now: Date,
): Promise<boolean> {
  const rule = ruleOf(id);
  await lockRule(tx, null, id);
  const settings = await readSettings(tx);
  const today = localDate(now);
  const standing = standingOn(rule, settings, null, today);
  if (!standing.isEnabled || standing.effect === 'count') return false;
  const firstDay = await firstDayOf(tx, id, lately);
  const { isEnabled = null, params = {}, exempt = {} } = settingOn(settings, null, id, today) ?? {};
  await write(
    tx,
    rule,
    settings,
    {
      facilityId: null,
      rule: id,
      isEnabled,
      effect: 'count',
      params,
      exempt,
      validFrom: earliest(firstDay, today),
      // What was announced for later stays so.
      validTo: nextChange(settings, null, id, today),
      reason: `${hits}/${claims}`,
      setBy: null,
    },
    now,
  );
  return true;
}

/** The first day of what it keeps back, within a month: older months stay as they were judged. */
function earliest(firstDay: LocalDate | null, today: LocalDate): LocalDate {
  const monthAgo = addDays(today, -MONTH_DAYS);
  if (firstDay === null || firstDay > today) return today;
  return firstDay < monthAgo ? monthAgo : firstDay;
}
