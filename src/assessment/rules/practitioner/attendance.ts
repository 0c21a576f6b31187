import { type CatalogueRow, isValidOn } from '../../catalogues.ts';
import { type AnyRule, type Claim, inRow, moment, type RuleContext, rule } from '../../rule.ts';
import { type Named, named, nameOf, staffOf, textsOf, workingTimes } from './staff.ts';

interface Order extends Named {
  /** `yyyyMMddHHmm` */
  readonly at: string;
  readonly staff: readonly CatalogueRow[];
}

/** Who ordered at a known moment and is on the staff of that day. */
const ordersOf = (claim: Claim, context: RuleContext): readonly Order[] =>
  named(claim.chargeRows, 'MA_BAC_SI').flatMap((one) => {
    const at = moment(one.row.values, 'NGAY_YL');
    if (at === null || one.isGuest) return [];
    const staff = staffOf(one.person, claim, context).filter((row) => isValidOn(row, at.slice(0, 8)));
    return staff.length === 0 ? [] : [{ ...one, at, staff }];
  });

/** Was the person there at all when they ordered? */
export const attendance: readonly AnyRule[] = [
  // Columns of `duty_roster`: `MA_BHXH_CCHN`, `start`, `end` (`yyyyMMddHHmm`, the end not included).
  rule({
    id: 'STF_WORKING_HOURS',
    severity: 'warning',
    stage: 'order',
    isOffByDefault: true,
    needs: ['staff_catalogue', 'duty_roster'],
    params: {},
    check: (claim, _params, context) => {
      const all = ordersOf(claim, context).filter(({ staff }) =>
        staff.some((row) => textsOf(row, 'working_time').length > 0),
      );
      if (all.length === 0) return 'not-applicable';
      const isOnDuty = ({ person, at }: Order) =>
        context.catalogues
          .duty_roster!.rows(person)
          .some(({ start, end }) => String(start) <= at && at < String(end));
      const isAtWork = ({ staff, at }: Order) =>
        workingTimes(staff, at.slice(0, 8)).some(({ from, to }) => from <= at.slice(8) && at.slice(8) < to);
      return all
        .filter((one) => !isAtWork(one) && !isOnDuty(one))
        .map(({ row, person, at }) => inRow(row, 'NGAY_YL', { name: nameOf(person, context), time: at }));
    },
  }),
  rule({
    id: 'STF_ON_LEAVE',
    severity: 'warning',
    stage: 'order',
    needs: ['staff_catalogue'],
    params: {},
    check: (claim, _params, context) => {
      const all = ordersOf(claim, context).filter(({ staff }) =>
        staff.some((row) => textsOf(row, 'leave').length > 0),
      );
      if (all.length === 0) return 'not-applicable';
      return all
        .filter(({ staff, at }) => staff.every((row) => isOnLeave(row, at.slice(0, 8))))
        .map(({ row, field, code, person, at }) =>
          inRow(row, field, { value: code, name: nameOf(person, context), date: at.slice(0, 8) }),
        );
    },
  }),
];

const isOnLeave = (row: CatalogueRow, day: string) =>
  textsOf(row, 'leave').some((text) => {
    const [from = '', to = ''] = text.split('-');
    return isValidOn({ from, to }, day);
  });
