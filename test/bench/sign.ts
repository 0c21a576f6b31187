import { createPrivateKey, type KeyObject, sign } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { SignedXml } from 'xml-crypto';
import { registerCertificates } from '../../src/commands/registering.ts';
import { readConfig } from '../../src/config.ts';
import { createApiClient } from '../../src/demo/client.ts';
import { recordDay } from '../../src/demo/record.ts';
import { planDay } from '../../src/demo/visits/index.ts';
import { buildBatch, signClaims } from '../../src/exports/index.ts';
import { addDays, localDate } from '../../src/platform/dates.ts';
import { createLogger } from '../../src/platform/log.ts';
import { createSecretBox } from '../../src/platform/secrets.ts';
import { openDatabase } from '../../src/runtime/databases.ts';
import { workerParts } from '../../src/runtime/workers.ts';
import { createSigner, readCertificate, signFiles } from '../../src/signatures/index.ts';
import { C14N, ENVELOPED, RSA_SHA256, SHA256 } from '../../src/signatures/profiles.ts';
import { demoProvince, TEST_KEY, tokenFor } from '../harness/province.ts';
import { testKeys } from '../harness/signing.ts';
import { freshDatabase, rounded, startHis } from './places.ts';

export interface SignBench {
  readonly bytes: number;
  /** Time to sign files ÷ time of the bare RSA signatures, same key and number, same run; medians. */
  readonly ratioToRsa: number;
  readonly signedPerSecond: number;
  readonly rsaPerSecond: number;
  /** What xml-crypto needs for one such file. */
  readonly xmlCryptoMs: number;
  readonly path: {
    readonly claims: number;
    readonly seconds: number;
    readonly claimsPerSecond: number;
    readonly secondsFor8000: number;
  };
}

const CODE = '40101';
const rsa = promisify(
  (data: Buffer, key: KeyObject, done: (error: Error | null, signature: Buffer) => void) =>
    sign('sha256', data, key, done),
);
const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!;

async function millisecondsOf(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** Signing against bare RSA, and the way from settled visits in the database to signed files. */
export async function benchSign(): Promise<SignBench> {
  return { ...(await signing()), path: await wholePath() };
}

async function signing(files = 1_000, rounds = 7): Promise<Omit<SignBench, 'path'>> {
  const { folder, certificates } = await testKeys([CODE]);
  try {
    const pem = readFileSync(join(folder, `${CODE}.pem`));
    const key = createPrivateKey(pem);
    const certificate = readCertificate(certificates.get(CODE)!);
    const signer = createSigner({ keysDir: folder, passphraseOf: () => undefined, remote: null });
    const file = readFileSync(new URL('../golden/3176/commune-tests-and-notes/claim.xml', import.meta.url));
    const hundred = Array.from({ length: 100 }, () => file);
    const texts = hundred.map((_, at) => Buffer.from(`${'x'.repeat(700)}${at}`));
    const times = { sign: [] as number[], rsa: [] as number[] };
    for (let round = 0; round < rounds; round += 1) {
      times.rsa.push(
        await millisecondsOf(async () => {
          for (let at = 0; at < files; at += 100) await Promise.all(texts.map((text) => rsa(text, key)));
        }),
      );
      times.sign.push(
        await millisecondsOf(async () => {
          for (let at = 0; at < files; at += 100)
            await signFiles(signer, CODE, certificate, hundred, new Date());
        }),
      );
    }
    const perSecond = (ms: readonly number[]) => Math.round((files * 1_000) / median(ms));
    return {
      bytes: file.length,
      ratioToRsa: rounded(median(times.sign) / median(times.rsa)),
      signedPerSecond: perSecond(times.sign),
      rsaPerSecond: perSecond(times.rsa),
      xmlCryptoMs: rounded(await xmlCryptoMs(file.toString(), pem)),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function xmlCryptoMs(file: string, privateKey: Buffer, count = 100): Promise<number> {
  const ms = await millisecondsOf(() => {
    for (let at = 0; at < count; at += 1) {
      const signer = new SignedXml({
        privateKey,
        canonicalizationAlgorithm: C14N,
        signatureAlgorithm: RSA_SHA256,
      });
      signer.addReference({
        xpath: '/*',
        isEmptyUri: true,
        uri: '',
        transforms: [ENVELOPED],
        digestAlgorithm: SHA256,
      });
      signer.computeSignature(file, { location: { reference: '/*/*[last()]', action: 'append' } });
    }
  });
  return ms / count;
}

/** As the workers do it: two batches and two signing jobs at a time, in one process beside the database. */
async function wholePath(visits = 1_030): Promise<SignBench['path']> {
  const database = await freshDatabase();
  const dir = mkdtempSync(join(tmpdir(), 'his-bench-'));
  const province = demoProvince();
  // As many claims at each facility as on a day of 8,000.
  const facilities = province.facilities.map((line) => line.code).filter((_, at) => at % 8 === 0);
  const { folder, certificates } = await testKeys(facilities);
  await registerCertificates(database.urls, certificates);
  const server = await startHis('serve', database.urls);
  const api = createApiClient(server.details.url ?? '', 12);
  const settings = { ...readConfig({}), EXPORT_DIR: dir, SIGNING_KEYS_DIR: folder };
  const connections = openDatabase(database.urls.his_export, 8, () => undefined);
  const parts = workerParts(settings, connections, createSecretBox(TEST_KEY), createLogger('silent'));
  try {
    const date = addDays(localDate(new Date()), -1);
    const days = planDay({ seed: 7, date, province, facilities, count: visits });
    await recordDay(days, { api, tokenOf: tokenFor, atWork: 10 });
    const run = await api.call(
      'POST',
      '/api/v1/export-runs',
      tokenFor(null),
      { day: date },
      { 'Idempotency-Key': 'sign' },
    );
    const { id: runId } = run.body as { id: string };
    const batches = await database.query<{ id: string }>(
      'select facility_id as id from export_batch where run_id = $1 order by found desc',
      [runId],
    );
    const ms = await millisecondsOf(() => {
      const waiting = batches.values();
      const worker = async () => {
        for (const { id } of waiting) {
          await buildBatch(parts, runId, id);
          await signClaims(parts, id);
        }
      };
      return Promise.all([worker(), worker()]);
    });
    const [signed] = await database.query<{ n: number }>(
      `select count(*)::int as n from claim_document where kind = 'signed'`,
    );
    const claims = signed?.n ?? 0;
    if (claims < visits / 2) throw new Error(`only ${claims} claims were signed`);
    const claimsPerSecond = rounded((claims * 1_000) / ms);
    return {
      claims,
      seconds: rounded(ms / 1_000),
      claimsPerSecond,
      secondsFor8000: rounded(8_000 / claimsPerSecond),
    };
  } finally {
    api.close();
    parts.gateway.close();
    await connections.close();
    await server.stop();
    await database.drop();
    for (const one of [dir, folder]) rmSync(one, { recursive: true, force: true });
  }
}
