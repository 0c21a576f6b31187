import { accessSync, constants, statfsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Config } from '../../config.ts';
import { QUEUES } from '../../exports/index.ts';
import { openClient } from '../../platform/database/index.ts';
import { countRedisJobs, QUEUE_SCHEMA } from '../../platform/queue/index.ts';
import { type Finding, failure, judged, reasonOf, warning, well } from './finding.ts';
import { lookIntoQueue } from './look.repo.ts';

const ANSWER_LIMIT_MS = 5_000;
/** The Date header counts whole seconds. */
const GATEWAY_CLOCK = { warning: 5, failure: 60 };
const GIB = 1024 ** 3;
const PROVINCE_OFFSET_HOURS = 7;

/** Any HTTP answer will do: nothing is sent, nobody signs in. */
export async function examineGateway({ GATEWAY_URL }: Pick<Config, 'GATEWAY_URL'>): Promise<Finding[]> {
  if (GATEWAY_URL === null) return [];
  const { host } = new URL(GATEWAY_URL);
  const before = Date.now();
  try {
    const signal = AbortSignal.timeout(ANSWER_LIMIT_MS);
    const answer = await fetch(GATEWAY_URL, { method: 'HEAD', redirect: 'manual', signal });
    const reached = well('gateway', { host, status: answer.status });
    const said = Date.parse(answer.headers.get('date') ?? '');
    if (Number.isNaN(said)) return [reached];
    // It was some moment of that second.
    const skew = Math.max(0, Math.abs(said + 500 - (before + Date.now()) / 2) / 1000 - 0.5);
    return [reached, judged('gatewayClock', skew, GATEWAY_CLOCK, { seconds: Math.round(skew) })];
  } catch (error) {
    return [failure('gateway', 'down', { host, reason: reasonOf(error) })];
  }
}

export async function examineQueue(redisUrl: string | null, exportUrl: string): Promise<Finding> {
  const backend = redisUrl === null ? 'PostgreSQL' : 'Redis';
  try {
    if (redisUrl !== null) await countRedisJobs(redisUrl, [QUEUES.schedule]);
    else {
      const client = await openClient(exportUrl);
      try {
        await lookIntoQueue(client, QUEUE_SCHEMA);
      } finally {
        await client.end();
      }
    }
    return well('queue', { backend });
  } catch (error) {
    return failure('queue', 'down', { backend, reason: reasonOf(error) });
  }
}

/** Is the folder there, may we write, and is there room? */
export function examineFolder(setting: 'DATA_DIR' | 'EXPORT_DIR', folder: string): Finding {
  const values = { setting, folder: resolve(folder) };
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    const { bavail, blocks, bsize } = statfsSync(folder);
    const free = { ...values, free: (bavail * bsize) / GIB, share: bavail / Math.max(1, blocks) };
    const shown = { ...values, gib: free.free.toFixed(1) };
    if (free.free < 0.5 || free.share < 0.02) return failure('disk', 'full', shown);
    return free.free < 2 || free.share < 0.1 ? warning('disk', 'low', shown) : well('disk', shown);
  } catch (error) {
    return failure('disk', 'missing', { ...values, reason: reasonOf(error) });
  }
}

/** Days of the law are days in Viet Nam: does this machine know them? */
export function examineZone(): Finding {
  const noon = new Date('2026-01-01T00:00:00Z');
  const hour = new Intl.DateTimeFormat('en-GB', { timeZone: 'Asia/Ho_Chi_Minh', hour: '2-digit' }).format(
    noon,
  );
  return Number(hour) === PROVINCE_OFFSET_HOURS
    ? well('zone', { process: Intl.DateTimeFormat().resolvedOptions().timeZone })
    : failure('zone', 'wrong', { hour });
}
