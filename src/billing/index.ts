export { type BilledVisit, benefitVisit } from './benefit-visit.ts';
export { type ExplainedLine, explainVisit, type VisitExplanation } from './explain.service.ts';
export { preview, SETTLED_QUEUE, type SettlementAnswer, settle } from './settle.service.ts';
export { readSettlements } from './settlement.repo.ts';
export type * from './settlement.ts';
export { recordWholeVisit, type WholeVisitRecorded } from './whole-visit.service.ts';
