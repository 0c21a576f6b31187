import { recordAudit } from '../audit/index.ts';
import { type Database, SYSTEM_CONTEXT, type Transaction } from '../platform/database/index.ts';
import type { Id } from '../platform/ids.ts';
import { type SecretBox, UnknownKey } from '../platform/secrets.ts';

/** Every place where the database holds a sealed value; test/database/secrets.test.ts looks for others. */
export const SEALED: readonly { readonly table: string; readonly key: string; readonly column: string }[] = [
  { table: 'gateway_account', key: 'facility_id', column: 'password_sealed' },
  { table: 'credential', key: 'account_id', column: 'totp_sealed' },
  { table: 'credential', key: 'account_id', column: 'totp_pending_sealed' },
];
type Place = (typeof SEALED)[number];

export interface Resealed {
  readonly done: number;
  /** Values that no key at hand opens, by place: `table.column`. */
  readonly unreadable: Readonly<Record<string, number>>;
}

const BATCH = 200;

/**
 * Seals anew, as the owner, what another key sealed. Batch by batch, each in a transaction of its own: when it is cut,
 * what was done is done, and the next run takes up the rest. A value that changes meanwhile waits for its row.
 */
export async function reseal(
  database: Database,
  secrets: SecretBox,
  onProgress: (done: number, total: number) => void,
): Promise<Resealed> {
  const inTransaction = <T>(work: (tx: Transaction) => Promise<T>) =>
    database.transaction({ ...SYSTEM_CONTEXT, purpose: 'secrets' }, work);
  const total = await inTransaction((tx) => countOthers(tx, secrets.mark));
  const unreadable: Record<string, number> = {};
  let [done, seen] = [0, 0];
  for (const place of SEALED) {
    let after: Id | null = null;
    do {
      const batch: Batch = await inTransaction((tx) => resealBatch(tx, secrets, place, after));
      after = batch.last;
      done += batch.done;
      seen += batch.done + batch.unreadable;
      const name = `${place.table}.${place.column}`;
      if (batch.unreadable > 0) unreadable[name] = (unreadable[name] ?? 0) + batch.unreadable;
      onProgress(Math.min(seen, total), total);
    } while (after !== null);
  }
  return { done, unreadable };
}

const isOther = ({ column }: Place) =>
  `${column} is not null and substring(${column} for length($1::bytea)) <> $1`;

async function countOthers(tx: Transaction, mark: Buffer): Promise<number> {
  const counts = SEALED.map((place) => `(select count(*) from ${place.table} where ${isOther(place)})`);
  const [row] = await tx.query<{ total: number }>(`select (${counts.join(' + ')})::int as total`, [mark]);
  return row?.total ?? 0;
}

interface Batch {
  readonly done: number;
  readonly unreadable: number;
  /** null = there are no more. */
  readonly last: Id | null;
}

async function resealBatch(
  tx: Transaction,
  secrets: SecretBox,
  place: Place,
  after: Id | null,
): Promise<Batch> {
  const { table, key, column } = place;
  const rows = await tx.query<{ id: Id; sealed: Buffer }>(
    `select ${key} as id, ${column} as sealed from ${table}
     where ${isOther(place)} and ($2::uuid is null or ${key} > $2) order by ${key} limit ${BATCH} for update`,
    [secrets.mark, after],
  );
  const opened = rows.flatMap(({ id, sealed }) => {
    const text = textOf(secrets, sealed);
    return text === undefined ? [] : [{ id, sealed: secrets.seal(text) }];
  });
  if (opened.length > 0) {
    await tx.query(
      `update ${table} t set ${column} = n.sealed from unnest($1::uuid[], $2::bytea[]) as n (id, sealed) where t.${key} = n.id`,
      [opened.map(({ id }) => id), opened.map(({ sealed }) => sealed)],
    );
    recordAudit(tx, {
      action: 'secrets.resealed',
      subjectType: table,
      subjectId: null,
      detail: { column, count: opened.length },
    });
  }
  const last = rows.length === BATCH ? (rows.at(-1)?.id ?? null) : null;
  return { done: opened.length, unreadable: rows.length - opened.length, last };
}

function textOf(secrets: SecretBox, sealed: Buffer): string | undefined {
  try {
    return secrets.open(sealed);
  } catch (error) {
    if (error instanceof UnknownKey) return undefined;
    throw error;
  }
}
