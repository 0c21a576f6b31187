import type { ReceiptRecord, TransferRequest } from '../billing/index.ts';
import type { VisitRecord } from '../encounters/index.ts';
import type { ReceiptDocument } from './receipt.ts';

const DIGITS = 7;

/** A stored receipt as it is printed. */
export function receiptDocument(receipt: ReceiptRecord): ReceiptDocument {
  const { book, payer, voided } = receipt;
  return {
    kind: receipt.kind,
    facility: receipt.facility,
    book: `${book.series}/${book.year}`,
    number: String(receipt.number).padStart(DIGITS, '0'),
    issuedAt: receipt.issuedAt,
    payer: payer.name,
    patient: { number: payer.patientNumber ?? '', name: payer.name },
    visit: { claimKey: receipt.claimKey, recordNumber: payer.recordNumber },
    purpose: receipt.reason,
    amount: receipt.amount,
    rounding: receipt.cashRounding,
    paid: receipt.paid,
    method: receipt.method,
    cashier: receipt.cashierName,
    voided: voided && { at: voided.at, by: voided.byName ?? '', reason: voided.reason },
    qrPayload: null,
  };
}

/** The paper to pay by: a transfer that has not come in. It stands in no book. */
export function requestDocument(
  request: TransferRequest,
  { facility, patient, encounter }: VisitRecord,
  cashier: string,
): ReceiptDocument {
  return {
    kind: 'request',
    facility: { code: facility.code, name: facility.name, address: null },
    book: null,
    number: null,
    issuedAt: request.requestedAt,
    payer: patient.name,
    patient: { number: patient.number, name: patient.name },
    visit: { claimKey: encounter.claimKey, recordNumber: encounter.recordNumber },
    purpose: request.reference,
    amount: request.amount,
    rounding: '0.00',
    paid: request.amount,
    method: 'transfer',
    cashier,
    voided: null,
    qrPayload: request.state === 'pending' ? request.qr : null,
  };
}
