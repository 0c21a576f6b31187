import {
  Body,
  Day,
  DepartmentCode,
  FacilityCode,
  Instant,
  Licence,
  List,
  Some,
  type Static,
  Type,
  Uuid,
  Words,
} from './types.ts';

const Nullable = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) =>
  Type.Union([schema, Type.Null()]);
const Sum = Type.String({ description: 'đồng, two decimals' });
const Effect = Type.Enum(['block', 'warn', 'count'], {
  description:
    'block: the claim is not sent; warn: shown only; count: neither, it only stands in the figures',
});
const Severity = Type.Enum(['error', 'warning']);
const Stage = Type.Enum(['order', 'discharge', 'settlement', 'export']);
const RuleId = Type.String({ pattern: '^[A-Z][A-Z0-9_]{2,60}$' });
const Cursor = Type.String({ maxLength: 200 });
const Limit = Type.Integer({ minimum: 1, maximum: 200 });

/** Values like those of the rule: which names and what values is for the rule to say. */
const Params = Type.Record(Type.String(), Type.Unknown(), {
  maxProperties: 20,
});
const Exempt = Body({
  departments: Some(List(DepartmentCode, 100)),
  codes: Some(List(Type.String({ pattern: '^[0-9A-Za-z.+_-]{1,50}$' }), 500, 0)),
  cards: Some(
    List(Type.String({ pattern: '^[A-Z]{2}[0-9A-Z]{0,3}$', description: 'how the card number begins' }), 100),
  ),
  accounts: Some(List(Licence, 100)),
});

const standing = {
  isEnabled: Type.Boolean(),
  effect: Effect,
  params: Params,
  exempt: Exempt,
};
export const RuleStanding = Body(standing, 'How a rule is asked on the day that was asked for');
const Setting = {
  number: Type.Integer({ description: 'version, counted per level and rule' }),
  level: Type.Enum(['province', 'facility']),
  facilityCode: Nullable(FacilityCode),
  validFrom: Day,
  validTo: Nullable({ ...Day, description: 'first day on which it no longer holds' }),
  isEnabled: Nullable(Type.Boolean()),
  effect: Nullable(Effect),
  params: Params,
  exempt: Exempt,
  reason: Type.String(),
  setBy: Nullable(Type.String({ description: 'name of the owner; null: set by the system itself' })),
  setAt: Instant,
};
export const RuleSettingVersion = Body(Setting, 'One version of a setting; null = as the level above says');
export const RuleSettingList = Body({ items: List(RuleSettingVersion, 1000) });

export const RuleQuery = Body({
  facilityCode: Some(FacilityCode),
  day: Some({ ...Day, description: 'day of the claim for which the settings are asked; today if absent' }),
});
export const RuleSettingQuery = Body({ facilityCode: Some(FacilityCode) });
export const RuleSummary = Body({
  id: RuleId,
  group: Type.String(),
  severity: Severity,
  stage: Stage,
  message: Type.String({ description: "with its places to be filled, in the reader's language" }),
  checks: Type.String(),
  isOfFiles: Type.Boolean({ description: 'judges files of other software only; cannot be set here' }),
  standing: RuleStanding,
  defaults: Params,
  setBy: Type.Enum(['default', 'province', 'facility']),
  hits: Type.Integer({ description: 'findings of the last 30 days' }),
  lastFiredAt: Nullable(Instant),
});
export const RuleList = Body({ day: Day, items: List(RuleSummary, 1000) });

const wish = {
  isEnabled: Some(Nullable(Type.Boolean())),
  effect: Some(Nullable(Effect)),
  params: Some(Params),
  exempt: Some(Exempt),
};
export const RuleSettingWish = Body(
  {
    ...wish,
    validFrom: Some({ ...Day, description: 'first day of the claims for which it holds; today if absent' }),
    validTo: Some(Nullable({ ...Day, description: 'first day on which it no longer holds' })),
    reason: Words(500),
  },
  'A new version at the level of the caller. What is absent or null is as the level above says; with nothing but a reason the level says nothing of these days any more',
);
export const RuleSettingDone = Body({ setting: RuleSettingVersion, standing: RuleStanding });

export const FindingDecision = Body({
  decision: Type.Enum(['accepted', 'falsePositive', 'reopened']),
  reason: Words(500),
});
export const FindingDecided = Body({
  encounterId: Uuid,
  key: Type.String(),
  rule: RuleId,
  decision: Type.Enum(['accepted', 'falsePositive', 'reopened']),
  decidedAt: Instant,
  blocking: Type.Integer({ description: 'findings that still keep the claim of this visit from being sent' }),
  isWoken: Type.Boolean({ description: 'the claim goes to the next run again' }),
});

const CauseKind = Type.Enum(['drug', 'service', 'supply', 'diagnosis', 'practitioner', 'machine', 'person']);
const causeOf = {
  kind: CauseKind,
  key: Type.String({ description: 'code of the catalogue row, practitioner or machine' }),
  name: Nullable(Type.String()),
};
const Counts = {
  findings: Type.Integer(),
  visits: Type.Integer(),
  blocking: Type.Integer({ description: 'visits whose claim is kept back' }),
  amount: { ...Sum, description: 'đồng that the fund would pay for what was found, each row once' },
};
export const FindingCauseQuery = Body({
  facilityCode: Some(FacilityCode),
  kind: Some(CauseKind),
  limit: Some(Limit),
});
export const FindingCause = Body({ ...causeOf, rules: List(RuleId, 400), ...Counts });
export const FindingCauseList = Body({ items: List(FindingCause, 200) });
export const FindingCauseVisitQuery = Body({
  facilityCode: Some(FacilityCode),
  cursor: Some(Cursor),
  limit: Some(Limit),
});
export const FindingCauseVisits = Body({
  ...causeOf,
  items: List(
    Body({
      encounterId: Uuid,
      facilityCode: FacilityCode,
      rules: List(RuleId, 400),
      findings: Type.Integer(),
      blocking: Type.Integer(),
      amount: Sum,
      foundAt: Instant,
    }),
    200,
  ),
  next: Nullable(Type.String()),
});

export const RecheckWish = Body(
  {
    cause: Some(Body({ kind: CauseKind, key: Words(100) })),
    rule: Some(RuleId),
    encounterIds: Some(List(Uuid, 1000, 1)),
  },
  'One of the three: what has an open finding of this cause, or of this rule, or these visits',
);
const State = Type.Enum(['waiting', 'running', 'done', 'failed']);
const Before = Body({ findings: Type.Integer(), blocking: Type.Integer(), amount: Sum });
export const Recheck = Body({
  id: Uuid,
  state: State,
  askedAt: Instant,
  finishedAt: Nullable(Instant),
  total: Type.Integer({ description: 'visits' }),
  done: Type.Integer(),
  before: Before,
  after: Before,
  freed: Type.Integer({ description: 'visits that nothing keeps back any more' }),
});

const TrialRule = Body({
  id: RuleId,
  isEnabled: Some(Type.Boolean()),
  effect: Some(Effect),
  params: Some(Params),
  exempt: Some(Exempt),
});
export const RuleTrialWish = Body({
  rules: List(TrialRule, 50, 1),
  from: Day,
  to: { ...Day, description: 'first day after it; days on which claims were built' },
  facilities: Some(List(FacilityCode, 200, 1)),
});
const Tally = {
  findings: Type.Integer(),
  claims: Type.Integer(),
  share: Type.Number({ description: 'of the claims that were looked at' }),
  amount: Sum,
};
const Judgement = Body({
  answered: Type.Integer({ description: 'claims with a finding that the gateway received or refused' }),
  refused: Type.Integer({ description: 'those of them that it refused' }),
  precision: Nullable(Type.Number({ description: 'refused ÷ answered; null where none was answered' })),
  missed: Type.Integer({ description: 'refused claims without a finding of this rule' }),
});
const Part = Body({ key: Type.String(), findings: Type.Integer(), claims: Type.Integer(), amount: Sum });
const Side = Body({
  ...Tally,
  judgement: Judgement,
  facilities: List(Part, 1000),
  departments: List(Part, 1000),
  causes: List(Part, 100),
});
export const RuleTrialResult = Body({
  claims: Type.Integer(),
  unreadable: Type.Integer({ description: 'claims whose document could not be read' }),
  amount: Sum,
  refusals: List(Body({ code: Type.String(), claims: Type.Integer() }), 100),
  rules: List(
    Body({
      rule: RuleId,
      isAsked: Type.Boolean({ description: 'in the set that was tried, not only silenced or freed by it' }),
      tried: Side,
      inForce: Side,
      missing: Nullable(Type.String({ description: 'the first data it needs and that is not there' })),
    }),
    400,
  ),
});
export const RuleTrial = Body({
  id: Uuid,
  state: State,
  askedAt: Instant,
  finishedAt: Nullable(Instant),
  from: Day,
  to: Day,
  facilities: Nullable(List(FacilityCode, 200)),
  rules: List(TrialRule, 50),
  done: Type.Integer(),
  total: Type.Integer(),
  result: Nullable(RuleTrialResult),
});
export const RuleTrialList = Body({ items: List(Type.Omit(RuleTrial, ['result']), 100) });
export const RuleTrialQuery = Body({ limit: Some(Type.Integer({ minimum: 1, maximum: 100 })) });

export type RuleQuery = Static<typeof RuleQuery>;
export type RuleSettingQuery = Static<typeof RuleSettingQuery>;
export type RuleSettingWish = Static<typeof RuleSettingWish>;
export type FindingDecision = Static<typeof FindingDecision>;
export type FindingCauseQuery = Static<typeof FindingCauseQuery>;
export type FindingCauseVisitQuery = Static<typeof FindingCauseVisitQuery>;
export type RecheckWish = Static<typeof RecheckWish>;
export type RuleTrialWish = Static<typeof RuleTrialWish>;
export type RuleTrialQuery = Static<typeof RuleTrialQuery>;
