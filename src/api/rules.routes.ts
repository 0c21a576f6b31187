import type { RuleQuery, RuleSettingQuery, RuleSettingWish } from '../../schemas/api/rules.ts';
import type { Standing } from '../assessment/index.ts';
import {
  type Configured,
  configureRule,
  listRules,
  listVersions,
  type RuleView,
  type SettingVersion,
  undoSetting,
} from '../assessment/server.ts';
import { type Language, text } from '../messages/index.ts';
import { localDate } from '../platform/dates.ts';
import { Problem } from '../platform/problem.ts';
import { normalised } from '../platform/text.ts';
import { type RequestContext, scopeOf } from './context.ts';
import { type ApiRoute, creates, type Input, reads } from './routes.ts';

const RULES = '/api/v1/rules';
const SETTINGS = `${RULES}/:ruleId/settings`;
const ruleId = ({ params }: Input) => params.ruleId ?? '';

/** How rules are asked, and how that was set: seen by more people than may change it. */
export const ruleRoutes: readonly ApiRoute[] = [
  reads(RULES, 'listRules', 'rule.read', 'RuleQuery', 'RuleList', async (ctx, { query }) => {
    const { facilityCode, day = localDate(ctx.clock.now()) } = query as RuleQuery;
    const rules = await listRules(ctx.tx, scopeOf(ctx, facilityCode), day, ctx.clock.now());
    return { status: 200, body: { day, items: rules.map((rule) => ruleShown(ctx.language, rule)) } };
  }),
  reads(
    SETTINGS,
    'listRuleSettings',
    'rule.read',
    'RuleSettingQuery',
    'RuleSettingList',
    async (ctx, input) => {
      const facilityId = scopeOf(ctx, (input.query as RuleSettingQuery).facilityCode);
      const versions = await listVersions(ctx.tx, facilityId, ruleId(input));
      return { status: 200, body: { items: versions.map((version) => versionShown(ctx, version)) } };
    },
  ),
  creates(
    SETTINGS,
    'configureRule',
    'rule.configure',
    'RuleSettingWish',
    'RuleSettingDone',
    async (ctx, input) => {
      const body = normalised(input.body as RuleSettingWish);
      const now = ctx.clock.now();
      const { isEnabled = null, effect = null, params = {}, exempt = {}, reason } = body;
      const { validFrom = localDate(now), validTo = null } = body;
      const wish = { isEnabled, effect, params, exempt, validFrom, validTo, reason };
      const done = await configureRule(ctx.tx, ctx.caller.facilityId, ruleId(input), wish, now);
      return { status: 201, body: doneShown(ctx, done) };
    },
  ),
  creates(
    `${SETTINGS}/undo`,
    'undoRuleSetting',
    'rule.configure',
    'Reason',
    'RuleSettingDone',
    async (ctx, input) => {
      const { reason } = normalised(input.body as { reason: string });
      const done = await undoSetting(ctx.tx, ctx.caller.facilityId, ruleId(input), reason, ctx.clock.now());
      return { status: 201, body: doneShown(ctx, done) };
    },
  ),
];

function ruleShown(language: Language, { fact, isOfFiles, defaults, standing, setBy, figure }: RuleView) {
  const { id, group, severity, stage, checks } = fact;
  return {
    id,
    group,
    severity,
    stage,
    message: text(language, `rules.${id}`),
    checks,
    isOfFiles,
    standing: standingShown(standing),
    defaults: defaults.params,
    setBy,
    ...figure,
  };
}

const standingShown = ({ isEnabled, effect, params, exempt }: Standing) => ({
  isEnabled,
  effect,
  params,
  exempt,
});

function versionShown(ctx: RequestContext, version: SettingVersion) {
  const { facilityId, number, validFrom, validTo, isEnabled, effect, params, exempt, setAt } = version;
  const { reason, setBy, setByName } = version;
  const facility = facilityId === null ? undefined : ctx.directory.byId(facilityId);
  if (facilityId !== null && !facility) throw new Problem('not-found', { what: 'facility' });
  return {
    number,
    level: facilityId === null ? 'province' : 'facility',
    facilityCode: facility?.code ?? null,
    validFrom,
    validTo,
    isEnabled,
    effect,
    params,
    exempt,
    // The system says of how many claims the rule spoke.
    reason: setBy === null ? stopReason(ctx.language, reason) : reason,
    setBy: setBy === null ? null : (setByName ?? ''),
    setAt,
  };
}

function stopReason(language: Language, figures: string): string {
  const [hits = '', claims = ''] = figures.split('/');
  return text(language, 'assessment.stopped', { hits, claims });
}

const doneShown = (ctx: RequestContext, { setting, standing }: Configured) => ({
  setting: versionShown(ctx, { ...setting, setByName: ctx.caller.name }),
  standing: standingShown(standing),
});
