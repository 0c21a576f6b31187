import { describe, expect, test } from '@jest/globals';
import { GENESIS, roundHash, type Seal, sealHash } from './canonical.ts';
import { type Head, linkFault, sealFaults } from './chain.ts';

const bytes = (fill: number) => Buffer.alloc(32, fill);
const last: Head = { day: '2026-11-25', sequence: 2, hash: bytes(1) };

describe('a link', () => {
  const cases: [string, Head | null, string, number, Buffer, ReturnType<typeof linkFault>][] = [
    ['the next seal of the day', last, '2026-11-25', 3, bytes(1), null],
    ['the first seal of the next day', last, '2026-11-26', 1, bytes(1), null],
    ['the first seal after days without acts', last, '2026-12-24', 1, bytes(1), null],
    ['the very first seal', null, '2026-11-25', 1, GENESIS, null],
    ['a gap within the day', last, '2026-11-25', 4, bytes(2), 'seal-missing'],
    ['a day that begins with its second seal', last, '2026-11-26', 2, bytes(2), 'seal-missing'],
    ['a chain that begins with its second seal', null, '2026-11-25', 2, bytes(2), 'seal-missing'],
    ['a day that follows something else', last, '2026-11-26', 1, bytes(2), 'day-missing'],
    ['a chain that begins with something else', null, '2026-11-25', 1, bytes(2), 'day-missing'],
    ['the next seal of the day that follows something else', last, '2026-11-25', 3, bytes(2), 'chain-broken'],
    ['the same place twice', last, '2026-11-25', 2, bytes(1), 'chain-broken'],
  ];
  test.each(cases)('%s', (_name, before, day, sequence, previous, fault) => {
    expect(linkFault(before, { day, sequence, previous })).toBe(fault);
  });
});

const unsigned: Omit<Seal, 'hash'> = {
  facilityId: '019ab000-0000-7000-8000-000000000001',
  id: '019ab000-0000-7000-8000-000000000002',
  day: '2026-11-25',
  sequence: 1,
  round: 7,
  events: ['019ab000-0000-7000-8000-000000000003', '019ab000-0000-7000-8000-000000000004'],
  digests: [bytes(3), bytes(4)],
  previous: GENESIS,
};
const seal: Seal = { ...unsigned, hash: sealHash(unsigned) };

describe('a seal', () => {
  const cases: [string, Partial<Seal>, string[]][] = [
    ['untouched', {}, []],
    ['another day', { day: '2026-11-26' }, ['seal-changed']],
    ['another number', { sequence: 2 }, ['seal-changed']],
    ['another round', { round: 8 }, ['seal-changed']],
    ['another link', { previous: bytes(9) }, ['seal-changed']],
    ['another digest', { digests: [bytes(3), bytes(5)] }, ['seal-changed']],
    ['a digest less', { digests: [bytes(3)] }, ['seal-changed']],
    ['an event less', { events: seal.events.slice(1), digests: [bytes(4)] }, ['seal-changed']],
    ['two events changed places', { events: seal.events.toReversed() }, ['events-reordered', 'seal-changed']],
  ];
  test.each(cases)('%s', (_name, change, faults) => {
    expect(sealFaults({ ...seal, ...change })).toEqual(faults);
  });

  // These two hold for ever: a chain that was written must be readable by every later version.
  test('has the hash that decision 0013 describes', () => {
    expect(seal.hash.toString('hex')).toBe(
      '7db0b325eb7ada560eb19012a0c72f2937fad6e1920da83caffc029e6db18076',
    );
    const round = {
      sequence: 1,
      sealedAt: '2026-11-25T03:00:00.000001Z',
      seals: 1,
      events: 2,
      emptied: true,
    };
    expect(roundHash({ ...round, previous: GENESIS }, [seal]).toString('hex')).toBe(
      'a4b6f2d93e2f1ec9406d1bc99cfdafb92858f96b87b0f9202b8cb495883e7427',
    );
  });
});
