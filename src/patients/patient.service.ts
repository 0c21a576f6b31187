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
import { rangeFromPeriod } from '../platform/database/types.ts';
import { addDays, type Clock, localDate } from '../platform/dates.ts';
import { checkedId, type Id } from '../platform/ids.ts';
import { Problem } from '../platform/problem.ts';
import { normalised } from '../platform/text.ts';
import {
  coverageFrom,
  entities,
  facilitiesOf,
  findPatient,
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
  const { PatientEntity, PatientFacilityEntity } = await entities();
  const em = await tx.em();
  const row = em.create(PatientEntity, {
    ...given,
    id,
    birthPrecision: given.birthPrecision ?? 'day',
    nationalityCode: given.nationalityCode ?? '000',
    occupationCode: given.occupationCode ?? '00',
    createdByFacilityId: facilityId,
  } as never);
  const number = patientNumber ?? patientNumberFor(id);
  try {
    await em.flush();
    await em.insert(PatientFacilityEntity, {
      facilityId,
      patientId: id,
      patientNumber: number,
      basis: 'registered',
    });
  } catch (error) {
    if (isDatabaseError(error, '23505'))
      throw new Problem('already-exists', { what: 'patient' }, [], { cause: error });
    throw error;
  }
  recordAudit(tx, { action: 'patient.registered', subjectType: 'patient', subjectId: id });
  return patientFrom(row, number);
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
  if (!(await findPatient(tx, facilityId, patientId))) throw new Problem('not-found', { what: 'patient' });
  const given = normalised(input);
  if (given.validThrough && given.validThrough < given.validFrom)
    throw new Problem('time-implausible', {}, [
      { pointer: '/validThrough', message: 'problem.place.beforeStart' },
    ]);
  const id = checkedId(given.id, clock.now());
  const { CoverageEntity } = await entities();
  const em = await tx.em();
  const row = em.create(CoverageEntity, {
    id,
    patientId,
    cardNumber: given.cardNumber,
    valid: rangeFromPeriod(given.validFrom, given.validThrough ? addDays(given.validThrough, 1) : null),
    registeredFacilityCode: given.registeredFacilityCode,
    areaCode: given.areaCode ?? null,
    fiveYearsFrom: given.fiveYearsFrom ?? null,
    freeCopayFrom: given.freeCopayFrom ?? null,
    source: 'card',
    recordedAt: clock.now(),
  });
  try {
    await em.flush();
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
    detail: { coverageId: id },
  });
  return coverageFrom(row);
}

export async function readCoverages(tx: Transaction, facilityId: Id, patientId: Id): Promise<Coverage[]> {
  if (!(await findPatient(tx, facilityId, patientId))) throw new Problem('not-found', { what: 'patient' });
  recordAudit(tx, { action: 'coverage.read', subjectType: 'patient', subjectId: patientId });
  return listCoverages(tx, patientId);
}

function checkBirth(birthDate: string, clock: Clock): void {
  if (birthDate > localDate(clock.now()) || birthDate < '1900-01-01')
    throw new Problem('time-implausible', {}, [
      { pointer: '/birthDate', message: 'problem.place.birthDate' },
    ]);
}
