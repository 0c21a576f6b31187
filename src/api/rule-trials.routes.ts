import type { RuleTrialQuery, RuleTrialWish } from '../../schemas/api/rules.ts';
import { askTrial, listTrials, readTrial, type Trial, trialEntry } from '../assessment/server.ts';
import { daysBetween } from '../platform/dates.ts';
import type { Id } from '../platform/ids.ts';
import { enqueue } from '../platform/outbox.ts';
import { Problem } from '../platform/problem.ts';
import { idParam, type RequestContext, scopeOf } from './context.ts';
import { type ApiRoute, creates, reads } from './routes.ts';

const TRIALS = '/api/v1/rule-trials';
const MOST_DAYS = 366;

/** The rule lab: what a change would have found in the past, before anybody sees it. */
export const ruleTrialRoutes: readonly ApiRoute[] = [
  creates(
    TRIALS,
    'askRuleTrial',
    'rule.try',
    'RuleTrialWish',
    { schemaId: 'RuleTrial', status: 202 },
    async (ctx, { body }) => {
      const { rules, from, to, facilities } = body as RuleTrialWish;
      if (daysBetween(from, to) > MOST_DAYS)
        throw new Problem('invalid-body', {}, [
          { pointer: '/to', message: 'problem.place.tooLongAgo', values: { limit: MOST_DAYS } },
        ]);
      const { facilityId } = ctx.caller;
      const facilityIds = facilities?.map((code, index) => facilityNamed(ctx, code, index)) ?? null;
      const wish = { rules, from, to, facilityIds };
      const trial = await askTrial(ctx.tx, facilityId, wish, ctx.clock.now());
      enqueue(ctx.tx, trialEntry(facilityId, trial.id));
      return { status: 202, body: trialShown(ctx, trial), location: `${TRIALS}/${trial.id}` };
    },
  ),
  reads(TRIALS, 'listRuleTrials', 'rule.try', 'RuleTrialQuery', 'RuleTrialList', async (ctx, { query }) => {
    const { limit = 20 } = query as RuleTrialQuery;
    const trials = await listTrials(ctx.tx, ctx.caller.facilityId, limit);
    return { status: 200, body: { items: trials.map((trial) => shown(ctx, trial)) } };
  }),
  reads(`${TRIALS}/:trialId`, 'readRuleTrial', 'rule.try', null, 'RuleTrial', async (ctx, { params }) => {
    const trial = await readTrial(ctx.tx, ctx.caller.facilityId, idParam(params.trialId, 'rule-trial'));
    return { status: 200, body: trialShown(ctx, trial) };
  }),
];

/** @throws unknown-code; not-found for another facility than the caller's own */
function facilityNamed(ctx: RequestContext, code: string, index: number): Id {
  if (ctx.caller.facilityId !== null) return scopeOf(ctx, code)!;
  const facility = ctx.directory.byCode(code);
  if (facility) return facility.id;
  throw new Problem('unknown-code', {}, [
    { pointer: `/facilities/${index}`, message: 'problem.place.unknownFacility' },
  ]);
}

function shown(ctx: RequestContext, trial: Omit<Trial, 'result'>) {
  const { id, state, askedAt, finishedAt, from, to, rules, done, total, facilityIds } = trial;
  const facilities = facilityIds?.flatMap((one) => ctx.directory.byId(one)?.code ?? []) ?? null;
  return { id, state, askedAt, finishedAt, from, to, facilities, rules, done, total };
}

const trialShown = (ctx: RequestContext, trial: Trial) => ({ ...shown(ctx, trial), result: trial.result });
