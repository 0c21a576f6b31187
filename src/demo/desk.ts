import { add, type Money, money, moneyText, scale, zero } from '../platform/money.ts';
import type { ApiAnswer, ApiClient, Credential } from './client.ts';
import type { VisitPlan } from './visits/index.ts';

/** What the desks took in, and what of it does not hold. */
export interface DeskDay {
  readonly desks: number;
  readonly receipts: number;
  /** Counted in the drawers, floats left out. */
  readonly cash: Money;
  /** Facilities whose receipts have a gap, or whose drawer, receipts and shift do not agree. */
  readonly disagree: readonly string[];
}

export interface DemoDesks {
  /** Takes what the settlement says, at a facility whose desk is open; opens it for the first who pays. */
  readonly pay: (plan: VisitPlan, patientPays: string) => Promise<void>;
  /** Every cashier counts and closes; the receipts are read back and compared. */
  readonly close: () => Promise<DeskDay>;
}

interface Till {
  readonly shiftId: string;
  /** What the cashier puts into the drawer, less the change. */
  cash: Money;
  receipts: number;
}

const FLOAT = '500000.00';
const NOTE = '10000';
/** One in so many facilities rehearses its desk: four calls for a desk and one for who pays keep the day short. */
const ONE_IN = 2;

export function createDesks(
  api: ApiClient,
  facilities: readonly string[],
  cashierOf: (facilityCode: string) => Credential | Promise<Credential>,
): DemoDesks {
  const open = new Set(facilities.filter((_, index) => index % ONE_IN === 0));
  const tills = new Map<string, Promise<Till>>();

  const call = async <T>(
    facility: string,
    method: string,
    path: string,
    body?: object,
    key = '',
  ): Promise<T> => {
    const headers: Record<string, string> = method === 'POST' ? { 'Idempotency-Key': key } : {};
    const answer = await api.call(method, `/api/v1${path}`, await cashierOf(facility), body, headers);
    return told<T>(facility, path, answer);
  };

  const openTill = async (facility: string): Promise<Till> => {
    const key = `desk-open-${facility}`;
    const { id } = await call<{ id: string }>(facility, 'POST', '/shifts', { float: FLOAT }, key);
    return { shiftId: id, cash: zero, receipts: 0 };
  };

  return {
    async pay({ id, facilityCode }, patientPays) {
      if (!open.has(facilityCode) || money(patientPays).eq(zero)) return;
      if (!tills.has(facilityCode)) tills.set(facilityCode, openTill(facilityCode));
      const till = await tills.get(facilityCode)!;
      const wish = { amount: patientPays, expectedBalance: patientPays, ...means(id, patientPays) };
      const path = `/encounters/${id}/payments`;
      const { payment } = await call<{ payment: Paid }>(facilityCode, 'POST', path, wish, `${id}.pay`);
      if (payment.tendered !== null && payment.change !== null)
        till.cash = till.cash.plus(money(payment.tendered)).minus(money(payment.change));
      till.receipts += 1;
    },
    async close() {
      const closed = await Promise.all(
        [...tills].map(async ([facility, opening]) => closeTill(facility, await opening)),
      );
      return {
        desks: closed.length,
        receipts: closed.reduce((sum, till) => sum + till.receipts, 0),
        cash: add(zero, ...closed.map((till) => till.cash)),
        disagree: closed.flatMap(({ facility, agrees }) => (agrees ? [] : [facility])),
      };
    },
  };

  async function closeTill(facility: string, { shiftId, cash, receipts }: Till) {
    const countedCash = moneyText(add(money(FLOAT), cash));
    const path = `/shifts/${shiftId}/close`;
    const key = `desk-close-${facility}`;
    // A drawer that does not agree is refused, because nobody gives a reason.
    const { difference } = await call<{ difference: string }>(facility, 'POST', path, { countedCash }, key);
    const read = await receiptsOf((place) => call(facility, 'GET', place));
    const inCash = read.filter((receipt) => receipt.method === 'cash');
    const agrees =
      difference === '0.00' &&
      read.length === receipts &&
      read.every((receipt, index) => receipt.number === read.length - index) &&
      add(zero, ...inCash.map((receipt) => money(receipt.paid))).eq(cash);
    return { facility, cash, receipts: read.length, agrees };
  }
}

interface Paid {
  readonly tendered: string | null;
  readonly change: string | null;
}
interface ReadReceipt {
  readonly number: number;
  readonly method: string;
  readonly paid: string;
}

/** The receipts of the facility's one book, the last number first. */
async function receiptsOf(read: <T>(path: string) => Promise<T>): Promise<ReadReceipt[]> {
  const { items: books } = await read<{ items: { id: string }[] }>('/receipt-books');
  const found: ReadReceipt[] = [];
  for (const { id } of books)
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: { items: ReadReceipt[]; next: string | null } = await read(
        `/receipts?book=${id}&limit=200${cursor && `&cursor=${cursor}`}`,
      );
      found.push(...page.items);
      cursor = page.next;
    }
  return found;
}

/** Most pay with notes, some by card. */
function means(id: string, amount: string): Readonly<Record<string, string>> {
  if (id.endsWith('0')) return { method: 'card', reference: `POS-${id.slice(-12)}` };
  const notes = scale(amount, '1', NOTE, 0).plus('1');
  return { method: 'cash', tendered: moneyText(notes.times(NOTE)) };
}

function told<T>(facility: string, path: string, { status, body }: ApiAnswer): T {
  if (status > 299) throw new Error(`${facility} ${path}: ${status} ${JSON.stringify(body).slice(0, 800)}`);
  return body as T;
}
