import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { removeData } from '../../src/platform/embedded/index.ts';
import { createSecretBox } from '../../src/platform/secrets.ts';
import { environmentOf, freshDatabase, type TestDatabase } from '../harness/database.ts';
import { his, processesWith, startHis } from '../harness/his.ts';
import { TEST_KEY } from '../harness/province.ts';
import { hasRedis, startRedis } from '../harness/redis.ts';

const scratch = mkdtempSync(join(tmpdir(), 'his-commands-'));
chmodSync(scratch, 0o755);
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

let made = 0;
/** A folder that the database's account can enter, so that its processes carry the name. */
function dataDir(): string {
  made += 1;
  const dir = join(scratch, `data-${made}-of-this-test`);
  mkdirSync(dir, { mode: 0o755 });
  return dir;
}

describe('the demo', () => {
  const small = ['demo', '--encounters', '12', '--facilities', '4', '--json'];

  test('runs twice in a folder that nobody else may enter, and leaves nothing running', async () => {
    const home = mkdtempSync(join(tmpdir(), 'his-private-'));
    const environment = { DATA_DIR: join(home, 'data') };
    const out = join(home, 'out');
    try {
      for (const _ of [1, 2]) {
        const { code, out: said, err } = await startHis([...small, '--out', out], environment).ended;
        expect([code, err.includes('submit.signature')]).toEqual([0, false]);
        const told = JSON.parse(said.trim().split('\n').at(-1)!) as { claims: number };
        expect(told).toMatchObject({ recorded: 12, refused: 0, signed: told.claims });
      }
      expect(processesWith(home)).toEqual([]);
    } finally {
      await removeData(join(home, 'data/demo'));
      rmSync(home, { recursive: true, force: true });
    }
  });

  test('leaves a folder alone that holds what it did not make', async () => {
    const out = join(scratch, 'thesis');
    mkdirSync(out);
    writeFileSync(join(out, 'chapter-1.txt'), 'years of work');
    const { code, err } = await his([...small, '--out', out], { DATA_DIR: dataDir() });
    expect([code, err]).toEqual([2, expect.stringContaining(out)]);
    expect(readFileSync(join(out, 'chapter-1.txt'), 'utf8')).toBe('years of work');
  });
});

describe('Ctrl-C', () => {
  const yesterday = new Date(Date.now() - 36 * 3_600_000).toISOString().slice(0, 10);
  // While the cluster is made or starts, and later: wherever the command then is.
  const [early, late] = [700, 1_900];
  const cases: readonly (readonly [string[], number, number])[] = [
    [['migrate'], 130, early],
    [['seed', '--demo'], 130, late],
    [['export', 'run', '--date', yesterday], 130, early],
    [['demo', '--encounters', '500', '--out', join(scratch, 'interrupted')], 130, late],
    [['work'], 0, early],
    [['serve'], 0, late],
    [['start'], 0, early],
    [['start'], 0, late],
  ];

  test.each(cases)(
    '%j leaves no PostgreSQL behind (exit code %i, after %i ms)',
    async (args, code, after) => {
      const dir = dataDir();
      const ports = { PORT: '0', SIMULATOR_PORT: '0', SIMULATOR_CONTROL_PORT: '0' };
      const running = startHis(args, { DATA_DIR: dir, LOG_LEVEL: 'silent', ...ports });
      await sleep(after);
      running.child.kill('SIGINT');
      const ended = await running.ended;
      // Sooner than its handler, later than its end, or in between: the signal is never answered by a failure.
      expect([code, 0, null]).toContain(ended.code);
      expect(ended.err).not.toContain('Not done');
      await sleep(50);
      expect(processesWith(dir)).toEqual([]);
    },
  );
});

describe('on a database of its own', () => {
  let database: TestDatabase;
  let outside: Record<string, string>;
  const file = join(scratch, 'accounts.jsonl');
  beforeAll(async () => {
    database = await freshDatabase();
    outside = {
      ...environmentOf(database),
      SECRETS_KEY: TEST_KEY.toString('base64'),
      DATA_DIR: dataDir(),
    };
  });
  afterAll(() => database.drop());
  const account = async (code: string) => {
    const [row] = await database.query<{ username: string; sealed: Buffer }>(
      `select username, password_sealed as sealed from gateway_account a join facility f on f.id = a.facility_id
       where f.code = $1`,
      [code],
    );
    return { username: row!.username, password: createSecretBox(TEST_KEY).open(row!.sealed) };
  };
  const line = (facilityCode: string, password: string) =>
    JSON.stringify({ facilityCode, username: `user-${facilityCode}`, password });

  test('seed and start put the invented province there only when somebody says so', async () => {
    for (const command of ['seed', 'start']) {
      const { code, err } = await his([command], outside);
      expect([code, err]).toEqual([2, expect.stringContaining('--demo')]);
    }
    expect((await his(['seed', '--demo', '--from', scratch], outside)).code).toBe(2);
  });

  test('the first start says the administrator’s one-time password, which opens once; the next start says none', async () => {
    const start = async (work: (url: string, said: string) => Promise<void>) => {
      const serve = startHis(['serve'], { ...outside, PORT: '0' });
      try {
        await serve.until('Serving at');
        await work(/Serving at (\S+)/.exec(serve.said())![1]!, serve.said());
      } finally {
        serve.child.kill('SIGTERM');
      }
      expect((await serve.ended).code).toBe(0);
    };
    // The office of the tests has its duty already.
    await database.query(`delete from account_duty where role = 'province-admin'`);
    await start(async (url, said) => {
      const [, username, password] = /First administrator: (\S+)\. .*: (\S+)$/m.exec(said)!;
      const opened = await fetch(new URL('/api/v1/session', url), {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ username, password }),
      });
      expect([opened.status, await opened.json()]).toMatchObject([201, { state: 'set-password', username }]);
    });
    await start(async (_url, said) => expect(said).not.toContain('administrator'));
  });

  test('gateway accounts come from a file, sealed, again as often as wanted', async () => {
    for (const password of ['first-Pässword', 'second']) {
      writeFileSync(file, `${line('40001', password)}\n\n${line('40101', 'other')}\n`, { mode: 0o600 });
      const { code, err } = await his(['seed', '--gateway-accounts', file], outside);
      expect([code, err]).toEqual([0, 'Kept 2 gateway accounts (passwords sealed).\n']);
      expect(await account('40001')).toEqual({ username: 'user-40001', password });
    }
    expect((await account('40101')).password).toBe('other');
  });

  test('a wrong line changes nothing, and no password is repeated; an open file is told of', async () => {
    const wrong: readonly (readonly [string, string])[] = [
      [`${line('40001', 'secret-word')}\n{"facilityCode":"40002","username":"u","password":""}`, 'line 2'],
      [`${line('40001', 'secret-word')}\n${line('40001', 'secret-word')}`, 'twice'],
      [`${line('40001', 'secret-word')}\n${line('99999', 'secret-word')}`, '99999'],
      [`not JSON secret-word`, 'line 1'],
    ];
    for (const [content, told] of wrong) {
      writeFileSync(file, content);
      const { code, out, err } = await his(['seed', '--gateway-accounts', file], outside);
      expect([code, err]).toEqual([1, expect.stringContaining(told)]);
      expect(out + err).not.toContain('secret-word');
    }
    expect((await account('40001')).password).toBe('second');
    writeFileSync(file, line('40001', 'third'));
    chmodSync(file, 0o644);
    expect((await his(['seed', '--gateway-accounts', file], outside)).err).toContain('chmod 600');
  });

  test('a facility that does not exist is said to be unknown', async () => {
    for (const command of [
      ['export', 'files', '--date', '2026-11-20', '--to', join(scratch, 'files')],
      ['export', 'run', '--date', '2026-11-20'],
    ]) {
      const { code, err } = await his([...command, '--facility', '99999'], outside);
      expect([code, err]).toEqual([1, 'There is no facility 99999.\n']);
    }
  });

  test('workers without their Redis say so', async () => {
    const { code, err } = await his(['work'], { ...outside, REDIS_URL: 'redis://127.0.0.1:1' });
    expect([code, err.trim().split('\n').at(-1)]).toEqual([1, expect.stringContaining('REDIS_URL')]);
  });
});

(hasRedis() ? describe : describe.skip)('workers that are told to stop', () => {
  test('at the very moment when their Redis goes away, end with their PostgreSQL', async () => {
    const dir = dataDir();
    const redis = await startRedis();
    const running = startHis(['work'], { DATA_DIR: dir, REDIS_URL: redis.url, LOG_LEVEL: 'silent' });
    await running.until('Workers are running');
    // Held up meanwhile, they hear of both at once, and do not know yet that their Redis is gone.
    running.child.kill('SIGSTOP');
    await redis.stop();
    running.child.kill('SIGTERM');
    running.child.kill('SIGCONT');
    expect((await running.ended).code).toBe(0);
    expect(processesWith(dir)).toEqual([]);
  });

  test('leave a Redis that does not answer', async () => {
    const database = await freshDatabase();
    const redis = await startRedis();
    const running = startHis(['work'], {
      ...environmentOf(database),
      SECRETS_KEY: TEST_KEY.toString('base64'),
      REDIS_URL: redis.url,
      LOG_LEVEL: 'silent',
    });
    try {
      await running.until('Workers are running');
      redis.child.kill('SIGSTOP');
      running.child.kill('SIGTERM');
      expect((await running.ended).code).toBe(0);
    } finally {
      redis.child.kill('SIGCONT');
      await redis.stop();
      await database.drop();
    }
  });
});

describe('npm start', () => {
  test('hands its settings on, keeps what the simulator received, and says which part ended', async () => {
    const dir = dataDir();
    const running = startHis(['start'], {
      DATA_DIR: dir,
      PORT: '0',
      SIMULATOR_PORT: '0',
      SIMULATOR_CONTROL_PORT: '0',
      MAX_BODY_KB: '16',
      LOG_LEVEL: 'silent',
    });
    await running.until('Ready.');
    const url = /Serving at (\S+)/.exec(running.said())![1]!;
    const body = JSON.stringify({ name: 'x'.repeat(20_000) });
    const answer = await fetch(`${url}/api/v1/patients`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body,
    });
    expect([401, 413]).toContain(answer.status);
    expect(existsSync(join(dir, 'simulator.jsonl'))).toBe(true);
    const [worker] = childrenOf(running.child.pid!).filter((pid) => commandOf(pid).includes('\0work\0'));
    expect(settingsOf(worker!)).toContain('MAX_BODY_KB=16');
    process.kill(worker!, 'SIGKILL');
    const { code, err } = await running.ended;
    expect([code, err]).toEqual([1, expect.stringContaining('work ended unexpectedly')]);
    expect(processesWith(dir)).toEqual([]);
  });

  test('says so when the database ended', async () => {
    const dir = dataDir();
    const ports = { PORT: '0', SIMULATOR_PORT: '0', SIMULATOR_CONTROL_PORT: '0' };
    const running = startHis(['start'], { DATA_DIR: dir, LOG_LEVEL: 'silent', ...ports });
    await running.until('Ready.');
    const [postgres] = childrenOf(running.child.pid!).filter((pid) => commandOf(pid).includes('postgres'));
    process.kill(postgres!, 'SIGQUIT');
    const { code, err } = await running.ended;
    expect([code, err]).toEqual([1, expect.stringContaining('PostgreSQL ended unexpectedly')]);
    expect(processesWith(dir)).toEqual([]);
  });
});

const commandOf = (pid: number) => readFileSync(`/proc/${pid}/cmdline`, 'utf8');
const settingsOf = (pid: number) => readFileSync(`/proc/${pid}/environ`, 'utf8');
function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number);
}
