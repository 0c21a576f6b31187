import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, expect, test } from '@jest/globals';
import { dumpSchema } from '../../src/platform/database/dump.ts';
import { migrate, prepareSchema } from '../../src/runtime/prepare.ts';
import { freshDatabase, type TestDatabase } from '../harness/database.ts';

const folder = new URL('../../migrations/', import.meta.url);
const names = readdirSync(folder)
  .filter((file) => file.startsWith('Migration'))
  .map((file) => file.replace(/\.ts$/, ''))
  .toSorted();
const committed = readFileSync(new URL('schema.sql', folder), 'utf8');

let database: TestDatabase;
afterEach(() => database.drop());
const migrated = async () =>
  (await database.query<{ name: string }>('select name from migration order by 1')).map((row) => row.name);

test('from empty to the committed schema, and again: nothing more happens', async () => {
  database = await freshDatabase({ empty: true });
  expect(await prepareSchema(database.urls.his_owner)).toHaveLength(names.length);
  expect(await dumpSchema(database.urls.his_owner)).toBe(committed);
  expect(await prepareSchema(database.urls.his_owner)).toEqual([]);
  expect(await dumpSchema(database.urls.his_owner)).toBe(committed);
});

// A release ends with some migration; whichever it was, the next one leads to the same schema and keeps what was stored.
test.each(names.slice(0, -1))('from a release that ended with %s', async (last) => {
  database = await freshDatabase({ empty: true });
  await migrate(database.urls.his_owner, { to: last });
  expect(await migrated()).toEqual(names.slice(0, names.indexOf(last) + 1));
  await database.query(`insert into ward (code, name, province_code)
    values ('99999', 'Xã Thử', '40')`);
  await prepareSchema(database.urls.his_owner);
  expect(await migrated()).toEqual(names);
  expect(await dumpSchema(database.urls.his_owner)).toBe(committed);
  expect(await database.query(`select name from ward where code = '99999'`)).toEqual([{ name: 'Xã Thử' }]);
});

test('months are made once, however often they are asked for; others live in the default partition', async () => {
  database = await freshDatabase();
  const partitions = async () =>
    (
      await database.query<{ name: string }>(
        `select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
         where i.inhparent = 'public.encounter'::regclass order by 1`,
      )
    ).map((row) => row.name);
  const make = () => database.query(`select ensure_month_partitions('2031-01-01', '2031-03-01')`);
  const before = await partitions();
  await make();
  const after = await partitions();
  expect(after.length).toBe(before.length + 3);
  await make();
  expect(await partitions()).toEqual(after);
  expect(after.filter((name) => name.includes('default'))).toHaveLength(1);
});
