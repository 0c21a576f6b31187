import { workerContext } from '../exports/index.ts';
import { enqueueMany } from '../platform/outbox.ts';
import { type InsurerDependencies, workEntry } from './context.ts';
import { dueWork } from './work.repo.ts';

const MOST = 1_000;

/** Taps again what is due and has no job any more: look-ups to repeat, papers to sign and to send. */
export async function sweepInsurer(deps: InsurerDependencies): Promise<void> {
  const context = { ...workerContext(null, 'sweep-insurer'), reach: 'province' as const };
  await deps.database.transaction(context, async (tx) => {
    const due = await dueWork(tx, await deps.ledgerTime(tx), MOST);
    await enqueueMany(
      tx,
      due.map((row) => workEntry(row.kind, row.facilityId, row.subjectId, row.attempt)),
    );
  });
}
