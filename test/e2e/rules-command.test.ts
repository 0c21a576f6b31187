import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { facilityIdOf } from '../../src/seed/index.ts';
import { freshDatabase, type TestDatabase } from '../harness/database.ts';
import { his } from '../harness/his.ts';
import { TEST_KEY } from '../harness/province.ts';
import { HOSPITAL } from '../harness/visit.ts';

const RULE = 'DT_SHORT_VISIT';
let database: TestDatabase;
let environment: Record<string, string>;

beforeAll(async () => {
  database = await freshDatabase();
  const { urls } = database;
  environment = {
    DATABASE_URL: urls.his_app,
    MIGRATION_DATABASE_URL: urls.his_owner,
    EXPORT_DATABASE_URL: urls.his_export,
    IDENTITY_DATABASE_URL: urls.his_identity,
    SECRETS_KEY: TEST_KEY.toString('base64'),
  };
  await database.query(
    `insert into rule_setting (id, facility_id, rule, number, valid_from, effect, reason, set_at)
     values (uuidv7(), $1, $2, 1, '2026-11-10', 'count', 'chờ danh mục', now())`,
    [facilityIdOf(HOSPITAL), RULE],
  );
});
afterAll(() => database.drop());

interface Shown {
  readonly rules: readonly { readonly id: string; readonly effect: string; readonly setBy: string }[];
}
const listed = async (...args: string[]) => {
  const { code, out } = await his(['rules', 'list', '--json', ...args], environment);
  expect(code).toBe(0);
  return (JSON.parse(out) as Shown).rules;
};
const effectOf = (rules: Shown['rules']) => rules.find(({ id }) => id === RULE);

test('rules are listed as they are set: of the province, of a facility, on a day', async () => {
  const province = await listed();
  expect(province.length).toBe(376);
  expect(effectOf(province)).toMatchObject({ effect: 'warn', setBy: 'default' });
  const at = (date: string) => listed('--facility', HOSPITAL, '--date', date);
  expect(effectOf(await at('2026-11-09'))).toMatchObject({ effect: 'warn', setBy: 'default' });
  expect(effectOf(await at('2026-11-10'))).toMatchObject({ effect: 'count', setBy: 'facility' });
});

test('one rule is shown with its history; what is unknown says so', async () => {
  const shown = await his(['rules', 'show', RULE, '--facility', HOSPITAL], environment);
  expect([shown.code, shown.out]).toEqual([
    0,
    expect.stringMatching(/DT_SHORT_VISIT.*counts.*facility[\s\S]*chờ danh mục/),
  ]);
  const nobody = await his(['rules', 'show', 'NO_SUCH_RULE'], environment);
  expect([nobody.code, nobody.err]).toEqual([2, expect.stringContaining('NO_SUCH_RULE')]);
  const nowhere = await his(['rules', 'list', '--facility', '99999'], environment);
  expect([nowhere.code, nowhere.err]).toEqual([1, expect.stringContaining('99999')]);
});
