export {
  checkDischarge,
  checkInRow,
  claimKeyFor,
  lineRows,
  noteRows,
  type Recording,
  resultRows,
} from './decide.ts';
export { coveragesOf, linkPatient } from './encounter.repo.ts';
export {
  CHECK_IN_QUEUE,
  cancelLine,
  changeEncounter,
  checkIn,
  checkInMessages,
  conditionRows,
  coverageRow,
  discharge,
  dischargeColumns,
  enqueueCheckIn,
  lockVisit,
  pageOfEncounters,
  readVisit,
  recordConditions,
  recordNotes,
  recordOrders,
  recordResults,
  refuseDuplicate,
  undoDischarge,
} from './encounter.service.ts';
export { SHAPES as VISIT_SHAPES, type VisitRows } from './rows.ts';
export { selectingDate } from './selecting-date.ts';
export { readVisits } from './visit-record.repo.ts';
export type * from './visit-record.ts';
