export { type DayRequest, type FacilityDay, planDay } from './day.ts';
export { PLANTED_RULES } from './mistakes.ts';
export { inventedName } from './names.ts';
export { coverageOn, type Person, patientPool } from './people.ts';
export { type Mistake, type VisitPlan, type VisitStep, wholeVisit } from './plan.ts';
export { type Random, randomFrom } from './random.ts';
export { type Setting, type World, worldOn } from './world.ts';
