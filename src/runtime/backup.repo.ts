import { openClient, withDatabase } from '../platform/database/index.ts';

export interface BackupNote {
  readonly startedAt: Date;
  readonly finishedAt: Date;
  readonly place: string;
  readonly bytes: number;
}

/** Writes down that a backup was made, so that the doctor and the alerts know. As the owner or above. */
export async function noteBackup(url: string, note: BackupNote): Promise<void> {
  const client = await openClient(url);
  try {
    await client.query(
      'insert into backup_log (started_at, finished_at, place, bytes) values ($1, $2, $3, $4)',
      [note.startedAt, note.finishedAt, note.place.normalize('NFC'), note.bytes],
    );
  } finally {
    await client.end();
  }
}

/** How the server's last try to copy a piece of its log away ended, and how many so far (`label`, `value`); no row = none. */
export const WAL_ARCHIVING = `select case when last_failed_time > coalesce(last_archived_time, '-infinity') then 'failing'
    else 'working' end as label,
    (case when last_failed_time > coalesce(last_archived_time, '-infinity') then failed_count else archived_count end)::int
      as value
  from pg_stat_archiver where archived_count + failed_count > 0`;

/**
 * A restored server does not know what was sent after its moment: papers that it would send are unclear, in each of its
 * databases, until a person decides.
 * As the superuser. @returns how many those are; `isOld`: of a version that could not do this, so a person must
 */
export async function holdPapers(superuserUrl: string): Promise<{ papers: number; isOld: boolean }> {
  const databases = await asked<{ name: string }>(
    superuserUrl,
    'select datname as name from pg_database where datallowconn and not datistemplate',
  );
  let [papers, isOld] = [0, false];
  for (const { name } of databases) {
    const url = withDatabase(superuserUrl, name);
    const [known] = await asked<{ hasPapers: boolean; canHold: boolean }>(
      url,
      `select to_regclass('insurer_paper') is not null as "hasPapers",
         to_regprocedure('papers_after_restore()') is not null as "canHold"`,
    );
    if (known?.hasPapers && !known.canHold) isOld = true;
    if (!known?.canHold) continue;
    const [held] = await asked<{ papers: number }>(url, 'select papers_after_restore() as papers');
    papers += held!.papers;
  }
  return { papers, isOld };
}

async function asked<Row extends object>(url: string, sql: string): Promise<Row[]> {
  const client = await openClient(url);
  try {
    return (await client.query<Row & Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}
