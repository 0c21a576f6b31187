import type { PageEnd } from '../platform/cursor.ts';
import type { Transaction } from '../platform/database/index.ts';
import type { Instant } from '../platform/dates.ts';
import type { Id } from '../platform/ids.ts';
import type { Awaited, LoggedOutage, WaitingFacts } from './radar.ts';

const PAID = `join settlement s on s.facility_id = w.facility_id and s.encounter_id = w.encounter_id
  and s.version = w.settlement_version`;

/** All that the insurer still waits for. @param facilityId null = of every facility */
export function awaited(tx: Transaction, facilityId: Id | null): Promise<Awaited[]> {
  return tx.query<Awaited & Record<string, unknown>>(
    `select f.code as "facilityCode", to_json(w.ended_at)#>>'{}' as "endedAt", s.insurer_pays::text as "insurerPays"
     from export_work w join facility f on f.id = w.facility_id ${PAID}
     where $1::uuid is null or w.facility_id = $1`,
    [facilityId],
    'awaited',
  );
}

/** Outages of the way for claims that ended after `since` or go on; why the way was closed stands with each. */
export function outagesSince(
  tx: Transaction,
  facilityId: Id | null,
  since: Instant,
): Promise<(LoggedOutage & { readonly cause: string })[]> {
  return tx.query<LoggedOutage & { cause: string } & Record<string, unknown>>(
    `select f.code as "facilityCode", to_json(o."from")#>>'{}' as "from", to_json(o."to")#>>'{}' as "to", o.cause
     from gateway_outage o left join facility f on f.id = o.facility_id
     where o.family = 'claims' and (o."to" is null or o."to" > $2)
       and ($1::uuid is null or o.facility_id is null or o.facility_id = $1)`,
    [facilityId, since],
    'outages-since',
  );
}

export interface WaitingRow extends WaitingFacts, Awaited {
  readonly encounterId: Id;
  readonly obstacle: string | null;
  readonly details: Readonly<Record<string, unknown>> | null;
  /** Of the last event. */
  readonly cause: string | null;
  /** null = not before somebody acts. */
  readonly notBefore: Instant | null;
}

/** What waits and why, whose visit ended first comes first. */
export function listAwaited(
  tx: Transaction,
  facilityId: Id | null,
  after: PageEnd | null,
  limit: number,
): Promise<WaitingRow[]> {
  return tx.query<WaitingRow & Record<string, unknown>>(
    `select w.encounter_id as "encounterId", f.code as "facilityCode", to_json(w.ended_at)#>>'{}' as "endedAt",
       s.insurer_pays::text as "insurerPays", w.number, w.held_at is not null as "isHeld",
       o.reason is not null as "hasObstacle", o.reason as obstacle, o.details, last.type as state, last.cause,
       case when w.not_before < 'infinity' then to_json(w.not_before)#>>'{}' end as "notBefore",
       exists (select from gateway_channel c where c.family in ('claims', 'session') and c.state <> 'closed'
         and (c.facility_id is null or c.facility_id = w.facility_id)) as "isResting"
     from export_work w join facility f on f.id = w.facility_id ${PAID}
     left join lateral (select reason, details from export_obstacle x where x.facility_id = w.facility_id
       and x.encounter_id = w.encounter_id order by x.at desc limit 1) o on w.number = 0
     left join lateral (select e.type, e.cause from claim_event e where e.facility_id = w.facility_id
       and e.encounter_id = w.encounter_id and e.number = w.number order by e.sequence desc limit 1) last on true
     where ($1::uuid is null or w.facility_id = $1)
       and ($2::timestamptz is null or (w.ended_at, w.encounter_id) > ($2, $3::uuid))
     order by w.ended_at, w.encounter_id limit $4`,
    [facilityId, after?.at ?? null, after?.id ?? null, limit],
  );
}
