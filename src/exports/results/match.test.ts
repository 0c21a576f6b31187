import { describe, expect, test } from '@jest/globals';
import { type ClaimEventType, isLegal } from '../../claims/transitions.ts';
import { money } from '../../platform/money.ts';
import { judge, type KnownVersion } from './match.ts';
import type { PortalRow } from './read.ts';

const row = (more: Partial<PortalRow> = {}): PortalRow => ({
  number: 2,
  transactionId: 'T1',
  claimKey: 'K1',
  facilityCode: null,
  status: 'good',
  payment: null,
  amount: null,
  sentAt: null,
  code: null,
  text: null,
  unreadable: [],
  ...more,
});
const version = (state: ClaimEventType, more: Partial<KnownVersion> = {}): KnownVersion => ({
  encounterId: 'e1',
  number: 1,
  claimKey: 'K1',
  state,
  insurerPays: money('215000'),
  transactionIds: ['T1'],
  wasUnclear: false,
  ...more,
});
const unsent = { transactionIds: [] };
const later = (state: ClaimEventType, more: Partial<KnownVersion> = {}) =>
  version(state, { number: 2, transactionIds: ['T2'], ...more });
const T9 = { transactionId: 'T9' };

/** What is known here, what the portal says, what comes of it: events to append, or why not. */
const CASES: readonly [string, readonly KnownVersion[], PortalRow, string][] = [
  ['good', [version('received')], row(), 'confirmed'],
  ['good, known', [version('confirmed')], row(), ''],
  ['by its key alone', [version('received')], row({ transactionId: null }), 'confirmed'],
  ['by its transaction alone', [version('received')], row({ claimKey: null }), 'confirmed'],
  ['payment asked for', [version('received')], row({ payment: 'requested' }), 'confirmed paymentRequested'],
  ['paid', [version('confirmed')], row({ payment: 'paid' }), 'paymentRequested settled'],
  ['an older export', [version('settled')], row({ payment: 'requested' }), ''],
  ['errors found later', [version('received')], row({ status: 'faulty' }), 'faulty'],
  ['errors found after all was well', [version('confirmed')], row({ status: 'faulty' }), 'faulty'],
  ['errors, known', [version('faulty')], row({ status: 'faulty' }), ''],
  ['errors after payment', [version('settled')], row({ status: 'faulty' }), '! paid-here'],
  ['errors that are gone', [version('faulty')], row(), '! was-faulty'],
  ['cleared, and paid', [version('faulty')], row({ payment: 'paid' }), 'confirmed paymentRequested settled'],
  ['refused by the assessor', [version('confirmed')], row({ status: 'rejected' }), 'rejected'],
  ['refused after payment', [version('settled')], row({ status: 'rejected' }), 'rejected'],
  [
    'turned down before payment was asked for: it is sent again',
    [version('received')],
    row({ status: 'rejected', payment: 'none' }),
    'faulty',
  ],
  [
    'refused in part: less is paid',
    [version('paymentRequested')],
    row({ status: 'rejected', amount: money('200000') }),
    'rejected',
  ],
  [
    'the amount of form 09/BH',
    [version('paymentRequested'), later('withdrawn', { ...unsent, insurerPays: money('200000') })],
    row({ payment: 'paid', amount: money('200000') }),
    'settled',
  ],
  [
    'replaced, by key alone, beside the version that counts',
    [version('replaced'), later('received')],
    row({ status: 'replaced', transactionId: null }),
    '',
  ],
  [
    'an earlier call of the same version, by key alone',
    [version('received', { transactionIds: ['T1', 'T2'] })],
    row({ status: 'replaced', transactionId: null }),
    '',
  ],
  ['a refusal that is gone', [version('rejected')], row(), '! was-rejected'],
  ['the same amount', [version('received')], row({ amount: money('215000.00') }), 'confirmed'],
  ['a hundredth more', [version('received')], row({ amount: money('215000.01') }), '! amount-differs'],
  ['replaced, known', [version('replaced'), later('received')], row({ status: 'replaced' }), ''],
  ['replaced by ours', [version('received'), later('received')], row({ status: 'replaced' }), 'replaced'],
  ['replaced by whom?', [version('received')], row({ status: 'replaced' }), '! replaced-by-unknown'],
  ['replaced here, not there', [version('replaced'), later('received')], row(), '! replaced-here'],
  [
    'the receipt before a resend',
    [version('received', { transactionIds: ['T1', 'T2'] })],
    row({ status: 'replaced' }),
    '',
  ],
  ['the lost answer', [version('unknown', { ...unsent, wasUnclear: true })], row(T9), 'received confirmed'],
  [
    'the lost answer, with errors',
    [version('unknown', { ...unsent, wasUnclear: true })],
    row({ ...T9, status: 'faulty' }),
    'received faulty',
  ],
  [
    'the lost answer of the second version',
    [version('received'), later('unknown', { ...unsent, wasUnclear: true })],
    row(T9),
    'received confirmed',
  ],
  [
    'refused as a duplicate of the call whose answer was lost',
    [version('parked', { ...unsent, wasUnclear: true })],
    row(T9),
    'received confirmed',
  ],
  [
    'the lost answer of a call that was repeated',
    [version('received', { wasUnclear: true })],
    row({ ...T9, status: 'replaced' }),
    '',
  ],
  [
    'a lost answer with another amount',
    [version('unknown', { ...unsent, wasUnclear: true })],
    row({ ...T9, amount: money('1') }),
    '! amount-differs',
  ],
  [
    'two lost answers',
    [version('unknown', { ...unsent, wasUnclear: true }), later('unknown', { ...unsent, wasUnclear: true })],
    row(T9),
    '! several-unclear',
  ],
  ['being sent', [version('sending', unsent)], row(T9), '! in-flight'],
  ['another transaction', [version('received')], row(T9), '! other-transaction'],
  ['never sent', [version('signed', unsent)], row(T9), '! not-sent-here'],
  ['withdrawn', [version('withdrawn', unsent)], row(T9), '! withdrawn-here'],
  ['refused here', [version('refused', unsent)], row(T9), '! refused-here'],
  ['another visit', [version('received')], row({ claimKey: 'K2' }), '! key-differs'],
  ['another facility', [version('received')], row({ facilityCode: '99002' }), '! other-facility'],
  ['nobody we know', [], row(), '? no-such-claim'],
  ['no id', [], row({ transactionId: null, claimKey: null }), '? no-id'],
  ['a word nobody knows', [version('received')], row({ status: null }), '? not-understood'],
];

describe('a row of the portal against the ledger', () => {
  test.each(CASES)('%s', (_name, known, given, expected) => {
    const verdict = judge(given, '99001', known);
    const said =
      verdict.kind === 'matched'
        ? verdict.append.join(' ')
        : `${verdict.kind === 'unmatched' ? '?' : '!'} ${verdict.reason}`;
    expect(said).toBe(expected);
    // Whatever is to be appended, the ledger allows.
    if (verdict.kind === 'matched') {
      let state = verdict.version.state;
      for (const next of verdict.append) {
        expect([state, next, isLegal(state, next)]).toEqual([state, next, true]);
        state = next;
      }
    }
  });
});
