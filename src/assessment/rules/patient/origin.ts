import { dictionary } from '../../../claims/dictionary.ts';
import { type AnyRule, inTable, rule, value } from '../../rule.ts';

/** Where somebody comes from. */
export const origin: readonly AnyRule[] = [
  // Column of `nationality_catalogue`: `code`. Without it only the form is judged.
  rule({
    id: 'PAT_NATIONALITY',
    severity: 'error',
    stage: 'order',
    params: {},
    check: ({ xml1 }, _params, { catalogues: { nationality_catalogue: known } }) => {
      const code = value(xml1, 'MA_QUOCTICH');
      if (code === '') return 'not-applicable';
      const isKnown = /^\d{3}$/.test(code) && known?.rows(code).length !== 0;
      return isKnown ? [] : [inTable('XML1', 'MA_QUOCTICH', { value: code })];
    },
  }),
  rule({
    id: 'PAT_ETHNIC',
    severity: 'error',
    stage: 'order',
    params: {},
    check: ({ xml1 }) => {
      const code = value(xml1, 'MA_DANTOC');
      if (code === '') return 'not-applicable';
      const known = Object.keys(dictionary().enums.MA_DANTOC?.values ?? {});
      return known.includes(code) ? [] : [inTable('XML1', 'MA_DANTOC', { value: code })];
    },
  }),
];
