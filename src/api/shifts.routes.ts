import type { BookOpen, DeskSetting, ShiftClose } from '../../schemas/api/payments.ts';
import { recordAudit } from '../audit/index.ts';
import {
  closeShift,
  currentShift,
  listBooks,
  listReceipts,
  openBook,
  openReceipt,
  openShift,
  readDeskSetting,
  readShift,
  writeDeskSetting,
} from '../billing/index.ts';
import { localDate } from '../platform/dates.ts';
import { newId } from '../platform/ids.ts';
import { money } from '../platform/money.ts';
import { normalised } from '../platform/text.ts';
import { facilityOf, idParam, recordingOf } from './context.ts';
import { type ApiRoute, creates, decides, reads, replaces } from './routes.ts';

/** The desk itself: shifts, receipts and their books, and how it takes money. */
export const shiftRoutes: readonly ApiRoute[] = [
  creates('/api/v1/shifts', 'openShift', 'shift.work', 'ShiftOpen', 'Shift', async (ctx, { body }) => {
    const shift = await openShift(ctx.tx, recordingOf(ctx), money((body as { float: string }).float));
    return { status: 201, body: shift, location: `/api/v1/shifts/${shift.id}` };
  }),
  reads('/api/v1/shifts/current', 'readCurrentShift', 'shift.work', null, 'Shift', async (ctx) => ({
    status: 200,
    body: await currentShift(ctx.tx, recordingOf(ctx)),
  })),
  reads('/api/v1/shifts/:shiftId', 'readShift', 'shift.read', null, 'Shift', async (ctx, { params }) => ({
    status: 200,
    body: await readShift(ctx.tx, recordingOf(ctx), idParam(params.shiftId, 'shift')),
  })),
  decides(
    '/api/v1/shifts/:shiftId/close',
    'closeShift',
    'shift.close',
    'ShiftClose',
    'Shift',
    async (ctx, { params, body }) => {
      const { countedCash, ...counted } = normalised(body as ShiftClose);
      const mayAny = ctx.caller.permissions.has('desk.supervise');
      const id = idParam(params.shiftId, 'shift');
      const drawer = { ...counted, countedCash: money(countedCash) };
      return { status: 200, body: await closeShift(ctx.tx, recordingOf(ctx), id, drawer, mayAny) };
    },
  ),

  reads(
    '/api/v1/receipts',
    'listReceipts',
    'payment.read',
    'ReceiptQuery',
    'ReceiptList',
    async (ctx, input) => {
      const { book, cursor, limit = 50 } = input.query as { book: string; cursor?: string; limit?: number };
      const { id: facilityId } = facilityOf(ctx);
      const below = cursor === undefined ? null : Number(cursor);
      const rows = await listReceipts(ctx.tx, facilityId, book, below, limit + 1);
      const items = rows.slice(0, limit);
      recordAudit(ctx.tx, {
        action: 'receipt.listed',
        subjectType: 'receipt-book',
        subjectId: book,
        detail: { found: items.length },
      });
      const last = rows.length > limit ? items.at(-1) : undefined;
      return { status: 200, body: { items, next: last ? String(last.number) : null } };
    },
  ),
  reads(
    '/api/v1/receipts/:receiptId',
    'readReceipt',
    'payment.read',
    null,
    'Receipt',
    async (ctx, { params }) => ({
      status: 200,
      body: await openReceipt(ctx.tx, facilityOf(ctx).id, idParam(params.receiptId, 'receipt')),
    }),
  ),
  reads('/api/v1/receipt-books', 'listReceiptBooks', 'payment.read', null, 'BookList', async (ctx) => ({
    status: 200,
    body: { items: await listBooks(ctx.tx, facilityOf(ctx).id) },
  })),
  creates(
    '/api/v1/receipt-books',
    'openReceiptBook',
    'billing.setting',
    'BookOpen',
    'ReceiptBook',
    async (ctx, { body }) => {
      const { kind, series } = normalised(body as BookOpen);
      const now = ctx.clock.now();
      const book = {
        id: newId(now.getTime()),
        kind,
        series,
        year: Number(localDate(now).slice(0, 4)),
        openedAt: now.toISOString(),
      };
      await openBook(ctx.tx, facilityOf(ctx).id, { ...book, openedBy: ctx.caller.accountId });
      recordAudit(ctx.tx, {
        action: 'receiptBook.opened',
        subjectType: 'receipt-book',
        subjectId: book.id,
        detail: { kind, series, year: book.year },
      });
      return { status: 201, body: { ...book, lastNumber: 0 } };
    },
  ),

  reads('/api/v1/settings/desk', 'readDeskSetting', 'payment.read', null, 'DeskSetting', async (ctx) => ({
    status: 200,
    body: await readDeskSetting(ctx.tx, facilityOf(ctx).id),
  })),
  replaces(
    '/api/v1/settings/desk',
    'setDeskSetting',
    'billing.setting',
    'DeskSetting',
    'DeskSetting',
    async (ctx, { body }) => ({
      status: 200,
      body: await writeDeskSetting(ctx.tx, facilityOf(ctx).id, normalised(body as DeskSetting)),
    }),
  ),
];
