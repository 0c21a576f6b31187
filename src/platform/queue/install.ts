import pg from 'pg';

export const QUEUE_SCHEMA = 'bullmq';

/**
 * Creates or upgrades BullMQ's own schema, and grants what roles need that own nothing of it. The id sequence of each
 * queue is made here: BullMQ would make it at the first job, which only the owner may.
 */
export async function installQueueSchema(
  ownerUrl: string,
  roles: readonly string[],
  queues: readonly string[],
): Promise<void> {
  const { runMigrations } = await import('bullmq');
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    await runMigrations(client, QUEUE_SCHEMA);
    const schema = client.escapeIdentifier(QUEUE_SCHEMA);
    for (const queue of queues) {
      const { rows } = await client.query<{ name: string }>('select bullmq.job_id_seq_name($1) as name', [
        queue,
      ]);
      await client.query(
        `create sequence if not exists ${schema}.${client.escapeIdentifier(rows[0]?.name ?? '')}`,
      );
    }
    for (const role of roles) {
      const name = client.escapeIdentifier(role);
      await client.query(`
        grant usage on schema ${schema} to ${name};
        grant select, insert, update, delete on all tables in schema ${schema} to ${name};
        grant usage, select, update on all sequences in schema ${schema} to ${name};
        grant execute on all functions in schema ${schema} to ${name};
      `);
    }
  } finally {
    await client.end();
  }
}
