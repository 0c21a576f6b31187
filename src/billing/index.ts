export { type BilledVisit, benefitVisit } from './benefit-visit.ts';
export { preview, SETTLED_QUEUE, type SettlementAnswer, settle } from './settle.service.ts';
export { readSettlements } from './settlement.repo.ts';
export type * from './settlement.ts';
export { countSettled, type Settled, walkSettled } from './walk-settled.ts';
export { repriceSettled, type VisitWhatIf } from './what-if.service.ts';
export { type Circumstances, changeText, isChanged, PARTS, pricesFrom, type WhatIf } from './what-if.ts';
export { recordWholeVisit, type WholeVisitRecorded } from './whole-visit.service.ts';
