import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  asPkcs12,
  certificatesIn,
  createSigner,
  type KeyAndCertificate,
  makeAuthority,
  makeCertificate,
  makeKey,
  makeKeyFolder,
  openPkcs12,
  readCertificate,
  SigningError,
  type SigningObstacle,
  signFiles,
  verifyClaimSignature,
} from '../../src/signatures/index.ts';
import { type SigningService, startSigningService } from '../harness/signing-service.ts';
import { attacker, CHECK_IN, CLAIM, certificateOf, goldenKey, PAPER, SIGNED_AT } from './keys.ts';

const own = goldenKey();
const PASSPHRASE = 'mật khẩu của khóa thử';
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'his-keys-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const place = (name: string, content: string | Buffer) => writeFileSync(join(folder, name), content);
const local = (passphrase?: string) =>
  createSigner({ keysDir: folder, passphraseOf: () => passphrase, remote: null });
const texts = [CLAIM, CHECK_IN, PAPER].map((text) => Buffer.from(text));
const sign = (signer = local(), key: KeyAndCertificate = own) =>
  signFiles(signer, '99001', certificateOf(key), texts, SIGNED_AT);
const obstacleOf = async (work: Promise<unknown>): Promise<SigningObstacle | 'none'> => {
  try {
    await work;
    return 'none';
  } catch (error) {
    if (error instanceof SigningError) return error.obstacle;
    throw error;
  }
};
const expectGood = (files: Awaited<ReturnType<typeof sign>>) => {
  expect(files).toHaveLength(3);
  for (const file of files)
    expect(verifyClaimSignature(Buffer.concat([file!.head, file!.ending]), own).state).toBe('valid');
};
const closedPem = () =>
  createPrivateKey(own.key).export({
    type: 'pkcs8',
    format: 'pem',
    cipher: 'aes-256-cbc',
    passphrase: PASSPHRASE,
  }) as string;

describe('keys in files', () => {
  test('PEM, open and closed; PKCS#12', async () => {
    place('99001.pem', own.key + own.certificate);
    expectGood(await sign());
    rmSync(join(folder, '99001.pem'));
    place('99001.pem', closedPem());
    expectGood(await sign(local(PASSPHRASE)));
    rmSync(join(folder, '99001.pem'));
    place('99001.p12', asPkcs12(own, PASSPHRASE));
    expectGood(await sign(local(PASSPHRASE)));
  });

  test('what cannot be: no key, damaged, another passphrase, the key of another', async () => {
    expect(await obstacleOf(sign())).toBe('no-key');
    place('99001.pem', 'x');
    expect(await obstacleOf(sign())).toBe('key-unreadable');
    place('99001.pem', closedPem());
    expect(await obstacleOf(sign(local('sai')))).toBe('key-unreadable');
    expect(await obstacleOf(sign(local()))).toBe('key-unreadable');
    rmSync(join(folder, '99001.pem'));
    place('99001.p12', asPkcs12(own, PASSPHRASE));
    expect(await obstacleOf(sign(local('sai')))).toBe('key-unreadable');
    rmSync(join(folder, '99001.p12'));
    place('99001.pem', (await attacker()).key);
    expect(await obstacleOf(sign())).toBe('key-does-not-fit');
  });

  test('a key that is exchanged is read anew, without a restart', async () => {
    const signer = local();
    place('99001.pem', (await attacker()).key);
    expect(await obstacleOf(sign(signer))).toBe('key-does-not-fit');
    place('99001.pem', own.key);
    const { mtimeMs } = statSync(join(folder, '99001.pem'));
    utimesSync(join(folder, '99001.pem'), new Date(), new Date(mtimeMs + 5_000));
    expectGood(await sign(signer));
  });

  test('neither passphrase nor key stands in what an obstacle says', async () => {
    place('99001.pem', closedPem());
    const said = await sign(local('sai mật khẩu')).then(
      () => null,
      (error: unknown) => error as Error,
    );
    expect(said).toBeInstanceOf(SigningError);
    expect(JSON.stringify([said!.message, said!.stack, said!.cause])).not.toMatch(/sai mật khẩu|BEGIN/);
  });

  test('of a PKCS#12 file with a chain the holder is taken', async () => {
    expect(openPkcs12(asPkcs12(own, 'x'), 'x').certificate.replaceAll('\r', '')).toBe(own.certificate);
    expect(() => openPkcs12(Buffer.from('x'), 'x')).toThrow();
  });
});

describe('a folder of test keys', () => {
  const validity = { from: new Date('2026-11-25T17:00:00Z'), to: new Date('2027-11-25T17:00:00Z') };
  const holders = [
    { unit: '99001', name: 'Bệnh viện Thử, "A" & <B>' },
    { unit: '99002', name: 'Trạm Thử' },
  ];
  const make = (more: object = {}) =>
    makeKeyFolder(folder, holders, { validity, authorityName: 'Nơi cấp thử', form: 'pem', ...more });

  test('signs what verifies against the certificate beside the key, and is repeatable', async () => {
    expect(await make()).toEqual(['99001', '99002']);
    const certificates = await certificatesIn(folder);
    expect([...certificates.keys()]).toEqual(['99001', '99002']);
    const certificate = readCertificate(certificates.get('99001')!);
    expect(certificate.subject).toContain('Bệnh viện Thử');
    expect(certificate.issuer).toContain('Nơi cấp thử');
    const [file] = await signFiles(local(), '99001', certificate, [texts[0]!], SIGNED_AT);
    const verdict = verifyClaimSignature(Buffer.concat([file!.head, file!.ending]), {
      certificate: certificate.pem,
    });
    expect(verdict).toMatchObject({ state: 'valid', serial: certificate.serial });
    const before = readFileSync(join(folder, '99001.pem'));
    expect(await make()).toEqual([]);
    expect(readFileSync(join(folder, '99001.pem')).equals(before)).toBe(true);
    expect(statSync(join(folder, '99001.pem')).mode & 0o077).toBe(0);
  });

  test('PKCS#12 with a passphrase, closed PEM, one key for all', async () => {
    await make({ form: 'pkcs12', passphrase: PASSPHRASE });
    const of = async (code: string) => readCertificate((await certificatesIn(folder)).get(code)!);
    const [file] = await signFiles(local(PASSPHRASE), '99002', await of('99002'), [texts[0]!], SIGNED_AT);
    expect(file).not.toBeNull();
    rmSync(folder, { recursive: true });
    await make({ passphrase: PASSPHRASE, oneKey: true });
    expect(readFileSync(join(folder, '99001.pem'), 'utf8')).toContain('ENCRYPTED PRIVATE KEY');
    const [one, other] = [await of('99001'), await of('99002')];
    expect(one.publicKey.equals(other.publicKey)).toBe(true);
    expect(one.serial).not.toBe(other.serial);
  });

  test('every serial number makes a certificate that can be read', () => {
    const authority = goldenKey();
    const serials = ['01', '7F', '80', 'FF', '0000AB', '00FF', '0A0000', 'FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF'];
    const read = serials.map((serial) => {
      const { certificate } = makeCertificate(authority, { serial, ...holders[0]! }, validity, authority.key);
      return readCertificate(certificate).serial;
    });
    expect(read.map((serial) => BigInt(`0x${serial}`))).toEqual(
      serials.map((serial) => BigInt(`0x${serial}`)),
    );
  });

  test('certificates that are too weak are refused', async () => {
    const authority = makeAuthority('Thử', validity, await makeKey());
    const pem = (modulusLength: number) =>
      generateKeyPairSync('rsa', { modulusLength }).privateKey.export({
        type: 'pkcs8',
        format: 'pem',
      }) as string;
    const weak = makeCertificate(authority, { serial: '02', ...holders[0]! }, validity, pem(1024));
    expect(() => readCertificate(weak.certificate)).toThrow('certificate refused: key-too-short');
  });
});

describe('a remote signing service', () => {
  let service: SigningService;
  beforeAll(async () => {
    const key = createPrivateKey(own.key);
    service = await startSigningService((facility) => (facility === '99001' ? key : undefined));
  });
  afterAll(() => service.stop());
  const remote = (more: object = {}) =>
    createSigner({
      keysDir: folder,
      passphraseOf: () => undefined,
      remote: { url: service.url, token: service.token, timeoutMs: 500, ...more },
    });

  test('gets digests, facility and serial, and gives signatures: the same bytes as a key at hand', async () => {
    service.behaviour = 'good';
    service.asked.length = 0;
    expectGood(await sign(remote()));
    expect(service.asked).toHaveLength(1);
    const [asked] = service.asked;
    expect(asked).toMatchObject({ facility: '99001', certificateSerial: '0A01', algorithm: 'RS256' });
    expect(asked!.digests.map((one) => Buffer.from(one, 'base64').length)).toEqual([32, 32, 32]);
    expect(Object.keys(asked!).toSorted()).toEqual(['algorithm', 'certificateSerial', 'digests', 'facility']);
  });

  test('more than a hundred files are asked for in several calls, in order', async () => {
    service.asked.length = 0;
    const many = Array.from({ length: 230 }, (_, at) =>
      Buffer.from(CLAIM.replace('20261126', String(20_260_000 + at))),
    );
    const files = await signFiles(remote(), '99001', certificateOf(own), many, SIGNED_AT);
    expect(service.asked.map((one) => one.digests.length)).toEqual([100, 100, 30]);
    const last = files.at(-1)!;
    expect(verifyClaimSignature(Buffer.concat([last.head, last.ending]), own).state).toBe('valid');
  });

  test.each([
    ['silent', 'signer-unreachable', true],
    ['broken', 'signer-unreachable', true],
    ['late', 'signer-unreachable', true],
    ['busy', 'signer-unreachable', true],
    ['moved', 'signer-unreachable', true],
    ['no-json', 'signer-wrong-answer', false],
    ['wrong-signature', 'signer-wrong-answer', false],
    ['too-few', 'signer-wrong-answer', false],
    ['no-key', 'no-key', false],
    ['forbidden', 'signer-refused', false],
  ] as const)('that is %s: %s', async (behaviour, obstacle, mayPass) => {
    service.behaviour = behaviour;
    service.asked.length = 0;
    expect(await obstacleOf(sign(remote()))).toBe(obstacle);
    expect(service.asked).toHaveLength(1);
    expect(new SigningError(obstacle).mayPass).toBe(mayPass);
    service.behaviour = 'good';
    expectGood(await sign(remote()));
  });

  test('that is down, or knows another token', async () => {
    expect(await obstacleOf(sign(remote({ url: 'http://127.0.0.1:1' })))).toBe('signer-unreachable');
    expect(await obstacleOf(sign(remote({ token: 'khac' })))).toBe('signer-refused');
  });

  test('is asked only where there is no key file', async () => {
    place('99001.pem', own.key);
    service.asked.length = 0;
    expectGood(await sign(remote()));
    expect(service.asked).toEqual([]);
  });
});
