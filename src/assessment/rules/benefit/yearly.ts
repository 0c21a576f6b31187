import { add, type Decimal, decimal, decimalText, zero } from '../../../platform/money.ts';
import type { Encounter } from '../../encounter.ts';
import {
  type AnyRule,
  INPATIENT_CLASSES,
  inTable,
  isoDay,
  isRealDay,
  type RuleContext,
  rule,
  value,
} from '../../rule.ts';
import { isOnRoute, WHOLE } from './entitlement.ts';

/** What the patient co-paid in an encounter whose class leaves the whole level of the card; nothing for another. */
function copayOf({ arrival, type, objectCode, copay }: Encounter, { builtIns }: RuleContext): Decimal {
  const rate =
    arrival === null ? null : builtIns.routeFactor(objectCode, INPATIENT_CLASSES.has(type), isoDay(arrival));
  return rate?.eq(WHOLE) && /^\d{1,18}(\.\d{1,6})?$/.test(copay) ? decimal(copay) : zero;
}

const sumOf = (encounters: readonly Encounter[], context: RuleContext) =>
  add(...encounters.map((one) => copayOf(one, context)));

/** Co-payments of a year over all encounters of a person. The base salary is the law's own. */
export const yearly: readonly AnyRule[] = [
  rule({
    id: 'BEN_EXEMPT_DUE',
    severity: 'warning',
    stage: 'settlement',
    needs: ['other_facilities'],
    params: { months: '6' },
    check: (claim, params, context) => {
      const { self, ofPerson } = context.neighbours;
      const { leave } = self;
      const reached = value(claim.xml1, 'NAM_NAM_LIEN_TUC');
      if (leave === null || value(claim.xml1, 'NGAY_MIEN_CCT') !== '' || !isOnRoute(claim, context))
        return 'not-applicable';
      if (!isRealDay(reached) || reached > leave.slice(0, 8)) return 'not-applicable';
      const year = leave.slice(0, 4);
      const salaryOn = (day: string) => context.builtIns.baseSalary(isoDay(day));
      const [old, salary, months] = [salaryOn(`${year}0101`), salaryOn(leave), decimal(params.months)];
      if (old === null || salary === null) return 'not-applicable';
      // What was paid after this visit ended is for the later visit to say.
      const isUpToNow = (other: Encounter) =>
        other.leave?.startsWith(year) === true &&
        (other.leave < leave || (other.leave === leave && other.position < self.position));
      const others = ofPerson([self.citizen === '' ? 'MA_THE_BHYT' : 'SO_CCCD']).filter(isUpToNow);
      const isBefore = (one: Encounter) => salaryOn(one.leave!)?.eq(old) === true && !salary.eq(old);
      const all = [self, ...others];
      const before = sumOf(all.filter(isBefore), context);
      const since = sumOf(
        all.filter((one) => !isBefore(one)),
        context,
      );
      // since > (months − before / old) × salary, without the division
      const isDue = since.times(old).gt(months.times(old).minus(before).times(salary));
      return isDue ? [inTable('XML1', 'T_BNCCT', { sum: decimalText(before.plus(since)) })] : [];
    },
  }),
];
