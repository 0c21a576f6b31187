import type { TestDatabase } from './database.ts';

/** What a refusal itself leaves behind: its event in the trail, or a count where nobody is signed in. */
const REFUSAL_NOTES = '^(audit_event|audit_unsealed|refusal_count)(_|$)';

/**
 * By table: its rows, and the sum of the transactions that wrote them. Two equal answers mean that no row was added,
 * changed or removed in between, the notes of a refusal apart.
 * @param except further tables that are not looked at
 */
export async function writtenRows(
  database: TestDatabase,
  except: readonly string[] = [],
): Promise<Record<string, string>> {
  const rows = await database.query<{ name: string; written: string }>(WRITTEN, [REFUSAL_NOTES, except]);
  // What was rolled back may have left a page without rows.
  return Object.fromEntries(
    rows.filter(({ written }) => written !== '0/0').map(({ name, written }) => [name, written]),
  );
}

/**
 * One statement over tables that it finds itself: planning a union of all of them takes longer than reading them. A table
 * without a page holds no row and is left out, as most partitions are.
 */
const WRITTEN = `select c.relname as name, (xpath('/row/n/text()', query_to_xml(format(
    'select count(*) || ''/'' || coalesce(sum(xmin::text::bigint), 0) as n from public.%I', c.relname),
    false, true, '')))[1]::text as written
  from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
    and c.relname !~ $1 and c.relname <> all($2::text[]) and pg_relation_size(c.oid) > 0`;

/** A refusal of somebody who is signed in, as the trail has it. */
export interface RefusalNote {
  readonly requestId: string;
  readonly operation: string;
  readonly subjectId: string | null;
  readonly problem: string;
  readonly actor: string;
  readonly facilityId: string;
}

export function refusalNotes(database: TestDatabase, requestIds: readonly string[]): Promise<RefusalNote[]> {
  return database.query<RefusalNote & Record<string, unknown>>(
    `select request_id as "requestId", subject_type as operation, subject_id as "subjectId",
       detail->>'problem' as problem, actor, facility_id as "facilityId"
     from audit_event where action = 'access.refused' and request_id = any($1) order by id`,
    [requestIds],
  );
}

/** The request that a problem answers. */
export const requestIdOf = (answer: { readonly body: unknown }): string =>
  (answer.body as { instance?: string }).instance?.split('/').at(-1) ?? '';
