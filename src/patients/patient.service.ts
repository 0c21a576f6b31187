import type {
  Coverage,
  CoverageCreate,
  Patient,
  PatientChange,
  PatientCreate,
  PatientSearch,
} from '../../schemas/api/patients.ts';
import { minimalDiff, recordAudit } from '../audit/index.ts';
import { isDatabaseError } from '../platform/database/errors.ts';
import type { Transaction } from '../platform/database/index.ts';
import { type Clock, localDate } from '../platform/dates.ts';
import { checkedId, type Id } from '../platform/ids.ts';
import { Problem } from '../platform/problem.ts';
import { normalised } from '../platform/text.ts';
import {
  facilitiesOf,
  findPatient,
  insertCoverage,
  insertPatient,
  isKnownHere,
  listCoverages,
  patientFrom,
  patientNumberFor,
  searchPatients,
  seePatient,
} from './patient.repo.ts';

/** Registers a person and links them to the facility that does so. @throws already-exists for an id used before */
export async function registerPatient(
  tx: Transaction,
  facilityId: Id,
  input: PatientCreate,
  clock: Clock,
): Promise<Patient> {
  const { id: wanted, patientNumber, ...given } = normalised(input);
  const id = checkedId(wanted, clock.now());
  checkBirth(given.birthDate, clock);
  const patient: Patient = {
    ...given,
    id,
    version: 1,
    patientNumber: patientNumber ?? patientNumberFor(id),
    birthPrecision: given.birthPrecision ?? 'day',
    nationalityCode: given.nationalityCode ?? '000',
    occupationCode: given.occupationCode ?? '00',
  };
  try {
    await insertPatient(tx, facilityId, patient);
  } catch (error) {
    if (isDatabaseError(error, '23505'))
      throw new Problem('already-exists', { what: 'patient' }, [], { cause: error });
    throw error;
  }
  recordAudit(tx, { action: 'patient.registered', subjectType: 'patient', subjectId: id });
  return patient;
}

/**
 * A person this facility knows, or one for whom the caller declared an emergency: that look stands in the trails of the
 * person's own facilities, too.
 */
export async function readPatient(tx: Transaction, facilityId: Id, id: Id): Promise<Patient> {
  const found = await seePatient(tx, facilityId, id);
  if (!found) throw new Problem('not-found', { what: 'patient' });
  recordAudit(tx, {
    action: 'patient.read',
    subjectType: 'patient',
    subjectId: id,
    ...(found.isKnownHere ? {} : { facilityIds: await facilitiesOf(tx, id) }),
  });
  return found.patient;
}

export async function changePatient(
  tx: Transaction,
  facilityId: Id,
  id: Id,
  expectedVersion: number,
  change: PatientChange,
  clock: Clock,
): Promise<Patient> {
  const found = await findPatient(tx, facilityId, id, true);
  if (!found) throw new Problem('not-found', { what: 'patient' });
  if (found.row.version !== expectedVersion)
    throw new Problem('version-conflict', { expected: expectedVersion, actual: found.row.version });
  const given = normalised(change);
  if (given.birthDate) checkBirth(given.birthDate, clock);
  const em = await tx.em();
  em.assign(found.row, given as never);
  await em.flush();
  recordAudit(tx, {
    action: 'patient.changed',
    subjectType: 'patient',
    subjectId: id,
    changes: minimalDiff(found.patient, given),
  });
  return patientFrom(found.row, found.patient.patientNumber);
}

export async function findPatients(tx: Transaction, search: PatientSearch): Promise<Patient[]> {
  if (!search.name && !search.nationalId && !search.cardNumber && !search.phone)
    throw new Problem('bad-parameter', { parameter: 'name, nationalId, cardNumber, phone' });
  const found = await searchPatients(tx, normalised(search));
  recordAudit(tx, {
    action: 'patient.searched',
    subjectType: 'patient',
    subjectId: null,
    detail: { by: Object.keys(search), found: found.length },
  });
  return found;
}

/** Records a card of a person the facility sees. @throws coverage-overlap when the same card covers one of the days */
export async function addCoverage(
  tx: Transaction,
  facilityId: Id,
  patientId: Id,
  input: CoverageCreate,
  clock: Clock,
): Promise<Coverage> {
  if (!(await isKnownHere(tx, facilityId, patientId))) throw new Problem('not-found', { what: 'patient' });
  const given = normalised(input);
  if (given.validThrough && given.validThrough < given.validFrom)
    throw new Problem('time-implausible', {}, [
      { pointer: '/validThrough', message: 'problem.place.beforeStart' },
    ]);
  const coverage: Coverage = {
    ...given,
    id: checkedId(given.id, clock.now()),
    recordedAt: clock.now().toISOString(),
  };
  try {
    await insertCoverage(tx, patientId, coverage);
  } catch (error) {
    if (isDatabaseError(error, '23P01')) throw new Problem('coverage-overlap', {}, [], { cause: error });
    if (isDatabaseError(error, '23505'))
      throw new Problem('already-exists', { what: 'coverage' }, [], { cause: error });
    throw error;
  }
  recordAudit(tx, {
    action: 'coverage.recorded',
    subjectType: 'patient',
    subjectId: patientId,
    detail: { coverageId: coverage.id },
  });
  return coverage;
}

export async function readCoverages(tx: Transaction, facilityId: Id, patientId: Id): Promise<Coverage[]> {
  if (!(await isKnownHere(tx, facilityId, patientId))) throw new Problem('not-found', { what: 'patient' });
  recordAudit(tx, { action: 'coverage.read', subjectType: 'patient', subjectId: patientId });
  return listCoverages(tx, patientId);
}

function checkBirth(birthDate: string, clock: Clock): void {
  if (birthDate > localDate(clock.now()) || birthDate < '1900-01-01')
    throw new Problem('time-implausible', {}, [
      { pointer: '/birthDate', message: 'problem.place.birthDate' },
    ]);
}
