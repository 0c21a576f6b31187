import Sequencer from '@jest/test-sequencer';

/** What takes longest, longest first: begun last, one of them would leave the other worker idle. */
const LONG = [
  'faults/chaos',
  'e2e/commands',
  'e2e/money',
  'e2e/day',
  'faults/export',
  'api/matrix',
  'api/bad-input',
  'faults/kill-worker',
  'faults/signing',
  'e2e/backup',
  'api/fuzz',
  'api/attacks',
  'visits/day',
  'assessment/blocks',
  'api/claims',
  'e2e/check-command',
  'database/migrations',
  'signatures/verify',
  'meta/api-schemas',
  'signatures/sign',
  'model/ledger',
  'api/openapi',
  'assessment/corpus',
  'api/run-report',
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
