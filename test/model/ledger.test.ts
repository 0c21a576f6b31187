import { describe, expect, test } from '@jest/globals';
import { type ClaimEventType, isLegal } from '../../src/claims/index.ts';
import { mayBegin, stateOf } from '../../src/exports/index.ts';
import { explore } from './explore.ts';
import { INVARIANTS, ledgerModel, REAL } from './ledger.ts';

const say = (text: string) => process.stderr.write(`${text}\n`);

describe('2 versions, 2 workers, crashes, lost answers, reopening, decisions', () => {
  // All at once: `npm run test:long -- ledger-model`.
  test.each([
    { reopenings: 2, holds: 0, decisions: 0, rejects: false },
    { reopenings: 1, holds: 1, decisions: 0, rejects: false },
    { reopenings: 1, holds: 0, decisions: 1, rejects: false },
    { reopenings: 1, holds: 0, decisions: 1, rejects: true },
  ])('every invariant holds in every state: %j', (bounds) => {
    const { states, steps, counterexample } = explore(ledgerModel(REAL, bounds));
    say(`model of the ledger: ${states} states, ${steps} steps`);
    expect(counterexample).toBeNull();
    expect(states).toBeGreaterThan(10_000);
  });
});

describe('a wrong decision is found, with the shortest way to the harm', () => {
  const NEVER_SENT: readonly ClaimEventType[] = ['built', 'checked', 'queued', 'released', 'notSent', 'held'];
  test.each([
    [
      'the call of the version before is not waited for',
      INVARIANTS.order,
      {
        mayBegin: ((number, ...rest) => {
          const [onList, versions, now, leaseMs] = rest;
          return mayBegin(
            number,
            onList,
            versions.filter((one) => one.number === number),
            now,
            leaseMs,
          );
        }) as typeof mayBegin,
      },
    ],
    ['a worker that slept calls however late it is', INVARIANTS.order, { looksAtTime: false }],
    [
      'a job is believed, not the work list',
      INVARIANTS.order,
      {
        mayBegin: ((number, _onList, versions, now, leaseMs) =>
          mayBegin(
            number,
            number,
            versions.filter((one) => one.number <= number),
            now,
            leaseMs,
          )) as typeof mayBegin,
      },
    ],
    [
      'what is withdrawn is decided by the last event alone',
      INVARIANTS.withdrawn,
      {
        reopening: ((onList, types) => {
          if (onList === 0) return 'cancel';
          return types && NEVER_SENT.includes(types.at(-1)!) ? 'withdraw' : 'leave';
        }) as typeof REAL.reopening,
      },
    ],
    [
      'earlier versions are not told that they are replaced',
      INVARIANTS.replaced,
      {
        recordingOf: ((...given) => ({
          ...REAL.recordingOf(...given),
          replaced: [],
        })) as typeof REAL.recordingOf,
      },
    ],
    [
      'an answer that comes late is written after whatever was written meanwhile',
      INVARIANTS.legal,
      {
        recordingOf: ((versions, call, type) => ({
          ...REAL.recordingOf(versions, { ...call, sequence: versions[call.number - 1]!.types.length }, type),
        })) as typeof REAL.recordingOf,
      },
    ],
    [
      'a refusal as received before is believed after a lost answer',
      INVARIANTS.known,
      {
        recordingOf: ((versions, call, answer) =>
          REAL.recordingOf(
            versions,
            call,
            answer === 'duplicate' ? 'refused' : answer,
          )) as typeof REAL.recordingOf,
      },
    ],
    [
      'a parked version is sent again though a later one is to come',
      INVARIANTS.kept,
      {
        resolving: ((number, _onList, versions) =>
          stateOf(versions[number - 1]!) === 'parked' ? 'resolve' : 'not-parked') as typeof REAL.resolving,
      },
    ],
    [
      'a transition is missing from the list',
      INVARIANTS.legal,
      {
        isLegal: ((from, to) =>
          isLegal(from, to) && !(from === 'faulty' && to === 'replaced')) as typeof isLegal,
      },
    ],
    [
      'a sender that died is waited for without end',
      INVARIANTS.moving,
      {
        mayBegin: ((number, onList, versions, now, leaseMs) =>
          versions.some((one) => stateOf(one) === 'sending')
            ? { may: 'skip' }
            : mayBegin(number, onList, versions, now, leaseMs)) as typeof mayBegin,
      },
    ],
  ])('%s', (_name, invariant, wrong) => {
    const rejects = invariant === INVARIANTS.known;
    const { counterexample } = explore(
      ledgerModel({ ...REAL, ...wrong }, { reopenings: 2, holds: 1, decisions: 1, rejects }),
    );
    say(`\n${_name}:\n  ${counterexample?.trace.join('\n  ')}\n  → ${counterexample?.broken}`);
    expect(counterexample?.broken).toBe(invariant);
  });
});
