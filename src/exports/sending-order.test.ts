import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { sendingOrder } from './sending-order.ts';

const claim = (facilityId: string, at: string) => ({ facilityId, at });
const order = (...claims: { facilityId: string; at: string }[]) =>
  sendingOrder(claims, ({ at }) => at, '05').map(({ facilityId, at }) => facilityId + at);

test.each([
  [
    'the nearest first, whoever has it',
    [
      ['A', '03'],
      ['B', '02'],
      ['A', '01'],
    ],
    ['A01', 'B02', 'A03'],
  ],
  [
    'what is near before all that is not',
    [
      ['A', '06'],
      ['B', '04'],
      ['C', '05'],
    ],
    ['B04', 'C05', 'A06'],
  ],
  [
    'then each facility in turn',
    [
      ['A', '06'],
      ['A', '07'],
      ['A', '08'],
      ['B', '09'],
    ],
    ['A06', 'B09', 'A07', 'A08'],
  ],
  [
    'one with very many near its end is not held up',
    [
      ['A', '01'],
      ['A', '02'],
      ['B', '03'],
    ],
    ['A01', 'A02', 'B03'],
  ],
] as const)('%s', (_name, claims, expected) => {
  expect(order(...claims.map(([facilityId, at]) => claim(facilityId, at)))).toEqual(expected);
});

test('nothing is lost, nothing doubled, and a facility never overtakes its own', () => {
  const one = fc.record({
    facilityId: fc.constantFrom('A', 'B', 'C'),
    at: fc.constantFrom('01', '04', '05', '08'),
  });
  fc.assert(
    fc.property(fc.array(one), (claims) => {
      const ordered = sendingOrder(claims, ({ at }) => at, '05');
      expect(ordered).toHaveLength(claims.length);
      expect(new Set(ordered)).toEqual(new Set(claims));
      for (const facility of ['A', 'B', 'C']) {
        const own = ordered.filter(({ facilityId }) => facilityId === facility).map(({ at }) => at);
        expect(own).toEqual(own.toSorted());
      }
    }),
  );
});
