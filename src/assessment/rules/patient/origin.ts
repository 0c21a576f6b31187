import { dictionary } from '../../../claims/dictionary.ts';
import { type AnyRule, inTable, rule, value } from '../../rule.ts';

/** Where somebody comes from. */
export const origin: readonly AnyRule[] = [
  // The form only: the catalogue of nationalities is not loaded.
  rule({
    id: 'PAT_NATIONALITY',
    severity: 'error',
    stage: 'order',
    params: {},
    check: ({ xml1 }) => {
      const code = value(xml1, 'MA_QUOCTICH');
      if (code === '') return 'not-applicable';
      return /^\d{3}$/.test(code) ? [] : [inTable('XML1', 'MA_QUOCTICH', { value: code })];
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
