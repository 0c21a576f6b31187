import type { Transaction } from '../platform/database/index.ts';
import type { Id } from '../platform/ids.ts';

export interface CertificateRow {
  readonly facilityCode: string;
  readonly fingerprint: string;
  readonly serial: string;
  readonly subject: string;
  readonly issuer: string;
  readonly validFrom: string;
  readonly validTo: string;
  readonly registeredAt: string;
  readonly retiredAt: string | null;
}

const SHOWN = `f.code as "facilityCode", c.fingerprint, c.serial, c.subject, c.issuer,
  to_json(c.valid_from)#>>'{}' as "validFrom", to_json(c.valid_to)#>>'{}' as "validTo",
  to_json(c.registered_at)#>>'{}' as "registeredAt", to_json(c.retired_at)#>>'{}' as "retiredAt"`;

/** Certificates of one facility, or of all; the one in use first. */
export async function listCertificates(tx: Transaction, facilityId: Id | null): Promise<CertificateRow[]> {
  return tx.query<CertificateRow>(
    `select ${SHOWN} from facility_certificate c join facility f on f.id = c.facility_id
     where $1::uuid is null or c.facility_id = $1
     order by f.code, c.retired_at desc nulls first, c.fingerprint limit 1000`,
    [facilityId],
  );
}

/** Those in use that end before a moment. */
export async function certificatesEnding(tx: Transaction, before: string): Promise<CertificateRow[]> {
  return tx.query<CertificateRow>(
    `select ${SHOWN} from facility_certificate c join facility f on f.id = c.facility_id
     where c.retired_at is null and c.valid_to < $1 order by c.valid_to, f.code`,
    [before],
  );
}

/** PEM of the certificate that a facility signs with now, and the facility's code. */
export async function certificateInUse(
  tx: Transaction,
  facilityId: Id,
): Promise<{ facilityCode: string; pem: string | null } | undefined> {
  const rows = await tx.query<{ facilityCode: string; pem: string | null }>(
    `select f.code as "facilityCode", c.pem from facility f
     left join facility_certificate c on c.facility_id = f.id and c.retired_at is null where f.id = $1`,
    [facilityId],
    'certificate-in-use',
  );
  return rows[0];
}

/** Stores a certificate and puts it in use; the one before is kept, out of use. */
export async function putInUse(
  tx: Transaction,
  facilityId: Id,
  certificate: Omit<CertificateRow, 'facilityCode' | 'registeredAt' | 'retiredAt'> & { readonly pem: string },
  at: string,
): Promise<void> {
  await tx.query(
    `update facility_certificate set retired_at = greatest($3::timestamptz, registered_at)
     where facility_id = $1 and retired_at is null and fingerprint <> $2`,
    [facilityId, certificate.fingerprint, at],
  );
  await tx.query(
    `insert into facility_certificate (facility_id, fingerprint, serial, subject, issuer, valid_from, valid_to, pem,
       registered_at, registered_by)
     values ($1, $2, $3, normalize($4), normalize($5), $6, $7, $8, $9, $10)
     on conflict (facility_id, fingerprint) do update
       set registered_at = excluded.registered_at, registered_by = excluded.registered_by, retired_at = null
       where facility_certificate.retired_at is not null`,
    [
      facilityId,
      certificate.fingerprint,
      certificate.serial,
      certificate.subject,
      certificate.issuer,
      certificate.validFrom,
      certificate.validTo,
      certificate.pem,
      at,
      tx.context.userId,
    ],
  );
}

/** Claims that wait because they could not be signed may be tried at once. @returns how many */
export async function wakeUnsigned(tx: Transaction, facilityId: Id, now: string): Promise<number> {
  const rows = await tx.query<{ id: Id }>(
    `update export_work w set not_before = $2
     where w.facility_id = $1 and w.number > 0 and w.signed_number <> w.number and w.not_before > $2
       and (select e.type from claim_event e where e.facility_id = $1 and e.encounter_id = w.encounter_id
         and e.number = w.number order by e.sequence desc limit 1) = 'notSigned'
     returning w.encounter_id as id`,
    [facilityId, now],
  );
  return rows.length;
}

export interface NotSigned {
  readonly facilityCode: string;
  readonly cause: string;
  readonly claims: number;
  readonly since: string;
}

/** What waits for a signature and why, by facility. */
export async function countNotSigned(tx: Transaction, facilityId: Id | null): Promise<NotSigned[]> {
  return tx.query<NotSigned>(
    `select f.code as "facilityCode", last.cause, count(*)::int as claims, to_json(min(last.at))#>>'{}' as since
     from export_work w join facility f on f.id = w.facility_id
     cross join lateral (select e.type, e.cause, e.at from claim_event e where e.facility_id = w.facility_id
       and e.encounter_id = w.encounter_id and e.number = w.number order by e.sequence desc limit 1) last
     where w.number > 0 and w.signed_number <> w.number and last.type = 'notSigned'
       and ($1::uuid is null or w.facility_id = $1)
     group by 1, 2 order by 1, 2 limit 1000`,
    [facilityId],
  );
}
