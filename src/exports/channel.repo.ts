import { type Channel, type ChannelState, CLOSED, type Family } from '../gateway/index.ts';
import type { Transaction } from '../platform/database/index.ts';
import type { Id } from '../platform/ids.ts';

/** How the ways to the gateway stand that a call of a facility takes: all must let it through. */
export interface Channels {
  /** Of all facilities together. */
  readonly gateway: Channel;
  /** Of the facility, for this family of calls. */
  readonly own: Channel;
  /** Of the facility's account. */
  readonly session: Channel;
}

interface ChannelRow extends Channel {
  readonly facilityId: Id | null;
  readonly family: Family;
}

const CHANNEL = `json_build_object('facilityId', c.facility_id, 'family', c.family, 'state', c.state,
  'failures', c.failures, 'openings', c.openings, 'openUntil', extract(epoch from c.open_until) * 1000,
  'since', extract(epoch from c.since) * 1000, 'reason', c.reason, 'changedAt', extract(epoch from c.changed_at) * 1000)`;
const THESE = `((c.facility_id = $1 and c.family in ($2, 'session')) or (c.facility_id is null and c.family = $2))`;

function channelsOf(rows: readonly ChannelRow[], family: Family): Channels {
  const found = (isOwn: boolean, wanted: Family): Channel =>
    rows.find((row) => (row.facilityId !== null) === isOwn && row.family === wanted) ?? CLOSED;
  return { gateway: found(false, family), own: found(true, family), session: found(true, 'session') };
}

export interface LaneRequest {
  readonly facilityId: Id;
  readonly family: Family;
  /** So many at most. */
  readonly lanes: number;
  readonly now: string;
  /** Whoever takes it is certainly gone by then. */
  readonly until: string;
  /** Also past channels that are not closed. */
  readonly isTrial: boolean;
}

/** Takes a free lane if all channels are closed. @returns its number, or null, and how the channels stand */
export async function takeLane(
  tx: Transaction,
  { facilityId, family, lanes, now, until, isTrial }: LaneRequest,
): Promise<{ readonly lane: number | null; readonly channels: Channels }> {
  const [row] = await tx.query<{ lane: number | null; channels: ChannelRow[] }>(
    `with these as materialized (select * from gateway_channel c where ${THESE}),
     free as (
       select n from generate_series(1, $3::int) n
       where ($6 or not exists (select from these where state <> 'closed'))
         and not exists (select from gateway_lane l where l.facility_id = $1 and l.family = $2 and l.lane = n and l.until > $4)
       order by n limit 1),
     taken as (
       insert into gateway_lane (facility_id, family, lane, until) select $1, $2, n, $5 from free
       on conflict (facility_id, family, lane) do update set until = excluded.until where gateway_lane.until <= $4
       returning lane)
     select (select lane from taken) as lane,
       coalesce((select json_agg(${CHANNEL}) from these c), '[]') as channels`,
    [facilityId, family, lanes, now, until, isTrial],
    'take-lane',
  );
  return { lane: row?.lane ?? null, channels: channelsOf(row?.channels ?? [], family) };
}

export async function releaseLane(
  tx: Transaction,
  facilityId: Id,
  family: Family,
  lane: number,
  until: string,
  now: string,
): Promise<void> {
  // A lane whose time was over may be somebody else's by now.
  await tx.query(
    `update gateway_lane set until = $5 where facility_id = $1 and family = $2 and lane = $3 and until = $4`,
    [facilityId, family, lane, until, now],
    'release-lane',
  );
}

/** Locks the rows of these channels. @param make those that are not there are made, so that they can be locked */
export async function lockChannels(
  tx: Transaction,
  facilityId: Id,
  family: Family,
  make: string | null,
): Promise<Channels> {
  if (make !== null)
    await tx.query(
      `insert into gateway_channel (facility_id, family, state, failures, openings, changed_at)
       values (null, $2, 'closed', 0, 0, $3), ($1, $2, 'closed', 0, 0, $3), ($1, 'session', 'closed', 0, 0, $3)
       on conflict do nothing`,
      [facilityId, family, make],
      'make-channels',
    );
  const rows = await tx.query<{ channel: ChannelRow }>(
    `select ${CHANNEL} as channel from gateway_channel c where ${THESE}
     order by c.facility_id nulls first, c.family for update`,
    [facilityId, family],
    'lock-channels',
  );
  return channelsOf(
    rows.map(({ channel }) => channel),
    family,
  );
}

export async function writeChannel(
  tx: Transaction,
  facilityId: Id | null,
  family: Family,
  channel: Channel,
): Promise<void> {
  const moment = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString());
  await tx.query(
    `update gateway_channel set state = $3, failures = $4, openings = $5, open_until = $6, since = $7, reason = $8,
       changed_at = $9
     where facility_id is not distinct from $1 and family = $2`,
    [
      facilityId,
      family,
      channel.state satisfies ChannelState,
      channel.failures,
      channel.openings,
      moment(channel.openUntil),
      moment(channel.since),
      channel.reason,
      moment(channel.changedAt),
    ],
  );
}

export async function beginOutage(
  tx: Transaction,
  facilityId: Id | null,
  family: Family,
  from: number,
  cause: string,
): Promise<void> {
  await tx.query(
    `insert into gateway_outage (facility_id, family, "from", cause) values ($1, $2, $3, $4) on conflict do nothing`,
    [facilityId, family, new Date(from).toISOString(), cause],
  );
}

export async function endOutage(
  tx: Transaction,
  facilityId: Id | null,
  family: Family,
  to: number,
): Promise<void> {
  await tx.query(
    `update gateway_outage set "to" = greatest($3, "from")
     where facility_id is not distinct from $1 and family = $2 and "to" is null`,
    [facilityId, family, new Date(to).toISOString()],
  );
}

/**
 * Work of a facility gets another time. Rows that somebody has in hand are passed over: they get theirs from whoever has
 * them, and waiting for them with a channel locked, which those may want next, would be a deadlock.
 */
const setTime = (which: string, time: string) =>
  `update export_work w set not_before = ${time}
   from (select encounter_id from export_work where facility_id = $1 and number > 0 and ${which}
     for update skip locked) as free
   where w.facility_id = $1 and w.encounter_id = free.encounter_id`;

/** Nothing of the facility is to be sent before then; what is held or rests for longer does so anyway. */
export async function restUntil(tx: Transaction, facilityId: Id, until: string): Promise<void> {
  await tx.query(setTime('not_before < $2', '$2'), [facilityId, until], 'rest-until');
}

/** What rests of the facility is due again, apart from what is held. */
export async function wakeWork(tx: Transaction, facilityId: Id, now: string): Promise<void> {
  const sql = setTime(`not_before > $2 and not_before < 'infinity'`, '$2');
  await tx.query(sql, [facilityId, now], 'wake-work');
}

/** These claims are due now: whoever has a lane of the facility takes them, or the sweep taps for them. */
export async function markDue(
  tx: Transaction,
  facilityId: Id,
  encounterIds: readonly Id[],
  now: string,
): Promise<void> {
  const which = `encounter_id = any($2::uuid[]) and not_before > $3 and not_before < 'infinity'`;
  await tx.query(setTime(which, '$3'), [facilityId, encounterIds, now], 'mark-due');
}

export interface DueOfFacility {
  readonly encounterId: Id;
  readonly number: number;
  /** Of its last event. */
  readonly sequence: number;
}

/** Deadlines follow the ends of visits: of one facility, what ended first is the most urgent. */
const MOST_URGENT = 'w.ended_at, w.encounter_id';

/** Due claims of a facility that nobody has in hand; they are not due again before `chance`. */
export async function takeDue(
  tx: Transaction,
  facilityId: Id,
  isSigning: boolean,
  now: string,
  chance: string,
  limit: number,
): Promise<DueOfFacility[]> {
  return tx.query<DueOfFacility>(
    `with due as (
       select w.encounter_id from export_work w where w.facility_id = $1 and w.number > 0 and w.not_before <= $3
         and (not $2 or w.signed_number = w.number)
       order by ${MOST_URGENT} limit $5 for update skip locked),
     taken as (
       update export_work w set not_before = $4 from due
       where w.facility_id = $1 and w.encounter_id = due.encounter_id
       returning w.encounter_id, w.number, w.ended_at)
     select w.encounter_id as "encounterId", w.number,
       (select max(v.sequence) from claim_event v where v.facility_id = $1
         and v.encounter_id = w.encounter_id and v.number = w.number)::int as sequence
     from taken w order by ${MOST_URGENT}`,
    [facilityId, isSigning, now, chance, limit],
    'take-due',
  );
}
