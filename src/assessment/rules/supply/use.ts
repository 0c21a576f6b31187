import { add, decimal, decimalText, zero } from '../../../platform/money.ts';
import {
  type AnyRule,
  eachRow,
  inTable,
  lineDay,
  list,
  moment,
  number,
  type Row,
  rule,
  value,
} from '../../rule.ts';

const SUPPLIES = ['10', '11'];
const groupOf = (row: Row) => value(row, 'MA_NHOM');
const dayOf = (row: Row, field: string) => moment(row, field)?.slice(0, 8) ?? null;

/** Was the service ordered by that day and not done before it? A service whose days cannot be read excludes nothing. */
function isDuring(day: string, service: Row): boolean {
  const [from, to] = [dayOf(service, 'NGAY_YL'), dayOf(service, 'NGAY_KQ') ?? dayOf(service, 'NGAY_TH_YL')];
  return from === null || to === null || (from <= day && day <= to);
}

/** What a supply was used for, and what an assessor would look at. */
export const use: readonly AnyRule[] = [
  rule({
    id: 'SUP_DATE_WITH_SERVICE',
    severity: 'warning',
    stage: 'settlement',
    params: { groups: ['10'] },
    check: ({ xml3 }, { groups }) => {
      const services = Map.groupBy(
        xml3.filter(({ values }) => !SUPPLIES.includes(groupOf(values))),
        ({ values }) => value(values, 'MA_DICH_VU'),
      );
      const tied = xml3.filter(
        ({ values }) =>
          groups.includes(groupOf(values)) &&
          value(values, 'MA_DICH_VU') !== '' &&
          services.has(value(values, 'MA_DICH_VU')),
      );
      return eachRow(
        tied,
        'NGAY_YL',
        (row) => {
          const day = dayOf(row, 'NGAY_YL');
          const ofCode = services.get(value(row, 'MA_DICH_VU'))!;
          return day === null || ofCode.some(({ values }) => isDuring(day, values));
        },
        (row) => ({ date: dayOf(row, 'NGAY_YL')!, code: value(row, 'MA_DICH_VU') }),
      );
    },
  }),
  rule({
    id: 'SUP_STENT_COUNT',
    severity: 'warning',
    stage: 'settlement',
    isOffByDefault: true,
    // The second stent of an operation is paid by half, further ones are not paid.
    params: { prefixes: ['N06.02.020'], exemptCards: ['CC', 'TE', 'QN', 'CA', 'CY'], most: '1' },
    check: ({ xml1, xml3 }, { prefixes, exemptCards, most }) => {
      const stents = xml3.filter(
        ({ values }) =>
          prefixes.some((prefix) => value(values, 'MA_VAT_TU').startsWith(prefix)) &&
          number(values, 'TYLE_TT_BH')?.eq('100') === true,
      );
      const isExempt = list(xml1, 'MA_THE_BHYT').some((card) =>
        exemptCards.includes(card.trim().slice(0, 2)),
      );
      if (stents.length === 0 || isExempt) return 'not-applicable';
      // One operation: the same service on the same day.
      const operations = Map.groupBy(stents, ({ values }) =>
        JSON.stringify([value(values, 'MA_DICH_VU'), lineDay(values)]),
      );
      return [...operations.values()].flatMap((rows) => {
        const counts = rows.map(({ values }) => number(values, 'SO_LUONG'));
        const sum = add(...counts.map((count) => count ?? zero));
        if (counts.includes(null) || sum.lte(decimal(most))) return [];
        return [inTable('XML3', 'SO_LUONG', { count: decimalText(sum) })];
      });
    },
  }),
  rule({
    id: 'SUP_GROUP11_REVIEW',
    severity: 'warning',
    stage: 'settlement',
    isOffByDefault: true,
    params: { group: '11' },
    check: ({ xml3 }, { group }) =>
      eachRow(
        xml3.filter(({ values }) => groupOf(values) === group),
        'MA_NHOM',
        (row) => number(row, 'TYLE_TT_BH')?.eq('100') !== true,
      ),
  }),
];
