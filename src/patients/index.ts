export {
  addCoverage,
  changePatient,
  findPatients,
  patientNumberFor,
  readCoverages,
  readPatient,
  registerPatient,
} from './patient.service.ts';
