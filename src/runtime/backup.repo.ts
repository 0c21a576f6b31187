import { openClient } from '../platform/database/index.ts';

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
