import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import { AuditEventList, type AuditQuery } from '../../schemas/api/audit.ts';
import { auditRoutes } from '../../src/api/audit.routes.ts';
import type { RequestContext } from '../../src/api/context.ts';
import { type AuditEntry, recordAudit } from '../../src/audit/index.ts';
import { loadDirectory } from '../../src/facilities/index.ts';
import type { Reach } from '../../src/platform/database/index.ts';
import { type Id, newId } from '../../src/platform/ids.ts';
import { HOSPITAL, STATION } from '../harness/visit.ts';
import { A, B, openTrail, type Trail } from './audit-trail.ts';

interface Shown {
  readonly id: string;
  readonly action: string;
  readonly facilityCode: string | null;
  readonly actor: { readonly id: string; readonly name: string | null; readonly username: string | null };
}
interface Page {
  readonly items: readonly Shown[];
  readonly next: string | null;
}

const [doctor, nurse, patientId, encounterId] = [newId(), newId(), newId(), newId()];
let trail: Trail;
beforeAll(async () => {
  trail = await openTrail();
  for (const [id, username, name] of [
    [doctor, 'bs.hoa', 'Nguyễn Thị Hoa'],
    [nurse, 'dd.lan', 'Trần Thị Lan'],
  ])
    await trail.database.query(
      `insert into account (id, kind, username, name, created_by) values ($1, 'person', $2, $3, $1)`,
      [id, username, name],
    );
  await act(A, nurse, { action: 'patient.registered', subjectType: 'patient', subjectId: patientId });
  await act(A, doctor, {
    action: 'encounter.read',
    subjectType: 'encounter',
    subjectId: encounterId,
    patientId,
  });
  await act(A, nurse, {
    action: 'patient.changed',
    subjectType: 'patient',
    subjectId: patientId,
    changes: { phone: [null, '0912'] },
  });
  await act(B, doctor, {
    action: 'patient.historyRead',
    subjectType: 'patient',
    subjectId: patientId,
    reason: 'Cấp cứu',
    flag: 'emergency-access',
    facilityIds: [A],
  });
  await act(null, doctor, { action: 'account.locked', subjectType: 'account', subjectId: nurse });
});
afterAll(() => trail.close());

const act = (facilityId: Id | null, userId: Id, entry: AuditEntry) =>
  trail.app.transaction(
    { userId, facilityId, purpose: 'treatment', requestId: 'request-1', origin: '192.0.2.7' },
    async (tx) => recordAudit(tx, entry),
  );

/** The route's own work, in a transaction with that reach. Its trace in the audit trail is undone. */
async function search(
  query: AuditQuery,
  reach: Reach = 'audit',
  facilityId: Id | null = null,
): Promise<Page> {
  let page: Page | undefined;
  const undo = new Error('undo');
  const done = trail.app.transaction(
    { userId: doctor, facilityId, reach, purpose: 'audit', requestId: 'search' },
    async (tx) => {
      const context = {
        tx,
        caller: { accountId: doctor, facilityId },
        directory: await loadDirectory(tx),
        clock: { now: () => new Date() },
      } as unknown as RequestContext;
      const reply = await auditRoutes[0]!.handle({
        context,
        params: {},
        query,
        body: undefined,
        ifMatch: null,
      });
      page = reply.body as Page;
      throw undo;
    },
  );
  await done.catch((error: unknown) => {
    if (error !== undo) throw error;
  });
  return page!;
}
const actions = async (query: AuditQuery, reach?: Reach, facilityId?: Id) =>
  (await search(query, reach, facilityId)).items.map((item) => item.action);

describe('an auditor', () => {
  test('finds everybody’s acts, newest first, each once', async () => {
    expect(await actions({})).toEqual([
      'account.locked',
      'patient.historyRead',
      'patient.changed',
      'encounter.read',
      'patient.registered',
    ]);
  });

  test.each<[string, AuditQuery, string[]]>([
    ['of a facility', { facilityCode: STATION }, ['patient.historyRead']],
    ['of no facility', { facilityCode: '-' }, ['account.locked']],
    ['by a person, by id', { actor: nurse }, ['patient.changed', 'patient.registered']],
    ['by a person, by username', { actor: 'dd.lan' }, ['patient.changed', 'patient.registered']],
    ['of a kind', { action: 'patient.changed' }, ['patient.changed']],
    ['on a kind of thing', { subjectType: 'encounter' }, ['encounter.read']],
    ['on one thing', { subjectId: encounterId }, ['encounter.read']],
    ['for a purpose', { purpose: 'research' }, []],
    ['that are flagged', { flaggedOnly: true }, ['patient.historyRead']],
    ['of a time to come', { from: '2099-01-01' }, []],
    ['of long ago', { from: '2026-01-01', to: '2026-02-01' }, []],
    ['of a year that computers do not count', { to: '0001-01-01', actor: nurse }, []],
    ['until the end of times', { to: '9999-12-31', actor: nurse }, ['patient.changed', 'patient.registered']],
  ])('finds acts %s', async (_what, query, found) => {
    expect(await actions(query)).toEqual(found);
  });

  test('finds whoever opened a patient’s records, whatever the subject was', async () => {
    expect(await actions({ patientId })).toEqual([
      'patient.historyRead',
      'patient.changed',
      'encounter.read',
      'patient.registered',
    ]);
  });

  test('sees who, where from, why and what changed, as the schema says', async () => {
    const page = await search({ patientId });
    expect(page.items[0]).toMatchObject({
      actor: { id: doctor, name: 'Nguyễn Thị Hoa', username: 'bs.hoa' },
      facilityCode: STATION,
      reason: 'Cấp cứu',
      flag: 'emergency-access',
      origin: '192.0.2.7',
      requestId: 'request-1',
      changes: null,
    });
    expect(page.items[1]).toMatchObject({ facilityCode: HOSPITAL, changes: { phone: [null, '0912'] } });
    const ajv = new Ajv({ strict: false, formats: { 'date-time': true, date: true } });
    expect(ajv.validate(AuditEventList, page) ? null : ajv.errors).toBeNull();
  });

  test('turns pages', async () => {
    const found: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Page = await search({ limit: 2, ...(cursor ? { cursor } : {}) });
      found.push(...page.items.map((item) => item.action));
      cursor = page.next;
    } while (cursor);
    expect(found).toEqual(await actions({}));
  });

  test('names an account or a facility that exists, and a time that can be read through', async () => {
    await expect(search({ actor: 'nobody.here' })).rejects.toMatchObject({ type: 'not-found' });
    await expect(search({ facilityCode: '99999' })).rejects.toMatchObject({ type: 'not-found' });
    await expect(search({ from: '2024-01-01', action: 'x' })).rejects.toMatchObject({
      type: 'bad-parameter',
    });
    expect(await actions({ from: '2024-01-01', subjectId: encounterId })).toEqual(['encounter.read']);
  });

  test('leaves a trace of the search', async () => {
    await trail.app.transaction(
      { userId: doctor, facilityId: null, reach: 'audit', purpose: 'audit', requestId: 'search' },
      async (tx) => {
        const context = {
          tx,
          caller: { accountId: doctor, facilityId: null },
          directory: await loadDirectory(tx),
          clock: { now: () => new Date() },
        } as unknown as RequestContext;
        await auditRoutes[0]!.handle({
          context,
          params: {},
          query: { actor: 'dd.lan', flaggedOnly: true },
          body: undefined,
          ifMatch: null,
        });
      },
    );
    const [event] = await trail.database.query(
      `select detail from audit_event where action = 'audit.searched'`,
    );
    expect(event).toEqual({
      detail: { by: ['actor', 'flaggedOnly'], facilityCode: null, actor: nurse, found: 0 },
    });
    await trail.database.query(`delete from audit_event where action = 'audit.searched'`);
  });
});

describe('a facility’s administrator', () => {
  test('finds acts at the own facility, and what others read of its patients', async () => {
    expect(await actions({ patientId }, 'facility', A)).toEqual([
      'patient.historyRead',
      'patient.changed',
      'encounter.read',
      'patient.registered',
    ]);
    const [elsewhere] = (await search({ flaggedOnly: true }, 'facility', A)).items;
    expect(elsewhere?.facilityCode).toBe(STATION);
  });

  test('finds nothing of others', async () => {
    expect(await actions({}, 'facility', B)).toEqual(['patient.historyRead']);
    await expect(search({ facilityCode: STATION }, 'facility', A)).rejects.toMatchObject({
      type: 'not-found',
    });
    await expect(search({ facilityCode: '-' }, 'facility', A)).rejects.toMatchObject({ type: 'not-found' });
    await expect(search({}, 'none')).rejects.toMatchObject({ type: 'not-allowed' });
  });
});

test('each way of searching has its index, under the policies of the application', async () => {
  await trail.database.query(
    `insert into audit_event (facility_id, id, at, actor, action, subject_type, subject_id, patient_id, purpose, request_id)
     select uuidv7(), uuidv7(-n * interval '1 second'), now() - n * interval '1 second', uuidv7(), 'x', 'x', uuidv7(),
       uuidv7(), 'x', 'x' from generate_series(1, 20000) n`,
  );
  await trail.database.query('analyze audit_event');
  const usedFor = async (where: string) => {
    const acting = {
      userId: doctor,
      facilityId: A,
      reach: 'audit',
      purpose: 'audit',
      requestId: 'x',
    } as const;
    const [row] = await trail.app.transaction(acting, (tx) =>
      tx.query<{ 'QUERY PLAN': unknown }>(
        `explain (format json) select * from audit_event e where ${where} order by id desc limit 50`,
      ),
    );
    const used = JSON.stringify(row!['QUERY PLAN']).matchAll(/"Index Name":"([^"]+)"/g);
    const parents = await trail.database.query<{ name: string }>(
      'select distinct inhparent::regclass::text as name from pg_inherits where inhrelid = any($1::regclass[])',
      [[...used].map(([, name]) => name)],
    );
    return parents.map((parent) => parent.name);
  };
  for (const [where, index] of [
    [`patient_id = '${patientId}'`, 'audit_event_patient'],
    [`subject_id = '${encounterId}'`, 'audit_event_subject'],
    [`actor = '${nurse}'`, 'audit_event_actor'],
    [`facility_id = '${A}'`, 'audit_event_pkey'],
    ['flag is not null', 'audit_event_flag'],
    ['true', 'audit_event_id'],
  ] as const)
    expect([where, await usedFor(where)]).toEqual([where, [index]]);
});
