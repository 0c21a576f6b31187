export { assessVisit } from './assess.ts';
export { type CardNumber, parseCard } from './card.ts';
export { explain } from './explain.ts';
export { treatmentDays } from './formulas/treatment-days.ts';
export type { Law } from './law.ts';
export { loadPolicy, PolicyFileError } from './policy-files.ts';
export type {
  BenefitCoverage,
  BenefitLine,
  BenefitResult,
  BenefitVisit,
  Fact,
  LineResult,
  RuleApplication,
  Totals,
} from './types.ts';
