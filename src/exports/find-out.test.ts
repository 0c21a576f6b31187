import { expect, test } from '@jest/globals';
import { money } from '../platform/money.ts';
import { daysOf, provenBy } from './find-out.ts';

const CALL_MS = 75_000;
const unclear = { amount: '215000.00', calledAt: ['2026-11-23T02:15:40.000Z'], rivals: 0 };
const T1 = {
  transactionId: 'T1',
  sentAt: '23/11/2026 09:15',
  records: 1,
  good: 1,
  bad: 0,
  amount: money('215000'),
};
const of = (
  transactions: readonly object[],
  known: readonly string[] = [],
  calls: object = {},
): string | undefined =>
  provenBy(
    transactions.map((one) => ({ ...T1, ...one })),
    { ...unclear, ...calls },
    new Set(known),
    CALL_MS,
  )?.transactionId;

test.each<[string, string | undefined, string | undefined]>([
  ['one record of that amount at that time', of([{}]), 'T1'],
  ['at the end of the call', of([{ sentAt: '23/11/2026 09:17' }]), 'T1'],
  ['later than the call can have lasted', of([{ sentAt: '23/11/2026 09:19' }]), undefined],
  ['before the call', of([{ sentAt: '23/11/2026 09:13' }]), undefined],
  ['another day', of([{ sentAt: '22/11/2026 09:15' }]), undefined],
  ['another amount', of([{ amount: money('215001') }]), undefined],
  ['no amount told', of([{ amount: null }]), undefined],
  ['several records', of([{ records: 2 }]), undefined],
  ['the answer to another call', of([{}], ['T1']), undefined],
  ['another claim could be meant', of([{}], [], { rivals: 1 }), undefined],
  ['more of them than calls', of([{}, { transactionId: 'T2' }]), undefined],
  [
    'two calls, both arrived: the last is the record',
    of([{}, { transactionId: 'T2' }], [], { calledAt: [...unclear.calledAt, '2026-11-23T02:16:40.000Z'] }),
    'T2',
  ],
  ['a time that nobody can read', of([{ sentAt: '2026-11-23' }]), undefined],
  ['nothing', of([]), undefined],
])('%s', (_name, found, expected) => expect(found).toBe(expected));

test('a call around midnight is looked for on both days', () => {
  expect(daysOf({ calledAt: ['2026-11-23T16:59:50.000Z'] }, CALL_MS)).toEqual(['2026-11-23', '2026-11-24']);
  expect(daysOf(unclear, CALL_MS)).toEqual(['2026-11-23']);
});
