export { PATIENT_ENTITIES } from './patient.entity.ts';
export {
  addCoverage,
  changePatient,
  findPatients,
  patientNumberFor,
  readCoverages,
  readPatient,
  registerPatient,
} from './patient.service.ts';
