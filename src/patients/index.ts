export { declareEmergency, readHistory } from './history.service.ts';
export { admitPatient, patientNumberFor, patientNumbersFor } from './patient.repo.ts';
export {
  addCoverage,
  changePatient,
  findPatients,
  readCoverages,
  readPatient,
  registerPatient,
} from './patient.service.ts';
