import { add, decimal, decimalText, zero } from '../../../platform/money.ts';
import {
  type AnyRule,
  arrivalDay,
  inRow,
  inTable,
  isoDay,
  isRealDay,
  list,
  moment,
  number,
  type PlacedRow,
  readMoment,
  rule,
  value,
} from '../../rule.ts';
import { cardsOf, isOnRoute, isReadable, levelsOn, paidRows } from './entitlement.ts';
import { isLowCost } from './level.ts';

/** Levels, limits and exemptions of a whole visit. The base salary is the law's own, on the day of arrival. */
export const limits: readonly AnyRule[] = [
  rule({
    id: 'BEN_SMALL_CLAIM_COPAY',
    severity: 'warning',
    stage: 'settlement',
    params: {},
    check: (claim, _params, context) => {
      const copay = number(claim.xml1, 'T_BNCCT');
      const isSmall = isOnRoute(claim, context) && isLowCost(claim, context) === true;
      if (value(claim.xml1, 'MA_THE_BHYT') === '' || copay === null || !isSmall) return 'not-applicable';
      const shown = { total: value(claim.xml1, 'T_TONGCHI_BH'), copay: decimalText(copay) };
      return copay.eq(zero) ? [] : [inTable('XML1', 'T_BNCCT', shown)];
    },
  }),
  rule({
    id: 'BEN_LEVEL_UNIFORM',
    severity: 'warning',
    stage: 'settlement',
    params: { skipGroups: ['12'], scope: '1' },
    check: (claim, { skipGroups, scope }, context) => {
      const rows = paidRows(claim, skipGroups).filter(({ row }) => value(row.values, 'PHAM_VI') === scope);
      const [arrival, left] = [arrivalDay(claim), moment(claim.xml1, 'NGAY_RA')?.slice(0, 8) ?? '99991231'];
      const exempt = value(claim.xml1, 'NGAY_MIEN_CCT').slice(0, 8);
      if (rows.length === 0 || arrival === null) return 'not-applicable';
      const cards = cardsOf(claim.xml1).filter(isReadable);
      const days = [arrival, ...rows.map(({ day }) => day)];
      const entitled = new Set(days.flatMap((day) => levelsOn(day, cards, claim, context).map(decimalText)));
      // Each has a reason: the exemption begins, the law or the other card gives something else.
      if ((isRealDay(exempt) && arrival <= exempt && exempt <= left) || entitled.size > 1) return [];
      const written = [...new Set(rows.map(({ level }) => decimalText(level)))];
      const other = rows.find(({ level }) => decimalText(level) !== written[0]);
      return other ? [inTable(other.row.table, 'MUC_HUONG', { values: written.join(', ') })] : [];
    },
  }),
  rule({
    id: 'BEN_EXEMPT_NEEDS_FIVE_YEARS',
    severity: 'warning',
    stage: 'order',
    parents: ['BEN_EXEMPT_DATE_FORMAT'],
    params: {},
    check: ({ xml1 }) => {
      const [exempt, reached] = [value(xml1, 'NGAY_MIEN_CCT'), value(xml1, 'NAM_NAM_LIEN_TUC')];
      if (!isRealDay(exempt) && readMoment(exempt) === null) return 'not-applicable';
      if (reached !== '' && (!isRealDay(reached) || reached <= exempt.slice(0, 8))) return [];
      return [inTable('XML1', 'NGAY_MIEN_CCT')];
    },
  }),
  rule({
    id: 'BEN_SERVICE_CEILING_45',
    severity: 'warning',
    stage: 'settlement',
    isOffByDefault: true,
    params: { months: '45', uncapped: ['CC', 'TE', 'QN', 'CA', 'CY'] },
    check: (claim, { months, uncapped }, { builtIns }) => {
      const arrival = arrivalDay(claim);
      const salary = arrival === null ? null : builtIns.baseSalary(isoDay(arrival));
      const isUncapped = list(claim.xml1, 'MA_THE_BHYT').some((card) =>
        uncapped.includes(card.trim().slice(0, 2)),
      );
      if (salary === null || isUncapped || claim.xml3.length === 0) return 'not-applicable';
      const most = salary.times(decimal(months));
      return [...Map.groupBy(claim.xml3, useOf).values()].flatMap((rows) => {
        const paid = rows.map(({ values }) => number(values, 'T_BHTT'));
        const hasOwnCeiling = rows.some(({ values }) => number(values, 'T_TRANTT')?.gt(zero));
        const sum = add(...paid.map((one) => one ?? zero));
        if (hasOwnCeiling || paid.includes(null) || sum.lte(most)) return [];
        return [inRow(rows.at(-1)!, 'T_BHTT', { value: decimalText(sum) })];
      });
    },
  }),
];

/** One use of a service: the rows of a package, else the row alone. */
const useOf = ({ row, values }: PlacedRow) => value(values, 'GOI_VTYT') || String(row);
