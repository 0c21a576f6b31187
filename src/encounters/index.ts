export { recordAct } from './act.ts';
export {
  checkInRow,
  claimKeyFor,
  lineRows,
  noteRows,
  type Recording,
  resultRows,
} from './decide.ts';
export { checkDischarge, type EndingLine } from './discharge.ts';
export {
  CHECK_IN_QUEUE,
  cancelLine,
  changeEncounter,
  checkIn,
  checkInMessages,
  conditionRows,
  costOf,
  coverageRow,
  discharge,
  dischargeColumns,
  enqueueCheckIn,
  lockVisit,
  pageOfEncounters,
  type Recorded,
  readVisit,
  recordConditions,
  recordNotes,
  recordOrders,
  recordResults,
  refuseDuplicate,
  seePatient,
  undoDischarge,
  unknownPatient,
  unsettle,
} from './encounter.service.ts';
export { LIMITS as VISIT_LIMITS } from './limits.ts';
export { arrivalFacts, reasoned, routeColumns, routeProposal } from './route.service.ts';
export { decideRoute } from './route.ts';
export { SHAPES as VISIT_SHAPES, type VisitRows } from './rows.ts';
export { selectingDate } from './selecting-date.ts';
export { readVisitBeside, readVisits } from './visit-record.repo.ts';
export type * from './visit-record.ts';
