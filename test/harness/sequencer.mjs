import Sequencer from '@jest/test-sequencer';

/** What takes longest, longest first: begun last, one of them would leave the other worker idle. */
const LONG = [
  'e2e/commands',
  'e2e/money',
  'faults/kill-worker',
  'e2e/day',
  'api/bad-input',
  'api/fuzz',
  'api/matrix',
  'faults/export',
  'faults/dead-letters',
  'e2e/backup',
  'meta/architecture',
  'e2e/check-command',
  'api/rule-lab',
];

/** Where jest has not yet measured a file, it goes by sizes. */
export default class LongestFirst extends Sequencer {
  sort(tests) {
    const rank = ({ path }) => {
      const at = LONG.findIndex((name) => path.endsWith(`${name}.test.ts`));
      return at < 0 ? LONG.length : at;
    };
    return super.sort(tests).toSorted((one, other) => rank(one) - rank(other));
  }
}
