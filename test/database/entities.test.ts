import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Orm, openOrm } from '../../src/platform/database/index.ts';
import { ENTITIES } from '../../src/runtime/entities.ts';
import { freshDatabase, type TestDatabase } from '../harness/database.ts';

let database: TestDatabase;
let orm: Orm;
beforeAll(async () => {
  database = await freshDatabase();
  orm = await openOrm(database.urls.his_app, ENTITIES);
});
afterAll(async () => {
  await orm.close(true);
  await database.drop();
});

test('every entity has exactly the columns of its table (generated ones aside), with the same nullability', async () => {
  const columns = await database.query<{ table: string; column: string; nullable: boolean }>(
    `select c.relname as table, a.attname as column, not a.attnotnull as nullable
     from pg_attribute a join pg_class c on c.oid = a.attrelid
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
       and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''`,
  );
  for (const meta of orm.getMetadata().getAll().values()) {
    if (meta.abstract || meta.virtual || meta.embeddable) continue;
    const table = columns.filter((column) => column.table === meta.tableName);
    const mapped = meta.props.map((property) => ({
      table: meta.tableName,
      column: property.fieldNames[0],
      nullable: property.nullable ?? false,
    }));
    const sorted = (rows: { column?: string | undefined }[]) =>
      rows.toSorted((a, b) => ((a.column ?? '') < (b.column ?? '') ? -1 : 1));
    expect(sorted(mapped)).toEqual(sorted(table));
  }
});

test('every entity can be read on the application role', async () => {
  const em = orm.em.fork();
  for (const entity of ENTITIES)
    expect(Array.isArray(await em.find(entity as never, {}, { limit: 1 }))).toBe(true);
});
