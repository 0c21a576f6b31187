import type pg from 'pg';
import {
  CERTIFICATES,
  CHANNELS_NOT_CLOSED,
  CORRECTION_TASKS,
  DEAD_LETTERS,
  PAPERS,
  PARKED_CLAIMS,
  UNKNOWN_AGE,
  UNKNOWN_OUTCOMES,
  WITHOUT_CERTIFICATE,
  WORK_AGE,
} from '../../exports/index.ts';
import { WAL_ARCHIVING } from '../backup.repo.ts';
import { SEALED } from '../reseal.repo.ts';

/** A figure by its label: a queue, a step, a state. */
export type Figures = ReadonlyMap<string, number>;

export interface ServerFacts {
  readonly version: number;
  readonly now: Date;
  /** Roles of ours that are more powerful than they need to be. */
  readonly powerful: readonly string[];
}

export async function readServer(client: pg.Client): Promise<ServerFacts> {
  const { rows } = await client.query<ServerFacts>(
    `select current_setting('server_version_num')::int / 10000 as version, clock_timestamp() as now,
       array(select rolname::text from pg_roles where rolname in ('his_owner', 'his_app', 'his_export', 'his_identity')
         and (rolsuper or rolbypassrls) order by 1) as powerful`,
  );
  return rows[0]!;
}

/** Names of the migrations that have run; null = there is no database of ours here. */
export async function appliedMigrations(client: pg.Client): Promise<string[] | null> {
  const { rows } = await client.query<{ there: boolean }>(
    `select to_regclass('public.migration') is not null as there`,
  );
  if (!rows[0]?.there) return null;
  return (await client.query<{ name: string }>('select name from migration')).rows.map(({ name }) => name);
}

/** The last month for which every table that is cut by months has its part, `YYYY_MM`. */
export async function lastPartition(client: pg.Client): Promise<string | null> {
  const { rows } = await client.query<{ month: string | null }>(
    `select min(last) as month from (
       select max(right(c.relname, 7)) filter (where c.relname ~ '_[0-9]{4}_[0-9]{2}$') as last
       from pg_partitioned_table p join pg_inherits i on i.inhparent = p.partrelid join pg_class c on c.oid = i.inhrelid
       join pg_class parent on parent.oid = p.partrelid
       where parent.relnamespace = 'public'::regnamespace group by p.partrelid) t`,
  );
  return rows[0]?.month ?? null;
}

/** Every sealed value, wherever the database holds one. */
export async function sealedValues(client: pg.Client): Promise<Buffer[]> {
  const all = SEALED.map(
    ({ table, column }) => `select ${column} as sealed from ${table} where ${column} is not null`,
  );
  return (await client.query<{ sealed: Buffer }>(all.join(' union all '))).rows.map(({ sealed }) => sealed);
}

export interface WorkFigures {
  readonly outbox: Figures;
  readonly workAge: Figures;
  readonly unknown: Figures;
  readonly unknownAge: Figures;
  readonly deadLetters: Figures;
  readonly channels: Figures;
  readonly certificates: Figures;
  readonly without: Figures;
  readonly parked: Figures;
  readonly papers: Figures;
  readonly corrections: Figures;
  readonly archiving: Figures;
  /** Seconds; absent = nothing waits, or none was ever made. */
  readonly unsealed: number | null;
  readonly backup: number | null;
}

export async function readWork(client: pg.Client): Promise<WorkFigures> {
  const figures = async (sql: string): Promise<Figures> => {
    const { rows } = await client.query<{ label: string; value: number }>(sql);
    return new Map(rows.map(({ label, value }) => [label, value]));
  };
  const seconds = async (expression: string, table: string) => {
    const { rows } = await client.query<{ age: number | null }>(
      `select extract(epoch from clock_timestamp() - ${expression})::float8 as age from ${table}`,
    );
    return rows[0]?.age ?? null;
  };
  return {
    outbox: await figures('select queue as label, seconds as value from outbox_ages()'),
    workAge: await figures(WORK_AGE),
    unknown: await figures(UNKNOWN_OUTCOMES),
    unknownAge: await figures(UNKNOWN_AGE),
    deadLetters: await figures(DEAD_LETTERS),
    channels: await figures(CHANNELS_NOT_CLOSED),
    certificates: await figures(CERTIFICATES),
    without: await figures(WITHOUT_CERTIFICATE),
    parked: await figures(PARKED_CLAIMS),
    papers: await figures(PAPERS),
    corrections: await figures(CORRECTION_TASKS),
    archiving: await figures(WAL_ARCHIVING),
    unsealed: await seconds('min(uuid_extract_timestamp(event_id))', 'audit_unsealed'),
    backup: await seconds('max(finished_at)', 'backup_log'),
  };
}

/** May the role of the workers look into the queue? @throws when it may not, or the queue is not there */
export async function lookIntoQueue(client: pg.Client, schema: string): Promise<void> {
  await client.query(`select 1 from ${client.escapeIdentifier(schema)}.job limit 1`);
}
