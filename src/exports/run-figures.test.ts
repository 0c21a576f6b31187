import { expect, test } from '@jest/globals';
import { CLAIM_EVENT_TYPES } from '../claims/index.ts';
import { figuresOf, stageOf, typesIn, type VersionCount } from './run-figures.ts';

const versions = (
  type: VersionCount['type'],
  count: number,
  insurerPays: string,
  more = {},
): VersionCount => ({
  type,
  count,
  insurerPays,
  isSigned: true,
  isSent: true,
  ...more,
});

test('each version is in one stage; money of those gone is nobody’s', () => {
  const figures = figuresOf(
    [
      { found: 10, built: 7, setAside: 1 },
      { found: 3, built: 3, setAside: 0 },
    ],
    [
      versions('received', 3, '300.10'),
      versions('settled', 1, '100.00'),
      versions('refused', 1, '0.90'),
      versions('unknown', 1, '50.00'),
      versions('queued', 1, '20.00', { isSent: false }),
      versions('notSigned', 1, '10.00', { isSent: false, isSigned: false }),
      versions('held', 1, '5.00', { isSent: false }),
      versions('withdrawn', 1, '1000.00', { isSent: false }),
    ],
  );
  expect(figures).toEqual({
    found: 13,
    built: 10,
    setAside: 1,
    signed: 9,
    sent: 6,
    waiting: 1,
    received: 4,
    refused: 1,
    unknown: 1,
    stopped: 2,
    gone: 1,
    insurerPays: '486.00',
    insurerPaysReceived: '400.10',
  });
});

test('every state has its stage', () => {
  const all = typesIn('waiting', 'received', 'refused', 'unknown', 'stopped', 'gone');
  expect(all.toSorted()).toEqual(CLAIM_EVENT_TYPES.toSorted());
  expect(all.map(stageOf)).not.toContain(undefined);
});
