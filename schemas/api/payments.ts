import { Body, Day, FacilityCode, Instant, List, Some, type Static, Type, Uuid, Words } from './types.ts';

const Null = Type.Null();
const Amount = Type.String({
  pattern: '^(?=.*[1-9])\\d{1,13}\\.\\d{2}$',
  description: 'đồng, more than 0, two decimals',
});
const Cash = Type.String({ pattern: '^\\d{1,13}\\.00$', description: 'whole đồng, as cash is' });
const Signed = Type.String({ pattern: '^-?\\d{1,13}\\.\\d{2}$', description: 'đồng, two decimals' });
const Balance = { ...Signed, description: 'the balance that you saw: another one by now refuses the call' };
const Reference = Type.String({
  pattern: '^[0-9A-Za-z./:_-]{1,50}$',
  description: 'of the bank or the card terminal; never with cash',
});
const Method = Type.Enum(['cash', 'transfer', 'card']);
const Kind = Type.Enum(['payment', 'deposit', 'refund']);
const Cursor = Some(Type.String({ maxLength: 200 }));
const Limit = Some(Type.Integer({ minimum: 1, maximum: 200 }));

const taking = {
  amount: { ...Amount, description: 'exact; cash is rounded by the desk where it clears the balance' },
  method: Method,
  expectedBalance: Balance,
  tendered: Some({ ...Cash, description: 'cash that was handed over; absent = exactly what is to be paid' }),
  reference: Some(Reference),
};
export const PaymentTake = Body(taking);
export const DepositTake = Body(taking);
export const RefundGive = Body({
  amount: Amount,
  method: Method,
  expectedBalance: Balance,
  reference: Some(Reference),
  reason: Some(Words(500)),
});
export const PaymentVoid = Body({
  reason: Words(500),
  shiftId: Some({
    ...Uuid,
    description: 'open shift whose drawer it concerns; absent = the one that took it',
  }),
});

export const Payment = Body({
  id: Uuid,
  encounterId: Uuid,
  sequence: Type.Integer({ description: 'the order in which it was decided' }),
  kind: Kind,
  method: Method,
  amount: Amount,
  cashRounding: { ...Signed, description: 'cash over the desk is amount + cashRounding' },
  tendered: Type.Union([Cash, Null]),
  change: Type.Union([Cash, Null]),
  reference: Type.Union([Type.String(), Null]),
  at: Instant,
  recordedBy: Uuid,
  shiftId: Type.Union([Uuid, Null]),
  settlementVersion: Type.Integer(),
  balanceAfter: Signed,
  receipt: Type.Union([
    Body({ bookId: Uuid, series: Type.String(), year: Type.Integer(), number: Type.Integer() }),
    Null,
  ]),
  voids: Type.Union([Uuid, Null], { description: 'the payment that this one takes back' }),
  voidedBy: Type.Union([Uuid, Null], { description: 'the void that took this one back' }),
  reason: Type.Union([Type.String(), Null]),
});
export const PaymentTaken = Body({ payment: Payment, balance: Signed });

export const TransferAsk = Body({ amount: Amount });
export const TransferConfirm = Body({ bankReference: Reference });
const transfer = {
  id: Uuid,
  encounterId: Uuid,
  amount: Amount,
  reference: Type.String({ description: 'what the payer’s bank writes on the transfer' }),
  qr: Type.String({ description: 'text of the VietQR code, to be drawn' }),
  requestedAt: Instant,
  requestedBy: Uuid,
  expiresAt: Instant,
  state: Type.Enum(['pending', 'expired', 'confirmed', 'cancelled']),
  paymentId: Type.Union([Uuid, Null]),
};
const Bank = Body({
  bin: Type.String({ pattern: '^\\d{6}$', description: 'number of the bank at NAPAS' }),
  account: Type.String({ pattern: '^[0-9A-Za-z]{1,19}$' }),
  accountName: Words(100),
});
export const Transfer = Body(transfer);
export const TransferAsked = Body({ ...transfer, bank: Bank });

export const DebtRecord = Body({
  expectedBalance: Balance,
  reason: Words(500),
  promisedBy: { ...Words(200), description: 'who promised to pay' },
  promisedFor: Some({ ...Day, description: 'until when' }),
});
const debt = {
  id: Uuid,
  amount: { ...Amount, description: 'what was owed when it was recorded' },
  reason: Type.String(),
  promisedBy: Type.String(),
  promisedFor: Type.Union([Day, Null]),
  recordedAt: Instant,
  recordedBy: Uuid,
};
export const Debt = Body(debt);
export const DebtQuery = Body({ cursor: Cursor, limit: Limit });
export const DebtList = Body({
  items: List(
    Body({
      ...debt,
      encounterId: Uuid,
      claimKey: Type.String(),
      patientId: Uuid,
      patientName: Type.String(),
      phone: Type.Union([Type.String(), Null]),
      balance: { ...Amount, description: 'what is owed now' },
    }),
    200,
  ),
  next: Type.Union([Type.String(), Null]),
});

export const VisitAccount = Body(
  {
    encounterId: Uuid,
    state: Type.Enum(['open', 'discharged', 'settled']),
    isInpatient: Type.Boolean(),
    settlementVersion: Type.Integer({ description: '0 = never settled' }),
    due: { ...Signed, description: 'what the newest settlement says the patient pays' },
    held: { ...Signed, description: 'payments and deposits less refunds, without what was voided' },
    balance: { ...Signed, description: 'more than 0: to collect; less: to give back' },
    balanceInCash: Signed,
    cashStep: Type.Integer(),
    payments: List(Payment, 10_000),
    transfers: List(Transfer, 50),
    debt: Type.Union([Debt, Null]),
  },
  'Statement of account of a visit.',
);

const BookKind = Type.Enum(['receipt', 'payout']);
const Series = Type.String({ pattern: '^[0-9A-ZĐ/-]{1,12}$' });
export const BookOpen = Body({ kind: BookKind, series: Series });
export const ReceiptBook = Body({
  id: Uuid,
  kind: BookKind,
  series: Type.String(),
  year: Type.Integer(),
  lastNumber: Type.Integer({ description: '0 = none is written yet' }),
  openedAt: Instant,
});
export const BookList = Body({ items: List(ReceiptBook, 200) });
export const ReceiptQuery = Body({
  book: Uuid,
  cursor: Some(Type.String({ pattern: '^[1-9]\\d{0,8}$' })),
  limit: Limit,
});
export const Receipt = Body({
  id: Uuid,
  encounterId: Uuid,
  claimKey: Type.String(),
  book: Body({ id: Uuid, kind: BookKind, series: Type.String(), year: Type.Integer() }),
  number: Type.Integer(),
  issuedAt: Instant,
  facility: Body({ code: FacilityCode, name: Type.String(), address: Type.String() }),
  payer: Body({
    name: Type.String(),
    address: Type.String(),
    patientNumber: Type.Union([Type.String(), Null]),
    recordNumber: Type.String(),
  }),
  cashierName: Type.String(),
  kind: Kind,
  method: Method,
  amount: Amount,
  cashRounding: Signed,
  paid: { ...Signed, description: 'what went over the desk: amount and rounding' },
  tendered: Type.Union([Cash, Null]),
  change: Type.Union([Cash, Null]),
  reference: Type.Union([Type.String(), Null]),
  reason: Type.Union([Type.String(), Null]),
  balanceBefore: Signed,
  balanceAfter: Signed,
  voided: Type.Union([
    Body({ at: Instant, by: Uuid, byName: Type.Union([Type.String(), Null]), reason: Type.String() }),
    Null,
  ]),
});
export const ReceiptList = Body({ items: List(Receipt, 200), next: Type.Union([Type.String(), Null]) });

export const DeskSetting = Body({
  cashRounding: {
    ...Type.Enum(['1000', '500', 'none']),
    description: 'cash that clears a balance; none = fractions of a đồng only',
  },
  bank: Type.Union([Bank, Null]),
});

export const ShiftOpen = Body({ float: { ...Cash, description: 'cash in the drawer, counted' } });
const Notes = List(
  Body({
    value: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
    count: Type.Integer({ minimum: 0, maximum: 1_000_000 }),
  }),
  20,
);
export const ShiftClose = Body({
  countedCash: Cash,
  denominations: Some({ ...Notes, description: 'the count by note; adds up to countedCash' }),
  reason: Some({ ...Words(500), description: 'required when the count differs from what must be there' }),
});
export const Shift = Body(
  {
    id: Uuid,
    cashier: Uuid,
    openedAt: Instant,
    openingFloat: Cash,
    closedAt: Type.Union([Instant, Null]),
    closedBy: Type.Union([Uuid, Null]),
    countedCash: Type.Union([Cash, Null]),
    expectedCash: Type.Union([Signed, Null]),
    difference: Type.Union([Signed, Null]),
    denominations: Type.Union([Notes, Null]),
    differenceReason: Type.Union([Type.String(), Null]),
    cashInDrawer: { ...Signed, description: 'float, cash in less cash out, rounding included' },
    totals: List(
      Body({
        kind: Kind,
        method: Method,
        isVoid: Type.Boolean(),
        count: Type.Integer(),
        amount: Amount,
        cashRounding: Signed,
      }),
      18,
    ),
    receipts: List(
      Body({
        bookId: Uuid,
        series: Type.String(),
        year: Type.Integer(),
        from: Type.Integer(),
        to: Type.Integer(),
        count: Type.Integer(),
      }),
      100,
    ),
    voids: List(
      Body({
        id: Uuid,
        voids: Uuid,
        series: Type.String(),
        year: Type.Integer(),
        number: Type.Integer(),
        kind: Kind,
        method: Method,
        amount: Amount,
        cashRounding: Signed,
        reason: Type.String(),
        at: Instant,
        by: Uuid,
        isCorrection: Type.Boolean({ description: 'of a receipt of a shift that was closed before' }),
      }),
      1000,
    ),
  },
  'A cashier’s shift; of an open one, so far.',
);

export type PaymentTake = Static<typeof PaymentTake>;
export type RefundGive = Static<typeof RefundGive>;
export type PaymentVoid = Static<typeof PaymentVoid>;
export type DebtRecord = Static<typeof DebtRecord>;
export type DeskSetting = Static<typeof DeskSetting>;
export type BookOpen = Static<typeof BookOpen>;
export type ShiftClose = Static<typeof ShiftClose>;
