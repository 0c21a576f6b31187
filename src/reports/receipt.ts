import { type Language, text } from '../messages/index.ts';
import type { Instant } from '../platform/dates.ts';
import { add, money, moneyText } from '../platform/money.ts';
import { amountFigure, momentFigure } from './figures.ts';
import { amountInWords } from './words.ts';

/** A receipt as it was stored: everything that is printed, nothing that is looked up or computed. */
export interface ReceiptDocument {
  /** `request`: not paid yet, a paper to pay by. It stands in no book. */
  readonly kind: 'payment' | 'deposit' | 'refund' | 'request';
  readonly facility: { readonly code: string; readonly name: string; readonly address: string | null };
  readonly book: string | null;
  /** As printed, with its zeros in front. */
  readonly number: string | null;
  readonly issuedAt: Instant;
  /** Who hands the money over; for a refund, who takes it. */
  readonly payer: string;
  readonly patient: { readonly number: string; readonly name: string };
  readonly visit: { readonly claimKey: string; readonly recordNumber: string };
  readonly purpose: string | null;
  /** Exact, two decimals. */
  readonly amount: string;
  /** What cash adds or leaves away, may be negative; `"0.00"` for everything but cash. */
  readonly rounding: string;
  /** amount + rounding, whole đồng. */
  readonly paid: string;
  readonly method: 'cash' | 'transfer' | 'card';
  readonly cashier: string;
  readonly voided: { readonly at: Instant; readonly by: string; readonly reason: string } | null;
  /** Content of the VietQR code of a transfer that has not come in; null otherwise. */
  readonly qrPayload: string | null;
}

export interface ReceiptRow {
  readonly label: string;
  readonly text: string;
  readonly isStrong: boolean;
}
/** A receipt in words: what stands on it, wherever it is printed. */
export interface ReceiptText {
  readonly language: Language;
  readonly facility: readonly string[];
  readonly title: string;
  readonly numbering: string | null;
  readonly mark: string | null;
  readonly rows: readonly ReceiptRow[];
  readonly voided: readonly ReceiptRow[];
  readonly qr: { readonly payload: string; readonly note: string } | null;
  readonly signatures: readonly string[];
  readonly signatureNote: string;
}

/**
 * @throws RangeError when the amounts do not add up: such a paper must not be handed out
 */
export function receiptText(document: ReceiptDocument, language: Language): ReceiptText {
  const { kind, facility, book, number, amount, rounding, paid, voided, qrPayload } = document;
  if (moneyText(add(money(amount), money(rounding))) !== moneyText(money(paid)))
    throw new RangeError(`receipt: ${amount} and ${rounding} do not make ${paid}`);
  const say = (key: string) => text(language, `receipt.${key}`);
  const row = (key: string, value: string, isStrong = false): ReceiptRow[] =>
    value === '' ? [] : [{ label: say(key), text: value, isStrong }];
  const dong = (value: string) => `${amountFigure(value)} ${say('currency')}`;
  const numbering = [book && `${say('book')} ${book}`, number && `${say('number')} ${number}`];
  const isRefund = kind === 'refund';
  const final = { payment: 'paid', deposit: 'paid', refund: 'repaid', request: 'toPay' }[kind];
  return {
    language,
    facility: [facility.name, facility.code, ...(facility.address ? [facility.address] : [])],
    title: say(`title.${kind}`),
    numbering: numbering.some(Boolean) ? numbering.filter(Boolean).join(' · ') : null,
    mark: voided ? say('voided') : null,
    rows: [
      ...row('date', momentFigure(document.issuedAt)),
      ...row(isRefund ? 'payee' : 'payer', document.payer),
      ...row('patient', `${document.patient.name} · ${document.patient.number}`),
      ...row('visit', `${document.visit.recordNumber} · ${document.visit.claimKey}`),
      ...row('purpose', document.purpose ?? ''),
      ...row('amount', dong(amount)),
      ...(money(rounding).eq('0') ? [] : row('rounding', dong(rounding))),
      ...row(final, dong(paid), true),
      ...row('inWords', language === 'vi' ? amountInWords(money(paid)) : ''),
      ...row('method', say(`method.${document.method}`)),
      ...row('cashier', document.cashier),
    ],
    voided: voided
      ? [
          ...row('voidedAt', momentFigure(voided.at)),
          ...row('voidedBy', voided.by),
          ...row('voidReason', voided.reason),
        ]
      : [],
    qr: qrPayload === null || voided ? null : { payload: qrPayload, note: say('waiting') },
    signatures: [say(isRefund ? 'signature.payee' : 'signature.payer'), say('signature.cashier')],
    signatureNote: say('signature.note'),
  };
}
