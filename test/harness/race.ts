import { expect } from '@jest/globals';
import { add, type Money, money, moneyText, zero } from '../../src/platform/money.ts';
import type { Desk, DeskAnswer } from './desk.ts';

/** One call of a race; `n` counts the calls of its kind. */
export type RaceCall = (n: number) => Promise<DeskAnswer>;

/** All calls at the same moment, dealt out in turn so that kinds mix. @returns answers by kind */
export async function race<Kind extends string>(
  calls: Readonly<Record<Kind, readonly [times: number, call: RaceCall]>>,
): Promise<Readonly<Record<Kind, readonly DeskAnswer[]>>> {
  const dealt: { kind: Kind; call: () => Promise<DeskAnswer> }[] = [];
  const kinds = Object.entries(calls) as [Kind, readonly [number, RaceCall]][];
  for (let n = 0; kinds.some(([, [times]]) => n < times); n += 1)
    for (const [kind, [times, call]] of kinds) if (n < times) dealt.push({ kind, call: () => call(n) });
  const answers = await Promise.all(dealt.map(({ call }) => call()));
  const byKind = Object.fromEntries(kinds.map(([kind]) => [kind, [] as DeskAnswer[]])) as Record<
    Kind,
    DeskAnswer[]
  >;
  for (const [index, answer] of answers.entries()) byKind[dealt[index]!.kind].push(answer);
  return byKind;
}

interface Event {
  readonly action: string;
  readonly detail: Readonly<Record<string, string | number>>;
}

/**
 * The visit is in one consistent state, and its trail alone, read from the beginning, leads there: each event names the
 * balance it left, which is the balance that the events before it make.
 */
export async function expectOneStory(desk: Desk, visit: { readonly id: string; readonly path: string }) {
  const account = (await desk.by('hoa', 'GET', `${visit.path}/balance`)).body;
  const due = new Map(
    (
      await desk.server.database.query<{ version: number; pays: string }>(
        'select version, patient_pays::text as pays from settlement where encounter_id = $1',
        [visit.id],
      )
    ).map((row) => [row.version, money(row.pays)]),
  );
  // The id is made at the end of the transaction, under the visit's lock.
  const events = await desk.server.database.query<Event & Record<string, unknown>>(
    `select replace(action, 'encounter.', '') as action, detail from audit_event where subject_id = $1
       and action in ('encounter.settled', 'encounter.reopened', 'encounter.paid', 'encounter.depositTaken',
         'encounter.refunded', 'encounter.paymentVoided') order by id`,
    [visit.id],
  );
  const story = { state: 'discharged', version: 0, held: zero as Money };
  for (const { action, detail } of events) {
    if (action === 'settled') {
      expect([action, story.state]).toEqual([action, 'discharged']);
      expect(detail.settlement).toBe(story.version + 1);
      Object.assign(story, { state: 'settled', version: story.version + 1 });
    } else if (action === 'reopened') {
      expect([action, story.state]).toEqual([action, 'settled']);
      story.state = 'discharged';
    } else {
      const isIn = (action === 'paymentVoided') === (detail.kind === 'refund');
      const amount = money(String(detail.amount));
      story.held = isIn ? add(story.held, amount) : story.held.minus(amount);
      expect(story.held.gte(zero)).toBe(true);
      if (action === 'paid') expect([action, story.state]).toEqual([action, 'settled']);
      const balance = (due.get(story.version) ?? zero).minus(story.held);
      expect([action, detail.balance, detail.settlement]).toEqual([
        action,
        moneyText(balance),
        story.version,
      ]);
    }
  }
  expect(account).toMatchObject({
    state: story.state,
    settlementVersion: story.version,
    held: moneyText(story.held),
    due: moneyText(due.get(story.version) ?? zero),
    balance: moneyText((due.get(story.version) ?? zero).minus(story.held)),
  });
  const moves = events.filter(({ action }) => !/settled|reopened/.test(action));
  expect(account.payments.map((row: { sequence: number; id: string }) => [row.sequence, row.id])).toEqual(
    moves.map(({ detail }, index) => [index + 1, detail.payment]),
  );
  return { account, events };
}

/** Numbers of every book are 1 to the last, each once, and the last is what the book says. */
export async function expectNoGaps(desk: Desk): Promise<void> {
  const books = await desk.server.database.query<{ last: number; numbers: number[] }>(
    `select b.last_number as last, array(select r.number from receipt r where r.facility_id = b.facility_id
       and r.book_id = b.id order by r.number) as numbers from receipt_book b`,
  );
  for (const { last, numbers } of books)
    expect(numbers).toEqual(Array.from({ length: last }, (_, index) => index + 1));
}
