import { expect, test } from '@jest/globals';
import { type Facts, judge, type VersionFacts, type VisitFacts } from './judge.ts';

const sent = (number: number, sha256: string, ...more: string[]): VersionFacts => {
  const types = ['built', 'checked', 'signed', 'queued', 'sending', ...more];
  return { number, types, sequences: types.map((_, index) => index + 1), sent: [sha256] };
};
const arrival = (sha256: string, isActive = true, insurerPays = '100.00') => ({
  sha256,
  isActive,
  insurerPays,
});
/** Settled, sent, reopened, settled again and sent again: all well. */
const WELL: VisitFacts = {
  key: 'K1',
  isOpen: false,
  insurerPays: '100.00',
  isKept: false,
  versions: [sent(1, 'a', 'received', 'replaced'), sent(2, 'b', 'received')],
  arrivals: [arrival('a', false, '90.00'), arrival('b')],
  calls: { a: 1, b: 1 },
};
const facts = (more: Partial<VisitFacts> = {}, all: Partial<Facts> = {}): Facts => ({
  visits: [{ ...WELL, ...more }],
  strays: [],
  gatewayMoney: '100.00',
  ...all,
});
const version = (more: Partial<VersionFacts>) => ({ ...sent(2, 'b', 'received'), ...more });

test('what is well is well', () => {
  expect(judge(facts())).toEqual([]);
  // Never settled again: what had arrived may stand.
  expect(judge(facts({ isOpen: true, insurerPays: '90.00' }))).toEqual([]);
  const kept = facts({ isKept: true, versions: [], arrivals: [], calls: {} }, { gatewayMoney: '0.00' });
  expect(judge(kept)).toEqual([]);
});

const HARM: readonly (readonly [harm: string, what: string, given: Facts])[] = [
  ['no claim', 'lost: no claim', facts({ versions: [], arrivals: [] }, { gatewayMoney: '0.00' })],
  ['no record', 'lost: no active record', facts({ arrivals: [] }, { gatewayMoney: '0.00' })],
  [
    'the record of an older version',
    'not the newest version',
    facts({ arrivals: [arrival('b', false), arrival('a')] }),
  ],
  ['a ledger that does not know', 'rests as unknown', facts({ versions: [sent(2, 'b', 'unknown')] })],
  [
    'two active records',
    'doubled: 2 active',
    facts({ arrivals: [arrival('a'), arrival('b')] }, { gatewayMoney: '200.00' }),
  ],
  ['a call that nobody wrote down', 'doubled: 2 calls of 1', facts({ calls: { a: 1, b: 2 } })],
  [
    'an older version after a newer one',
    'order: versions came as 2, 1',
    facts({ arrivals: [arrival('b'), arrival('a', false)] }),
  ],
  ['a file from nowhere', 'never sent', facts({ arrivals: [arrival('x', false), arrival('b')] })],
  ['other money than at the desk', '100.00 at the gateway, 120.00', facts({ insurerPays: '120.00' })],
  ['another sum', 'the gateway adds up 90.00', facts({}, { gatewayMoney: '90.00' })],
  ['a record of nobody', 'nobody settled', facts({}, { strays: ['K9'] })],
  ['a gap in the events', 'gap', facts({ versions: [version({ sequences: [1, 3] })] })],
  ['a call that nobody ends', 'rests as sending', facts({ versions: [sent(2, 'b')] })],
  ['other bytes', 'different bytes', facts({ versions: [version({ sent: ['b', 'c'] })] })],
  [
    'a receipt of nothing',
    'called received',
    facts({ versions: [sent(1, 'c', 'received'), sent(2, 'b', 'received')], arrivals: [arrival('b')] }),
  ],
  [
    'a withdrawn claim at the gateway',
    'withdrawn, and is there',
    facts({ versions: [sent(1, 'a', 'withdrawn'), sent(2, 'b', 'received')] }),
  ],
  [
    'a claim received twice',
    'more than once',
    facts({ versions: [version({ types: ['received', 'received'], sequences: [1, 2] })] }),
  ],
];
test.each(HARM)('the judge sees %s', (_harm, what, given) => {
  expect(judge(given).join('\n')).toContain(what);
});
