import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  type KeyAndCertificate,
  makeAuthority,
  makeCertificate,
  makeKey,
  type Validity,
} from '../../src/signatures/index.ts';
import { attacker, goldenKey, SIGNED_AT, signedBy } from '../signatures/keys.ts';
import { account, claimBytes, type Rig, startRig } from './gateway-fixtures.ts';

/** G14: signatures of claims, looked at by a gateway that verifies: nothing is taken, and signing stops. */
let rig: Rig;
const own = goldenKey();
beforeAll(async () => {
  rig = await startRig({ settings: { 'submit.signature': 'verify' } });
});
beforeEach(async () => {
  await rig.reset();
  await moveTo(SIGNED_AT.toISOString());
  await register(own);
});
afterAll(() => rig.stop());

const moveTo = (now: string) => rig.control('POST', 'clock', { now, frozen: true });
const register = ({ certificate }: KeyAndCertificate) =>
  rig.control('POST', 'certificates', { maCSKCB: '99001', pem: certificate });

/** Without the declarations of namespaces that our writer leaves out too. */
const unsigned = Buffer.from(
  claimBytes({ maLk: 'LK-14' })
    .toString()
    .replace(/<GIAMDINHHS[^>]*>/, '<GIAMDINHHS>'),
);
const send = (bytes: Buffer) => rig.newClient().sendClaim(account(), '99001', bytes);

/** What the gateway and the sender make of it. */
async function expectRefused(bytes: Buffer, reason: RegExp): Promise<void> {
  expect(await send(bytes)).toMatchObject({
    outcome: 'stopFacility',
    next: 'stop-signing',
    rule: 'signature-refused',
    code: '125',
    message: expect.stringMatching(reason),
  });
  expect(await rig.report()).toMatchObject({ transactions: 0, records: { active: 0 } });
}

async function keyOf(validity: Validity): Promise<KeyAndCertificate> {
  const authority = makeAuthority('Nơi cấp thử', validity, await makeKey());
  return makeCertificate(
    authority,
    { serial: '0A02', name: 'Cơ sở 99001', unit: '99001' },
    validity,
    await makeKey(),
  );
}

/** Signed by `Id`, as papers are, with a signature that holds. */
function signedAsPaper(claim: Buffer): Buffer {
  const asPaper = claim
    .toString()
    .replaceAll('GIAMDINHHS', 'HSCHUNGTU')
    .replace('<THONGTINHOSO>', '<THONGTINHOSO Id="HS-14">');
  return Buffer.from(signedBy(asPaper, own).toString().replaceAll('HSCHUNGTU', 'GIAMDINHHS'));
}

describe('G14 a claim', () => {
  test('signed with a registered certificate is taken', async () => {
    expect(await send(signedBy(unsigned, own))).toMatchObject({ outcome: 'received', code: '200' });
    expect((await rig.report()).flags).toMatchObject({ unsignedFile: 0, badSignature: 0 });
  });

  test('that is not signed', () => expectRefused(unsigned, /no signature/));

  test('that was changed after signing', async () => {
    const changed = signedBy(unsigned, own).toString().replace('<NGAYLAP>20261123', '<NGAYLAP>20261124');
    await expectRefused(Buffer.from(changed), /content was changed/);
  });

  test('signed with a certificate that nobody registered', async () => {
    await expectRefused(signedBy(unsigned, await attacker()), /0A01 is not registered for 99001/);
  });

  test('signed with a certificate that is over, or does not hold yet: until that day it was good', async () => {
    const year = { from: new Date('2026-01-01T00:00:00Z'), to: new Date('2026-12-31T00:00:00Z') };
    const key = await keyOf(year);
    await register(key);
    const bytes = signedBy(unsigned, key);
    await moveTo('2026-12-31T00:00:01Z');
    await expectRefused(bytes, /0A02 is not in force/);
    await moveTo('2025-12-31T23:59:59Z');
    await expectRefused(bytes, /0A02 is not in force/);
    await moveTo('2026-12-30T23:59:59Z');
    expect(await send(bytes)).toMatchObject({ outcome: 'received' });
  });

  test('signed in the profile of papers, by Id: a right signature of the wrong kind', async () => {
    await expectRefused(signedAsPaper(unsigned), /not the profile of this file/);
    expect((await rig.report()).flags.badSignature).toBe(1);
  });
});
