import { zero } from '../../../platform/money.ts';
import { type AnyRule, inTable, number, rule, value } from '../../rule.ts';

/** Is the claim all there, and whose is it? */
export const presence: readonly AnyRule[] = [
  // First of all rules: when it speaks, no other rule looks at the claim (check.ts).
  rule({
    id: 'STR_XML1_PRESENT',
    severity: 'error',
    stage: 'export',
    params: {},
    check: (claim) =>
      claim.count('XML1') === 1 ? [] : [inTable('XML1', null, { count: String(claim.count('XML1')) })],
  }),
  rule({
    id: 'STR_DETAIL_PRESENT',
    severity: 'error',
    stage: 'settlement',
    params: {},
    check: ({ xml1, chargeRows }) => {
      const total = number(xml1, 'T_TONGCHI_BV');
      if (!total?.gt(zero)) return 'not-applicable';
      const amount = value(xml1, 'T_TONGCHI_BV');
      return chargeRows.length > 0 ? [] : [inTable('XML1', 'T_TONGCHI_BV', { amount })];
    },
  }),
  rule({
    id: 'STR_MA_LK_REQUIRED',
    severity: 'error',
    stage: 'export',
    params: { pattern: '^[A-Za-z0-9._/-]+$', maxLength: 100 },
    check: ({ xml1 }, { pattern, maxLength }) => {
      const key = value(xml1, 'MA_LK');
      const isGood = new RegExp(pattern).test(key) && key.length <= maxLength;
      return isGood ? [] : [inTable('XML1', 'MA_LK', { value: key })];
    },
  }),
  rule({
    id: 'STR_DUPLICATE_HOSO',
    severity: 'error',
    stage: 'export',
    params: {},
    check: ({ xml1, earlierKeys }) => {
      const key = value(xml1, 'MA_LK');
      if (key === '') return 'not-applicable';
      return earlierKeys.has(key) ? [inTable('XML1', 'MA_LK', { value: key })] : [];
    },
  }),
  rule({
    id: 'STR_FACILITY_ENVELOPE',
    severity: 'error',
    stage: 'export',
    /** Code of a branch → the facility code under which its claims are sent. */
    params: { allowBranchCodes: {} as Readonly<Record<string, string>> },
    check: ({ xml1, facilityCode }, { allowBranchCodes }) => {
      const own = value(xml1, 'MA_CSKCB');
      if (own === '' || facilityCode === '') return 'not-applicable';
      const isSame = own === facilityCode || allowBranchCodes[own] === facilityCode;
      return isSame ? [] : [inTable('XML1', 'MA_CSKCB', { value: own, expected: facilityCode })];
    },
  }),
];
