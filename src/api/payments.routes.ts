import type { DebtRecord, PaymentTake, PaymentVoid, RefundGive } from '../../schemas/api/payments.ts';
import { recordAudit } from '../audit/index.ts';
import {
  cancelTransfer,
  confirmTransfer,
  listDebts,
  moveMoney,
  type PaymentKind,
  readAccount,
  recordDebt,
  requestTransfer,
  voidPayment,
} from '../billing/index.ts';
import { cursorOf, readCursor } from '../platform/cursor.ts';
import { money } from '../platform/money.ts';
import { normalised } from '../platform/text.ts';
import { facilityOf, idParam, type RequestContext, recordingOf } from './context.ts';
import { type ApiRoute, creates, decides, type Input, reads } from './routes.ts';

const VISIT = '/api/v1/encounters/:encounterId';
const TRANSFER = '/api/v1/transfer-requests/:transferId';
const encounterId = ({ params }: Input) => idParam(params.encounterId, 'encounter');
const transferId = ({ params }: Input) => idParam(params.transferId, 'transfer-request');

/** The three ways in which money moves differ in what is decided, not in how they are asked. */
const moves = (kind: PaymentKind) => async (ctx: RequestContext, input: Input) => {
  const { amount, expectedBalance, ...more } = normalised(input.body as PaymentTake & RefundGive);
  const wish = {
    ...more,
    amount: money(amount),
    expectedBalance: money(expectedBalance),
    tendered: more.tendered === undefined ? undefined : money(more.tendered),
  };
  const taken = await moveMoney(ctx.tx, recordingOf(ctx), ctx.law, encounterId(input), kind, wish);
  return { status: 201, body: taken, location: `/api/v1/receipts/${taken.payment.id}` };
};

export const paymentRoutes: readonly ApiRoute[] = [
  reads(`${VISIT}/balance`, 'readBalance', 'payment.read', null, 'VisitAccount', async (ctx, input) => ({
    status: 200,
    body: await readAccount(ctx.tx, recordingOf(ctx), ctx.law, encounterId(input)),
  })),
  creates(
    `${VISIT}/payments`,
    'takePayment',
    'payment.record',
    'PaymentTake',
    'PaymentTaken',
    moves('payment'),
  ),
  creates(
    `${VISIT}/deposits`,
    'takeDeposit',
    'payment.record',
    'DepositTake',
    'PaymentTaken',
    moves('deposit'),
  ),
  creates(`${VISIT}/refunds`, 'giveRefund', 'payment.record', 'RefundGive', 'PaymentTaken', moves('refund')),
  creates(
    '/api/v1/payments/:paymentId/void',
    'voidPayment',
    'payment.void',
    'PaymentVoid',
    'PaymentTaken',
    async (ctx, input) => {
      const wish = normalised(input.body as PaymentVoid);
      const mayAny = ctx.caller.permissions.has('desk.supervise');
      const id = idParam(input.params.paymentId, 'payment');
      const body = await voidPayment(ctx.tx, recordingOf(ctx), ctx.law, id, { ...wish, mayAny });
      return { status: 201, body };
    },
  ),
  creates(
    `${VISIT}/transfer-requests`,
    'requestTransfer',
    'payment.record',
    'TransferAsk',
    'TransferAsked',
    async (ctx, input) => {
      const amount = money((input.body as { amount: string }).amount);
      const body = await requestTransfer(ctx.tx, recordingOf(ctx), ctx.law, encounterId(input), amount);
      return { status: 201, body };
    },
  ),
  decides(
    `${TRANSFER}/confirm`,
    'confirmTransfer',
    'payment.confirm',
    'TransferConfirm',
    'PaymentTaken',
    async (ctx, input) => {
      const { bankReference } = input.body as { bankReference: string };
      const body = await confirmTransfer(ctx.tx, recordingOf(ctx), ctx.law, transferId(input), bankReference);
      return { status: 200, body };
    },
  ),
  decides(
    `${TRANSFER}/cancel`,
    'cancelTransfer',
    'payment.record',
    'Nothing',
    'Transfer',
    async (ctx, input) => ({
      status: 200,
      body: await cancelTransfer(ctx.tx, recordingOf(ctx), ctx.law, transferId(input)),
    }),
  ),
  creates(`${VISIT}/debt`, 'recordDebt', 'payment.record', 'DebtRecord', 'Debt', async (ctx, input) => {
    const { expectedBalance, promisedFor = null, ...more } = normalised(input.body as DebtRecord);
    const wish = { ...more, promisedFor, expectedBalance: money(expectedBalance) };
    return {
      status: 201,
      body: await recordDebt(ctx.tx, recordingOf(ctx), ctx.law, encounterId(input), wish),
    };
  }),
  reads('/api/v1/debts', 'listDebts', 'payment.read', 'DebtQuery', 'DebtList', async (ctx, input) => {
    const { cursor, limit = 50 } = input.query as { cursor?: string; limit?: number };
    const { id: facilityId } = facilityOf(ctx);
    const rows = await listDebts(ctx.tx, facilityId, readCursor(cursor), limit + 1);
    const items = rows.slice(0, limit);
    const last = rows.length > limit ? items.at(-1) : undefined;
    recordAudit(ctx.tx, {
      action: 'debt.listed',
      subjectType: 'facility',
      subjectId: facilityId,
      detail: { found: items.length },
    });
    return {
      status: 200,
      body: { items, next: last ? cursorOf({ at: last.recordedAt, id: last.id }) : null },
    };
  }),
];
