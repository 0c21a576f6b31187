export { assessVisit } from './assess.ts';
export {
  type CardIdentity,
  type CardNumber,
  parseCard,
  recogniseCard,
  temporaryCard,
} from './card.ts';
export { explain } from './explain.ts';
export { becauseOf, type Explained } from './explain-amounts.ts';
export { bedDays, isStillIll, type Stay, wardQuantities } from './formulas/bed-days.ts';
export { benefitRateText } from './formulas/benefit-rate.ts';
export { type CardHolder, cardLevel } from './formulas/card-level.ts';
export { policyDay } from './formulas/policy-day.ts';
export { careSettingOf } from './formulas/route-factor.ts';
export {
  baseSalary,
  directReimbursementLimit,
  type Multiple,
  threshold,
} from './formulas/thresholds.ts';
export { isTransportInsured, transportAmount } from './formulas/transport.ts';
export { treatmentDays } from './formulas/treatment-days.ts';
export { remainingCopay } from './formulas/yearly-limit.ts';
export type { Law, Parameter, ParameterValue } from './law.ts';
export { loadPolicy, PolicyFileError } from './policy-files.ts';
export { chooseRoute, objections, proposeRoute, type RouteProposal } from './propose-route.ts';
export type { InitialKind, Paper, PickUp, RouteFacts } from './route-facts.ts';
export type {
  BenefitCoverage,
  BenefitLine,
  BenefitResult,
  BenefitVisit,
  CareSetting,
  Fact,
  LegacyRoute,
  LineResult,
  OtherPayer,
  RuleApplication,
  Totals,
  YearlyCopay,
} from './types.ts';
