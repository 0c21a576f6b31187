import type { RefusalList } from '../../schemas/api/audit.ts';
import type { Transaction } from '../platform/database/index.ts';
import type { Instant } from '../platform/dates.ts';

/** Refusals of callers that nobody knew, by day in Viet Nam and kind, within `[from, to)`. Only auditors see any. */
export function refusalsByDay(tx: Transaction, from: Instant, to: Instant): Promise<RefusalList['items']> {
  return tx.query<RefusalList['items'][number]>(
    `select day::text, kind, sum(count)::float8 as count, count(*)::int as addresses,
       (array_agg(json_build_object('address', address, 'count', count) order by count desc, address))[1] as busiest
     from (select (minute at time zone 'Asia/Ho_Chi_Minh')::date as day, kind, address, sum(count) as count
       from refusal_count where minute >= $1 and minute < $2 group by 1, 2, 3) of_address
     group by day, kind order by day desc, count desc, kind`,
    [from, to],
  );
}
