import pg from 'pg';
import { documentBytes } from '../../src/claims/index.ts';
import { readConfig } from '../../src/config.ts';
import { createApiClient } from '../../src/demo/client.ts';
import { BATCH_BUILT, buildBatch, sendClaim, signClaims, wirePassword } from '../../src/exports/index.ts';
import { createGatewayClient } from '../../src/gateway/index.ts';
import type { RoleUrls } from '../../src/platform/database/index.ts';
import { type LocalDate, systemClock } from '../../src/platform/dates.ts';
import { createLogger } from '../../src/platform/log.ts';
import { createSecretBox } from '../../src/platform/secrets.ts';
import { openDatabase } from '../../src/runtime/databases.ts';
import { type RunningProcess, startProcess } from '../../src/runtime/processes.ts';
import { workerParts } from '../../src/runtime/workers.ts';
import { createSigner, readCertificate, signFiles } from '../../src/signatures/index.ts';
import { TEST_KEY, tokenFor } from '../harness/province.ts';
import { rounded, startHis } from './places.ts';

/** What each stage takes of one claim when nothing else is done: in one process, one facility after the other. */
export interface StagesAlone {
  readonly claims: number;
  readonly msPerClaim: Readonly<Record<Stage, number>>;
}
const STAGES = ['read', 'build', 'check', 'store', 'sign', 'send'] as const;
type Stage = (typeof STAGES)[number];

/** Signing and sending, nothing else. */
export interface Floor {
  readonly claims: number;
  readonly seconds: number;
  readonly claimsPerSecond: number;
}

const ANSWER_MS = 50;
/** As the workers do it. */
const IN_FLIGHT = 12;

export const startSimulator = (keys: string): Promise<RunningProcess> =>
  startProcess(
    ['simulate-gateway', '--certificates', keys],
    { SIMULATOR_PORT: '0', SIMULATOR_CONTROL_PORT: '0', LOG_LEVEL: 'error' },
    { quiet: true },
  );

export async function slowSimulator(keys: string): Promise<RunningProcess> {
  const simulator = await startSimulator(keys);
  const rule = {
    match: { path: '/api/qd130/guiHoSoXmlQD3176' },
    when: 'after-auth',
    action: { type: 'delay', ms: ANSWER_MS },
  };
  const url = `${simulator.details.controlUrl}/__sim/faults`;
  const answer = await fetch(url, { method: 'POST', body: JSON.stringify(rule) });
  if (!answer.ok) throw new Error(`simulator: ${answer.status} ${await answer.text()}`);
  return simulator;
}

export async function oneQuery<Row extends pg.QueryResultRow>(urls: RoleUrls, sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: urls.his_owner });
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** A gateway that answers at once; facilities of the day until there are enough claims. */
export async function stagesAlone(
  urls: RoleUrls,
  date: LocalDate,
  keys: string,
  most = 1_000,
): Promise<StagesAlone> {
  const simulator = await startSimulator(keys);
  const server = await startHis('serve', urls);
  const api = createApiClient(server.details.url ?? '', 1);
  const ms: Record<Stage, number> = { read: 0, build: 0, check: 0, store: 0, sign: 0, send: 0 };
  let claims = 0;
  const log = createLogger('info', {
    write(line: string) {
      const said = JSON.parse(line) as { msg: string; claims: number; ms: Partial<Record<Stage, number>> };
      if (said.msg !== BATCH_BUILT) return;
      claims += said.claims;
      for (const stage of STAGES) ms[stage] += said.ms[stage] ?? 0;
    },
  });
  const settings = { ...readConfig({}), SIGNING_KEYS_DIR: keys, GATEWAY_URL: simulator.details.url ?? '' };
  const connections = openDatabase(urls.his_export, 4, () => undefined);
  const parts = workerParts(settings, connections, createSecretBox(TEST_KEY), log);
  const timed = async (stage: Stage, work: () => Promise<unknown>) => {
    const startedAt = performance.now();
    await work();
    ms[stage] += performance.now() - startedAt;
  };
  try {
    const path = '/api/v1/export-runs';
    const order = await api.call('POST', path, tokenFor(null), { day: date }, { 'Idempotency-Key': 'alone' });
    const { id: runId } = order.body as { id: string };
    const batches = await oneQuery<{ id: string }>(
      urls,
      'select facility_id as id from export_batch order by 1',
    );
    for (const { id } of batches) {
      if (claims >= most) break;
      await buildBatch(parts, runId, id);
      await timed('sign', () => signClaims(parts, id));
      const built = await oneQuery<{ encounter: string; number: number }>(
        urls,
        `select encounter_id as encounter, number from claim_version where facility_id = '${id}'`,
      );
      await timed('send', async () => {
        for (const { encounter, number } of built) await sendClaim(parts, id, encounter, number);
      });
    }
    const perClaim = STAGES.map((stage) => [stage, rounded(ms[stage] / claims, 2)]);
    return { claims, msPerClaim: Object.fromEntries(perClaim) as Record<Stage, number> };
  } finally {
    api.close();
    parts.gateway.close();
    await connections.close();
    for (const one of [server, simulator]) await one.stop();
  }
}

export interface StoredFile {
  readonly code: string;
  readonly compressed: Buffer;
}

export const storedFiles = (urls: RoleUrls) =>
  oneQuery<StoredFile & Record<string, unknown>>(
    urls,
    `select f.code, d.compressed from claim_document d join facility f on f.id = d.facility_id
     where d.kind = 'unsigned' order by f.code`,
  );

/** Nothing but what cannot be left out: the signature, and the call. */
export async function floorOf(
  stored: readonly StoredFile[],
  keys: string,
  certificates: ReadonlyMap<string, string>,
): Promise<Floor> {
  const simulator = await slowSimulator(keys);
  const gateway = createGatewayClient({ baseUrl: simulator.details.url ?? '', clock: systemClock });
  const signer = createSigner({ keysDir: keys, passphraseOf: () => undefined, remote: null });
  const read = new Map([...certificates].map(([code, pem]) => [code, readCertificate(pem)]));
  const files = stored.map(({ code, compressed }) => ({ code, bytes: documentBytes(compressed) }));
  const account = (code: string) => ({
    username: `${code}_BV`,
    passwordMd5: wirePassword(`SIM-${code}`),
  });
  try {
    const startedAt = performance.now();
    const waiting = files.values();
    const lane = async () => {
      for (const { code, bytes } of waiting) {
        const [file] = await signFiles(signer, code, read.get(code)!, [bytes], new Date());
        const signed = Buffer.concat([file!.head, file!.ending]);
        const { outcome } = await gateway.sendClaim(account(code), code, signed);
        if (outcome !== 'received') throw new Error(`floor: ${outcome}`);
      }
    };
    await Promise.all(Array.from({ length: IN_FLIGHT }, lane));
    const seconds = (performance.now() - startedAt) / 1_000;
    const claimsPerSecond = rounded(files.length / seconds);
    return { claims: files.length, seconds: rounded(seconds), claimsPerSecond };
  } finally {
    gateway.close();
    await simulator.stop();
  }
}
