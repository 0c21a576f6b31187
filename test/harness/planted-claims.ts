import { gzipSync } from 'node:zlib';
import { sha256 } from '../../src/platform/ids.ts';
import { facilityIdOf } from '../../src/seed/index.ts';
import { claimBytes } from '../faults/gateway-fixtures.ts';
import type { TestDatabase } from './database.ts';

export interface PlantedClaim {
  readonly facilityId: string;
  readonly facilityCode: string;
  readonly encounterId: string;
  readonly claimKey: string;
}

const CHUNK = 500;

/**
 * Built claims in a moment: copies of one settled visit of the database, each with a small file of its own, as the batch
 * leaves them, and the wish to send it, in the order of `facilities`. Unsigned; money and charges are not copied.
 */
export async function plantClaims(
  database: Pick<TestDatabase, 'query'>,
  facilities: readonly string[],
): Promise<PlantedClaim[]> {
  const planted: PlantedClaim[] = [];
  for (let from = 0; from < facilities.length; from += CHUNK) {
    const codes = facilities.slice(from, from + CHUNK);
    const rows = await database.query<PlantedClaim>(COPIES, [codes, codes.map(facilityIdOf)]);
    const files = rows.map(({ claimKey, facilityCode }) =>
      claimBytes({ maLk: claimKey, facility: facilityCode }),
    );
    await database.query(CLAIMS, [
      rows.map((row) => row.facilityId),
      rows.map((row) => row.encounterId),
      rows.map((row) => row.claimKey),
      files.map(sha256),
      files.map((file) => file.length),
      files.map((file) => gzipSync(file, { level: 1 })),
    ]);
    planted.push(...rows);
  }
  return planted;
}

const COPIES = `
  with model as (
    select e as visit, s as settlement from encounter e
    join settlement s on s.facility_id = e.facility_id and s.encounter_id = e.id and s.version = e.settlement_version
    where e.state = 'settled' limit 1),
  wanted as materialized (
    select row_number() over () as place, code, facility_id, uuidv7() as id
    from unnest($1::text[], $2::uuid[]) as w(code, facility_id)),
  visits as (
    insert into encounter
    select (jsonb_populate_record(null::encounter, to_jsonb(visit) || jsonb_build_object('facility_id', w.facility_id,
      'id', w.id, 'record_number', w.id, 'claim_key', w.code || replace(w.id::text, '-', '')))).*
    from wanted w cross join model returning facility_id, id),
  settlements as (
    insert into settlement
    select (jsonb_populate_record(null::settlement, to_jsonb(settlement)
      || jsonb_build_object('facility_id', w.facility_id, 'encounter_id', w.id))).*
    from wanted w cross join model returning 1)
  select facility_id as "facilityId", code as "facilityCode", id as "encounterId",
    code || replace(id::text, '-', '') as "claimKey"
  from wanted where (select count(*) from visits) + (select count(*) from settlements) > 0 order by place`;

const CLAIMS = `
  with given as materialized (
    select g.*, e.settlement_version, e.settled_at, e.ended_at
    from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::int[], $6::bytea[]) with ordinality
      as g(facility_id, id, claim_key, sha256, size, compressed, place)
    join encounter e on e.facility_id = g.facility_id and e.id = g.id),
  versions as (
    insert into claim_version (facility_id, encounter_id, number, reason, settlement_version, edition, created_at, claim_key)
    select facility_id, id, 1, 'first', settlement_version, '3176', now(), claim_key from given),
  documents as (
    insert into claim_document (facility_id, encounter_id, number, kind, sha256, size, compressed, created_at)
    select facility_id, id, 1, 'unsigned', sha256, size, compressed, now() from given),
  events as (
    insert into claim_event (facility_id, encounter_id, number, sequence, type, at, cause, document_kind, document_sha256)
    select facility_id, id, 1, 1, 'built', now(), 'first', 'unsigned', sha256 from given),
  work as (
    insert into export_work (facility_id, encounter_id, number, not_before, ended_at, settled_at, settlement_version)
    select facility_id, id, 1, now() + interval '1 minute', ended_at, settled_at, settlement_version from given)
  insert into outbox (queue, name, job_id, data)
  select 'claim-send', 'send', 'send.' || id || '.1.1', jsonb_build_object('facilityId', facility_id, 'encounterId', id,
    'number', 1) from given order by place`;
