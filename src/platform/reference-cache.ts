import {
  type ActingContext,
  type Database,
  SYSTEM_CONTEXT,
  type Transaction,
} from './database/transaction.ts';

/**
 * Reference data (facilities, catalogues) changes a few times a day and is read by every request. Each process keeps a
 * copy and looks at most every `checkEveryMs` whether the revision in the database moved. What is in force is always
 * chosen by date from the copy, so a change that was announced ahead takes effect to the day.
 */
export interface ReferenceCache<T> {
  get(): Promise<T>;
  /** Forget the copy: the next `get` loads again. */
  expire(): void;
}

/** What is copied: who may see it, and a text that differs as soon as it does. */
interface Source {
  readonly context: ActingContext;
  readonly revision: string;
}
const REFERENCE: Source = {
  context: SYSTEM_CONTEXT,
  revision: 'select revision::text from reference_revision',
};

export function createReferenceCache<T>(
  database: Database,
  load: (tx: Transaction) => Promise<T>,
  clockMs: () => number = Date.now,
  checkEveryMs = 5_000,
  { context, revision: revisionSql }: Source = REFERENCE,
): ReferenceCache<T> {
  let copy: { value: T; revision: string } | undefined;
  let checkedAt = Number.NEGATIVE_INFINITY;
  let pending: Promise<T> | undefined;

  async function refresh(): Promise<T> {
    return database.transaction(context, async (tx) => {
      const [row] = await tx.query<{ revision: string }>(revisionSql);
      const revision = row?.revision ?? '0';
      if (copy?.revision !== revision) copy = { value: await load(tx), revision };
      checkedAt = clockMs();
      return copy.value;
    });
  }

  return {
    async get() {
      if (copy && clockMs() - checkedAt < checkEveryMs) return copy.value;
      pending ??= refresh().finally(() => {
        pending = undefined;
      });
      return pending;
    },
    expire() {
      copy = undefined;
      checkedAt = Number.NEGATIVE_INFINITY;
    },
  };
}
