import type { EntityManager, MikroORM } from '@mikro-orm/postgresql';

export type { EntityManager };
export type Orm = MikroORM;

/**
 * MikroORM over the given entities. It is loaded only when first asked for: commands that touch no entity, and the
 * statement-based hot paths, start without it.
 */
export async function openOrm(url: string, entities: readonly unknown[], migrations?: string): Promise<Orm> {
  const { MikroORM } = await import('@mikro-orm/postgresql');
  const { Migrator } = await import('@mikro-orm/migrations');
  return MikroORM.init({
    clientUrl: url,
    dbName: decodeURIComponent(new URL(url).pathname.slice(1)),
    entities: [...entities] as never[],
    extensions: [Migrator],
    discovery: { warnWhenNoEntities: false },
    pool: { min: 0, max: 2 },
    ...(migrations
      ? {
          migrations: {
            path: migrations,
            pathTs: migrations,
            snapshot: false,
            tableName: 'migration',
            silent: true,
          },
        }
      : {}),
  });
}
