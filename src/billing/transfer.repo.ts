import type { Transaction } from '../platform/database/index.ts';
import type { Id } from '../platform/ids.ts';

export interface TransferRequest {
  readonly id: Id;
  readonly encounterId: Id;
  readonly amount: string;
  /** What the payer's bank writes on the transfer. */
  readonly reference: string;
  /** Text of the VietQR code. */
  readonly qr: string;
  readonly requestedAt: string;
  readonly requestedBy: Id;
  readonly expiresAt: string;
  readonly state: 'pending' | 'expired' | 'confirmed' | 'cancelled';
  readonly paymentId: Id | null;
}

/** Parameters: `$1` facility, `$2` the present moment. */
const REQUEST = `select id, encounter_id as "encounterId", amount::text, reference, qr,
  to_json(requested_at)#>>'{}' as "requestedAt", requested_by as "requestedBy", to_json(expires_at)#>>'{}' as "expiresAt",
  coalesce(outcome, case when expires_at <= $2::timestamptz then 'expired' else 'pending' end) as state,
  payment_id as "paymentId"
  from transfer_request where facility_id = $1`;

export async function insertTransfer(
  tx: Transaction,
  facilityId: Id,
  request: Omit<TransferRequest, 'state' | 'paymentId'>,
): Promise<void> {
  await tx.query(
    `insert into transfer_request (facility_id, id, encounter_id, amount, reference, qr, requested_at, requested_by, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      facilityId,
      request.id,
      request.encounterId,
      request.amount,
      request.reference,
      request.qr,
      request.requestedAt,
      request.requestedBy,
      request.expiresAt,
    ],
  );
}

export async function findTransfer(
  tx: Transaction,
  facilityId: Id,
  id: Id,
  now: Date,
): Promise<TransferRequest | undefined> {
  const rows = await tx.query<TransferRequest>(
    `${REQUEST} and id = $3`,
    [facilityId, now.toISOString(), id],
    'find-transfer',
  );
  return rows[0];
}

export function transfersOf(
  tx: Transaction,
  facilityId: Id,
  encounterId: Id,
  now: Date,
): Promise<TransferRequest[]> {
  return tx.query<TransferRequest>(
    `${REQUEST} and encounter_id = $3 order by requested_at desc, id desc limit 50`,
    [facilityId, now.toISOString(), encounterId],
    'transfers-of-visit',
  );
}

export async function endTransfer(
  tx: Transaction,
  facilityId: Id,
  id: Id,
  end: {
    readonly outcome: 'confirmed' | 'cancelled';
    readonly at: string;
    readonly by: Id;
    readonly paymentId: Id | null;
  },
): Promise<void> {
  await tx.query(
    `update transfer_request set outcome = $3, closed_at = $4, closed_by = $5, payment_id = $6
     where facility_id = $1 and id = $2`,
    [facilityId, id, end.outcome, end.at, end.by, end.paymentId],
    'end-transfer',
  );
}
