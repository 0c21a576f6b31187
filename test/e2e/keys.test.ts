import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { environmentOf, freshDatabase, type TestDatabase } from '../harness/database.ts';
import { his } from '../harness/his.ts';
import { TEST_KEY } from '../harness/province.ts';

const CODES = ['40001', '40021'];
let database: TestDatabase;
let folder: string;
let environment: Record<string, string>;

beforeAll(async () => {
  database = await freshDatabase();
  folder = mkdtempSync(join(tmpdir(), 'his-keys-'));
  environment = {
    ...environmentOf(database),
    SECRETS_KEY: TEST_KEY.toString('base64'),
    SIGNING_PASSPHRASE: 'mật khẩu',
  };
});
afterAll(async () => {
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

test('keys are made, registered and listed; what cannot be says why', async () => {
  const made = await his(
    ['keys', 'make', '--to', folder, '--facility', ...CODES, '--days', '20', '--pkcs12'],
    environment,
  );
  expect([made.code, made.err]).toEqual([0, expect.stringContaining('2 keys made')]);
  expect(readdirSync(folder)).toEqual(
    expect.arrayContaining(['40001.p12', '40001.crt.pem', 'authority.crt.pem']),
  );
  expect((await his(['keys', 'make', '--to', folder, '--facility', '40001', '--pkcs12'])).code).toBe(2);

  expect((await his(['keys', 'register'], environment)).code).toBe(2);
  expect((await his(['keys', 'register', '--from', join(folder, 'none')], environment)).code).toBe(2);
  const certificate = join(folder, '40001.crt.pem');
  const nowhere = await his(
    ['keys', 'register', '--facility', '99999', '--certificate', certificate],
    environment,
  );
  expect([nowhere.code, nowhere.err]).toEqual([1, expect.stringContaining('99999')]);
  const registered = await his(['keys', 'register', '--from', folder], environment);
  expect([registered.code, registered.err.match(/registered/g)]).toEqual([0, ['registered', 'registered']]);

  const listed = await his(['keys', 'list', '--json'], environment);
  expect(listed.code).toBe(0);
  const { certificates, notSigned } = JSON.parse(listed.out) as {
    certificates: object[];
    notSigned: object[];
  };
  expect(certificates).toMatchObject(CODES.map((facilityCode) => ({ facilityCode, state: 'ending' })));
  expect(notSigned).toEqual([]);
  expect((await his(['keys', 'list'], environment)).out).toContain('ENDS SOON');
  const [trail] = await database.query<{ n: number }>(
    `select count(*)::int as n from audit_event where action = 'certificate.registered'`,
  );
  expect(trail!.n).toBe(2);
});
