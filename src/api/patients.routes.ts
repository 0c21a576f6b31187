import type {
  CoverageCreate,
  PatientChange,
  PatientCreate,
  PatientSearch,
} from '../../schemas/api/patients.ts';
import { noteLateCard } from '../billing/index.ts';
import {
  addCoverage,
  changePatient,
  declareEmergency,
  findPatients,
  readCoverages,
  readHistory,
  readPatient,
  registerPatient,
} from '../patients/index.ts';
import { facilityOf, idParam, recordingOf } from './context.ts';
import { type ApiRoute, creates, reads, updates } from './routes.ts';

export const patientRoutes: readonly ApiRoute[] = [
  creates(
    '/api/v1/patients',
    'registerPatient',
    'patient.write',
    'PatientCreate',
    'Patient',
    async (ctx, { body }) => {
      const patient = await registerPatient(ctx.tx, facilityOf(ctx).id, body as PatientCreate, ctx.clock);
      return {
        status: 201,
        body: patient,
        etag: patient.version,
        location: `/api/v1/patients/${patient.id}`,
      };
    },
  ),
  reads(
    '/api/v1/patients',
    'searchPatients',
    'patient.read',
    'PatientSearch',
    'PatientList',
    async (ctx, { query }) => ({
      status: 200,
      body: { items: await findPatients(ctx.tx, query as PatientSearch) },
    }),
  ),
  reads(
    '/api/v1/patients/:patientId',
    'readPatient',
    'patient.read',
    null,
    'Patient',
    async (ctx, { params }) => {
      const patient = await readPatient(ctx.tx, facilityOf(ctx).id, patientId(params));
      return { status: 200, body: patient, etag: patient.version };
    },
  ),
  updates(
    '/api/v1/patients/:patientId',
    'changePatient',
    'patient.write',
    'PatientChange',
    'Patient',
    async (ctx, input) => {
      const { params, ifMatch, body } = input;
      const facility = facilityOf(ctx);
      const patient = await changePatient(
        ctx.tx,
        facility.id,
        patientId(params),
        ifMatch ?? 0,
        body as PatientChange,
        ctx.clock,
      );
      return { status: 200, body: patient, etag: patient.version };
    },
  ),
  creates(
    '/api/v1/patients/:patientId/coverages',
    'addCoverage',
    'patient.write',
    'CoverageCreate',
    'Coverage',
    async (ctx, { params, body }) => {
      const id = patientId(params);
      const card = await addCoverage(ctx.tx, facilityOf(ctx).id, id, body as CoverageCreate, ctx.clock);
      await noteLateCard(ctx.tx, recordingOf(ctx), id, card.id);
      return { status: 201, body: card };
    },
  ),
  reads(
    '/api/v1/patients/:patientId/coverages',
    'listCoverages',
    'patient.read',
    null,
    'CoverageList',
    async (ctx, { params }) => ({
      status: 200,
      body: { items: await readCoverages(ctx.tx, facilityOf(ctx).id, patientId(params)) },
    }),
  ),
  reads(
    '/api/v1/patients/:patientId/history',
    'readHistory',
    'patient.history',
    null,
    'History',
    async (ctx, { params }) => ({ status: 200, body: await readHistory(ctx.tx, patientId(params)) }),
  ),
  creates(
    '/api/v1/patients/:patientId/emergency-access',
    'declareEmergency',
    'patient.emergency',
    'EmergencyDeclared',
    'EmergencyAccess',
    async (ctx, { params, body }) => ({
      status: 201,
      body: await declareEmergency(
        ctx.tx,
        facilityOf(ctx).id,
        patientId(params),
        body as { reason: string },
        ctx.clock.now(),
      ),
    }),
  ),
];

function patientId(params: Readonly<Record<string, string>>) {
  return idParam(params.patientId, 'patient');
}
