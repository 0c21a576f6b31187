import { decimal, zero } from '../../../platform/money.ts';
import {
  type AnyRule,
  arrivalDay,
  eachFilled,
  inTable,
  list,
  number,
  rule,
  value,
  xml1Row,
} from '../../rule.ts';
import { yearsOn } from './age.ts';

const FEMALE = '2';

/** Weight of the patient, in kg, and of children born, in g. */
export const weight: readonly AnyRule[] = [
  rule({
    id: 'PAT_WEIGHT_REQUIRED',
    severity: 'warning',
    stage: 'order',
    params: { childYears: 6, adults: true },
    check: (claim, { childYears, adults }) => {
      const age = yearsOn(claim.xml1, arrivalDay(claim));
      const isChild = age !== null && age < childYears;
      if (!isChild && !adults) return 'not-applicable';
      return value(claim.xml1, 'CAN_NANG') === '' ? [inTable('XML1', 'CAN_NANG')] : [];
    },
  }),
  rule({
    id: 'PAT_WEIGHT_RANGE',
    severity: 'warning',
    stage: 'order',
    params: { maxKg: 200 },
    check: (claim, { maxKg }) =>
      eachFilled([xml1Row(claim)], ['CAN_NANG'], (_, field, { values }) => {
        const kilograms = number(values, field);
        return kilograms?.gt(zero) === true && kilograms.lte(decimal(String(maxKg)));
      }),
  }),
  // A blank element of the list is left to STR_LIST_FORMAT.
  rule({
    id: 'PAT_NEWBORN_WEIGHTS',
    severity: 'warning',
    stage: 'discharge',
    params: { minG: 200, maxG: 9999 },
    check: ({ xml1 }, { minG, maxG }) => {
      const weights = list(xml1, 'CAN_NANG_CON').filter((one) => one.trim() !== '');
      if (weights.length === 0) return 'not-applicable';
      const [least, most] = [decimal(String(minG)), decimal(String(maxG))];
      const isPlausible = weights.every((text) => {
        const grams = number({ text }, 'text');
        return grams?.gte(least) === true && grams.lte(most);
      });
      const sex = value(xml1, 'GIOI_TINH');
      if (isPlausible && (sex === FEMALE || sex === '')) return [];
      return [inTable('XML1', 'CAN_NANG_CON', { value: value(xml1, 'CAN_NANG_CON') })];
    },
  }),
];
