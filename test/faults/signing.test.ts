import { createPrivateKey } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { documentBytes } from '../../src/claims/index.ts';
import {
  buildBatch,
  sendCheckIn,
  sendClaim,
  signClaims,
  sweep,
  warnOfCertificates,
  wirePassword,
} from '../../src/exports/index.ts';
import { facilityIdOf } from '../../src/seed/index.ts';
import {
  createSigner,
  readCertificate,
  type Signer,
  SigningError,
  signFiles,
  verifyClaimSignature,
} from '../../src/signatures/index.ts';
import { ledger, type Plant, startPlant, until, waiting } from '../harness/plant.ts';
import { aYear, register, testKeys } from '../harness/signing.ts';
import { type SigningService, startSigningService } from '../harness/signing-service.ts';

const FACILITIES = ['40001', '40021', '40101'];
const CLAIM_PATH = '/api/qd130/guiHoSoXmlQD3176';
const codeOf = new Map(FACILITIES.map((code) => [facilityIdOf(code), code]));

interface Keys {
  readonly folder: string;
  readonly certificates: ReadonlyMap<string, string>;
}
interface Version {
  readonly facilityId: string;
  readonly encounterId: string;
  readonly number: number;
  readonly claimKey: string;
}

let plant: Plant;
let keys: Keys;
/** What stands behind the door; tests exchange it. */
let behind: Signer;
const local = () => createSigner({ keysDir: keys.folder, passphraseOf: () => undefined, remote: null });

async function start(): Promise<void> {
  keys = await testKeys(FACILITIES);
  behind = local();
  const door: Signer = { sign: (key, texts) => behind.sign(key, texts) };
  plant = await startPlant('postgres', { 'submit.signature': 'verify' }, {}, door);
  for (const [maCSKCB, pem] of keys.certificates)
    await plant.control('POST', 'certificates', { maCSKCB, pem });
}
async function stop(): Promise<void> {
  await plant.stop();
  rmSync(keys.folder, { recursive: true, force: true });
}
const registerAll = async (certificates = keys.certificates) => {
  for (const [code, pem] of certificates) await register(plant.server.app, code, pem);
};

/** Settled visits built into claim versions; nothing is signed or sent yet. */
async function built(count: number, seed: number): Promise<Version[]> {
  const before = new Set((await ledger(plant)).map((row) => row.encounterId));
  await plant.record(count, FACILITIES, seed);
  const run = await plant.server.call('POST', '/api/v1/export-runs', { body: { day: plant.day } });
  const runId = (run.body as { id: string }).id;
  const batches = await plant.server.database.query<{ facilityId: string }>(
    'select facility_id as "facilityId" from export_batch where run_id = $1',
    [runId],
  );
  for (const { facilityId } of batches) await buildBatch(plant.parts, runId, facilityId);
  return (await ledger(plant)).filter((row) => !before.has(row.encounterId));
}
const signAll = async () => {
  for (const code of FACILITIES) await signClaims(plant.parts, facilityIdOf(code));
};
const send = ({ facilityId, encounterId, number }: Version) =>
  sendClaim(plant.parts, facilityId, encounterId, number);
const typesOf = async (version: Version) =>
  (await ledger(plant)).find((row) => row.encounterId === version.encounterId)?.types;
/** Claims or facilities that the outbox has wishes for; takes them. */
const queued = async (queue: string) => {
  const sql = `delete from outbox where queue = $1 returning 1 + coalesce(jsonb_array_length(data->'more'), 0) as n`;
  const rows = await plant.server.database.query<{ n: number }>(sql, [queue]);
  return rows.reduce((sum, { n }) => sum + n, 0);
};
const documents = (version: Version) =>
  plant.server.database.query<{ kind: string; sha256: string; serial: string | null; compressed: Buffer }>(
    `select kind, sha256, certificate_serial as serial, compressed from claim_document where encounter_id = $1 order by kind`,
    [version.encounterId],
  );
interface Shown {
  readonly certificates: { state: string; serial: string }[];
  readonly notSigned: { facilityCode: string; cause: string; message: string; claims: number }[];
}
const shown = async (as: string | null = null) =>
  (await plant.server.call('GET', '/api/v1/facility-certificates', { as })).body as Shown;

describe('signing apart from sending', () => {
  let claims: Version[];
  beforeAll(async () => {
    await start();
    await registerAll();
    claims = await built(15, 1);
    expect(claims.length).toBeGreaterThan(8);
  });
  afterAll(stop);

  test('what is built asks to be signed, not to be sent; sending it anyway sends nothing', async () => {
    expect(await queued('claim-send')).toBe(0);
    expect(await queued('claim-sign')).toBe(FACILITIES.length);
    expect(await send(claims[0]!)).toBe('skipped');
    expect(await typesOf(claims[0]!)).toEqual(['built', 'checked']);
    expect(await queued('claim-sign')).toBe(1);
    expect(await plant.claimCalls()).toEqual([]);
  });

  test('killed while it signs: what is stored stays, the rest is signed by the next job, nothing twice', async () => {
    const refuse = async (on: boolean) =>
      plant.server.database.query(
        on
          ? `create or replace function refuse() returns trigger language plpgsql as $$ begin raise 'killed'; end $$;
             create trigger refuse before insert on claim_document for each row when (new.kind = 'signed') execute function refuse()`
          : 'drop trigger refuse on claim_document',
      );
    await refuse(true);
    await expect(signAll()).rejects.toThrow('killed');
    for (const claim of claims) expect(await typesOf(claim)).toEqual(['built', 'checked']);
    await refuse(false);
    await Promise.all([signAll(), signAll(), signAll()]);
    for (const claim of claims) {
      expect(await typesOf(claim)).toEqual(['built', 'checked', 'signed', 'queued']);
      const [signed, unsigned, ...more] = await documents(claim);
      expect([signed!.kind, unsigned!.kind, more]).toEqual(['signed', 'unsigned', []]);
      const certificate = keys.certificates.get(codeOf.get(claim.facilityId)!)!;
      const bytes = documentBytes(signed!.compressed);
      const verdict = verifyClaimSignature(bytes, { certificate });
      expect(verdict).toMatchObject({ state: 'valid', profile: 'A', serial: signed!.serial });
      expect(bytes.toString().replace(/<Signature [\s\S]*<\/Signature>/, '')).toBe(
        documentBytes(unsigned!.compressed).toString(),
      );
    }
    expect(await queued('claim-send')).toBe(claims.length);
  });

  test('the worker dies between signing and sending: the sweep finds what is signed and sends it', async () => {
    plant.clock.advance(5 * 60_000);
    await sweep(plant.parts, await plant.parts.directory.get());
    expect(await queued('claim-sign')).toBe(0);
    expect(await queued('claim-send')).toBe(claims.length);
  });

  test('the gateway verifies and takes it; a resend sends the same signed bytes and signs nothing', async () => {
    const claim = claims[1]!;
    let asked = 0;
    behind = {
      sign: (key, texts) => {
        asked += 1;
        return local().sign(key, texts);
      },
    };
    await plant.control('POST', 'faults', {
      match: { path: CLAIM_PATH },
      when: 'after-persist',
      action: { type: 'reset' },
      times: 1,
    });
    expect(await send(claim)).toBe('unknown');
    expect(await send(claim)).toBe('received');
    expect(asked).toBe(0);
    expect(await typesOf(claim)).toEqual([
      'built',
      'checked',
      'signed',
      'queued',
      'sending',
      'unknown',
      'sending',
      'received',
    ]);
    const calls = (await plant.claimCalls()).filter((call) => call.maLks.includes(claim.claimKey));
    const [signed] = await documents(claim);
    expect(calls.map((call) => call.sha256)).toEqual([signed!.sha256, signed!.sha256]);
    behind = local();
  });

  test('a person reads the signed file, its hash and the event', async () => {
    const claim = claims[1]!;
    const as = codeOf.get(claim.facilityId)!;
    const answer = await plant.server.call('GET', `/api/v1/claims/${claim.encounterId}`, { as });
    const { events } = answer.body as { events: { type: string; documentSha256: string; cause: string }[] };
    const [signed] = await documents(claim);
    expect(events[2]).toMatchObject({
      type: 'signed',
      documentSha256: signed!.sha256,
      cause: signed!.serial,
    });
    const xml = await plant.server.call('GET', `/api/v1/claims/${claim.encounterId}/xml`, { as });
    expect(
      verifyClaimSignature(Buffer.from(String(xml.body)), { certificate: keys.certificates.get(as)! }).state,
    ).toBe('valid');
  });

  test('a signed claim can be held and released; it is not signed again', async () => {
    const claim = claims[2]!;
    const as = codeOf.get(claim.facilityId)!;
    const decide = (what: string) =>
      plant.server.call('POST', `/api/v1/claims/${claim.encounterId}/${what}`, {
        as,
        body: { reason: 'xem lại' },
      });
    expect((await decide('hold')).status).toBe(200);
    expect(await send(claim)).toBe('skipped');
    expect((await decide('release')).status).toBe(200);
    await signAll();
    expect(await send(claim)).toBe('received');
    expect(await typesOf(claim)).toEqual([
      'built',
      'checked',
      'signed',
      'queued',
      'held',
      'released',
      'queued',
      'sending',
      'received',
    ]);
  });

  test('the gateway refuses an unsigned file, a certificate it does not know, and a changed file', async () => {
    const [signed, unsigned] = await documents(claims[3]!);
    const code = codeOf.get(claims[3]!.facilityId)!;
    const account = { username: `${code}_BV`, passwordMd5: '' };
    const given = (file: Buffer) =>
      plant.parts.gateway.sendClaim({ ...account, passwordMd5: wirePassword(`SIM-${code}`) }, code, file);
    const good = documentBytes(signed!.compressed);
    const refused = { outcome: 'stopFacility', next: 'stop-signing', code: '125' };
    expect(await given(documentBytes(unsigned!.compressed))).toMatchObject(refused);
    const changed = good.toString().replace(/<NGAYLAP>\d{8}/, '<NGAYLAP>20260101');
    expect(await given(Buffer.from(changed))).toMatchObject(refused);
    const other = await testKeys([code]);
    const certificate = readCertificate(other.certificates.get(code)!);
    const signer = createSigner({ keysDir: other.folder, passphraseOf: () => undefined, remote: null });
    const [file] = await signFiles(
      signer,
      code,
      certificate,
      [documentBytes(unsigned!.compressed)],
      new Date(),
    );
    expect(await given(Buffer.concat([file!.head, file!.ending]))).toMatchObject(refused);
    rmSync(other.folder, { recursive: true, force: true });
    expect(await given(good)).toMatchObject({ outcome: 'received' });
  });

  test('signed with a certificate that the gateway does not take any more: built and signed anew with the one in use, and nothing stops', async () => {
    const old = await testKeys(FACILITIES);
    await registerAll(old.certificates);
    behind = createSigner({ keysDir: old.folder, passphraseOf: () => undefined, remote: null });
    const late = await built(4, 77);
    await signAll();
    await registerAll();
    behind = local();
    for (const claim of late) {
      expect(await send(claim)).toBe('notSent');
      expect((await typesOf(claim))!.slice(-3)).toEqual(['sending', 'notSent', 'withdrawn']);
    }
    expect(await plant.server.database.query(`select from gateway_channel where state <> 'closed'`)).toEqual(
      [],
    );
    const anew = await built(0, 78);
    await signAll();
    for (const claim of late) {
      expect(await send({ ...claim, number: 2 })).toBe('received');
      const records = (await plant.records()).filter((one) => one.maLk === claim.claimKey);
      expect(records.map((one) => one.versions?.length)).toEqual([1]);
    }
    expect(anew).toEqual([]);
    rmSync(old.folder, { recursive: true, force: true });
  });

  test('check-ins go out signed; the gateway verifies them too', async () => {
    const before = (await plant.report()).checkIns;
    const [checkIn] = await plant.server.database.query<{
      facilityId: string;
      encounterId: string;
      sequence: number;
    }>(
      'select facility_id as "facilityId", encounter_id as "encounterId", sequence::int from check_in limit 1',
    );
    const { facilityId, encounterId, sequence } = checkIn!;
    await sendCheckIn(plant.parts, facilityId, encounterId, sequence);
    expect((await plant.report()).checkIns).toBe(before + 1);
    const calls = await plant.control<{ sha256: string }[]>('GET', 'calls?path=/api/qd130/checkInKcbQd3176');
    const [attempt] = await plant.server.database.query<{ sha256: string; outcome: string }>(
      'select document_sha256 as sha256, outcome from check_in_attempt where encounter_id = $1',
      [encounterId],
    );
    expect(attempt).toEqual({ sha256: calls.at(-1)!.sha256, outcome: 'received' });
  });
});

describe('what cannot be signed waits and says why', () => {
  let claims: Version[];
  const mine = () => claims.filter((claim) => claim.facilityId === facilityIdOf('40021'));
  const causes = async () => {
    const { notSigned } = await shown();
    return Object.fromEntries(notSigned.map((row) => [row.facilityCode, row.cause]));
  };
  beforeAll(async () => {
    await start();
    claims = await built(15, 2);
    expect(mine().length).toBeGreaterThan(1);
  });
  afterAll(stop);

  test('no certificate: every claim says so once, the list of certificates names it, nothing is sent', async () => {
    await signAll();
    plant.clock.advance(2 * 3_600_000);
    await signAll();
    for (const claim of claims) expect(await typesOf(claim)).toEqual(['built', 'checked', 'notSigned']);
    expect(await causes()).toEqual({
      '40001': 'no-certificate',
      '40021': 'no-certificate',
      '40101': 'no-certificate',
    });
    const own = await shown('40021');
    expect(own.notSigned).toMatchObject([{ facilityCode: '40021', claims: mine().length }]);
    expect(own.notSigned[0]!.message).toContain('chưa đăng ký chứng thư số');
    const listed = await plant.server.call('GET', '/api/v1/claims?state=notSigned', { as: '40021' });
    expect((listed.body as { items: unknown[] }).items).toHaveLength(mine().length);
    expect(await send(mine()[0]!)).toBe('skipped');
    expect(await plant.claimCalls()).toEqual([]);
  });

  test('a check-in without certificate is kept for later, with the reason', async () => {
    const facilityId = facilityIdOf('40021');
    const [checkIn] = await plant.server.database.query<{ encounterId: string; sequence: number }>(
      'select encounter_id as "encounterId", sequence::int from check_in where facility_id = $1 limit 1',
      [facilityId],
    );
    await sendCheckIn(plant.parts, facilityId, checkIn!.encounterId, checkIn!.sequence);
    const [attempt] = await plant.server.database.query(
      'select outcome, result_code from check_in_attempt where encounter_id = $1',
      [checkIn!.encounterId],
    );
    expect(attempt).toEqual({ outcome: 'notSigned', result_code: 'no-certificate' });
    expect((await plant.report()).checkIns).toBe(0);
  });

  test('a certificate that is registered wakes what waits', async () => {
    await queued('claim-sign');
    await register(plant.server.app, '40021', keys.certificates.get('40021')!, plant.clock.now());
    expect(await queued('claim-sign')).toBe(1);
    await signAll();
    for (const claim of mine()) {
      expect(await typesOf(claim)).toEqual(['built', 'checked', 'notSigned', 'signed', 'queued']);
      expect(await send(claim)).toBe('received');
    }
    expect(await causes()).toEqual({ '40001': 'no-certificate', '40101': 'no-certificate' });
  });

  test.each([
    [29, 'ending'],
    [31, 'inUse'],
  ] as const)('a certificate that ends in %i days is %s', async (days, state) => {
    const ends = await testKeys(['40001'], {
      from: aYear().from,
      to: new Date(plant.clock.now().getTime() + days * 86_400_000),
    });
    const given = await register(
      plant.server.app,
      '40001',
      ends.certificates.get('40001')!,
      plant.clock.now(),
    );
    expect(given.state).toBe(state);
    await plant.server.database.query(`delete from facility_certificate where facility_id = $1`, [
      facilityIdOf('40001'),
    ]);
    rmSync(ends.folder, { recursive: true, force: true });
  });

  test('an expired certificate stops the facility before anything is signed, and a new one lets it go on', async () => {
    const certificates = keys.certificates;
    await register(plant.server.app, '40101', certificates.get('40101')!, plant.clock.now());
    const before = plant.clock.now().getTime();
    plant.clock.advance(366 * 86_400_000);
    await signClaims(plant.parts, facilityIdOf('40101'));
    expect((await causes())['40101']).toBe('certificate-expired');
    const theirs = claims.filter((claim) => claim.facilityId === facilityIdOf('40101'));
    for (const claim of theirs)
      expect(await typesOf(claim)).toEqual(['built', 'checked', 'notSigned', 'notSigned']);
    expect(await send(theirs[0]!)).toBe('skipped');
    const asked = (await plant.report()).checkIns;
    const [checkIn] = await plant.server.database.query<{ encounterId: string; sequence: number }>(
      'select encounter_id as "encounterId", sequence::int from check_in where facility_id = $1 limit 1',
      [facilityIdOf('40101')],
    );
    await sendCheckIn(plant.parts, facilityIdOf('40101'), checkIn!.encounterId, checkIn!.sequence);
    const attempts = await plant.server.database.query(
      'select outcome, result_code from check_in_attempt where encounter_id = $1 order by at desc limit 1',
      [checkIn!.encounterId],
    );
    expect(attempts).toEqual([{ outcome: 'notSigned', result_code: 'certificate-expired' }]);
    expect((await plant.report()).checkIns).toBe(asked);
    plant.clock.advance(before - plant.clock.now().getTime() + 3_600_001);
    expect(readFileSync(join(keys.folder, '40101.pem'), 'utf8')).toContain('PRIVATE KEY');
    await register(plant.server.app, '40101', certificates.get('40101')!, plant.clock.now());
    await plant.server.database.query(`update export_work set not_before = now() - interval '1 day'`);
    await signClaims(plant.parts, facilityIdOf('40101'));
    for (const claim of theirs) expect((await typesOf(claim))?.at(-1)).toBe('queued');
  });

  test('a certificate that is no certificate, has ended, or is too weak is refused with the place', async () => {
    const give = (pem: string) => register(plant.server.app, '40001', pem, plant.clock.now());
    await expect(give('-----BEGIN CERTIFICATE-----')).rejects.toMatchObject({
      places: [{ pointer: '/pem', message: 'signing.refused.not-a-certificate' }],
    });
    const day = 86_400_000;
    const past = { from: new Date(Date.now() - 3 * day), to: new Date(Date.now() - day) };
    const ended = await testKeys(['40001'], past);
    await expect(give(ended.certificates.get('40001')!)).rejects.toMatchObject({
      places: [{ message: 'signing.refused.ended' }],
    });
    rmSync(ended.folder, { recursive: true, force: true });
  });

  test('states of certificates: in use, ends within 30 days, replaced', async () => {
    const soon = await testKeys(['40001'], {
      from: aYear().from,
      to: new Date(Date.now() + 20 * 86_400_000),
    });
    const given = await register(plant.server.app, '40001', soon.certificates.get('40001')!);
    expect(given.state).toBe('ending');
    const said: unknown[] = [];
    const log = {
      ...plant.parts.log,
      warn: (told: unknown) => said.push(told),
    } as unknown as typeof plant.parts.log;
    await warnOfCertificates({ ...plant.parts, log, clock: { now: () => new Date() } });
    expect(said).toEqual([{ facilityCode: '40001', serial: given.serial, validTo: given.validTo }]);
    expect((await register(plant.server.app, '40001', keys.certificates.get('40001')!)).state).toBe('inUse');
    const { certificates } = await shown('40001');
    expect(certificates.map((one) => one.state)).toEqual(['inUse', 'retired']);
    // The one before can be taken back into use: the same certificate, not a second row.
    await register(plant.server.app, '40001', soon.certificates.get('40001')!);
    expect((await shown('40001')).certificates.map((one) => one.state)).toEqual(['ending', 'retired']);
    rmSync(soon.folder, { recursive: true, force: true });
  });
});

describe('a remote signing service', () => {
  let service: SigningService;
  let claims: Version[];
  const facilityId = facilityIdOf('40021');
  const remote = () =>
    createSigner({
      keysDir: null,
      passphraseOf: () => undefined,
      remote: { url: service.url, token: service.token, timeoutMs: 300 },
    });
  const causeOf = async () => (await shown('40021')).notSigned.map((row) => row.cause);
  beforeAll(async () => {
    await start();
    await registerAll();
    const key = createPrivateKey(readFileSync(join(keys.folder, '40021.pem')));
    service = await startSigningService(() => key);
    behind = remote();
    claims = (await built(12, 3)).filter((claim) => claim.facilityId === facilityId);
    expect(claims.length).toBeGreaterThan(1);
  });
  afterAll(async () => {
    await service.stop();
    await stop();
  });

  test('that is slow or down is asked again after a pause; one that answers wrongly waits for a person', async () => {
    for (const [behaviour, cause] of [
      ['silent', 'signer-unreachable'],
      ['broken', 'signer-unreachable'],
      ['wrong-signature', 'signer-wrong-answer'],
      ['forbidden', 'signer-refused'],
    ] as const) {
      service.behaviour = behaviour;
      plant.clock.advance(3_600_001);
      await signClaims(plant.parts, facilityId);
      expect(await causeOf()).toEqual([cause]);
    }
    for (const claim of claims)
      expect(await typesOf(claim)).toEqual(['built', 'checked', 'notSigned', 'notSigned', 'notSigned']);
    expect(await plant.claimCalls()).toEqual([]);
    // It rests: the service is not asked again before the pause is over.
    const asked = service.asked.length;
    await signClaims(plant.parts, facilityId);
    expect(service.asked).toHaveLength(asked);
  });

  test('comes back: workers and sweep sign and send everything by themselves', async () => {
    service.behaviour = 'good';
    await plant.server.database.query('delete from outbox');
    await plant.startWorkers();
    plant.clock.advance(3_600_001);
    await until(async () => (await waiting(plant)) === 0);
    for (const claim of claims) {
      expect((await typesOf(claim))?.slice(-4)).toEqual(['signed', 'queued', 'sending', 'received']);
      expect(await documents(claim)).toHaveLength(2);
    }
    expect((await plant.report()) as unknown).toMatchObject({ flags: { unsignedFile: 0, badSignature: 0 } });
  });

  test('what is behind the door may be anything that keeps its promise', async () => {
    behind = {
      sign: () => {
        throw new SigningError('no-key');
      },
    };
    const more = (await built(6, 4)).filter((claim) => claim.facilityId === facilityId);
    await until(async () => (await typesOf(more[0]!))?.at(-1) === 'notSigned');
    expect(await causeOf()).toEqual(['no-key']);
  });
});
