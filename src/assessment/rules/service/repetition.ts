import { add, decimal, decimalText, zero } from '../../../platform/money.ts';
import { SAME_PERSON } from '../../encounter.ts';
import {
  type AnyRule,
  baseCode,
  inRow,
  inTable,
  lineDay,
  moment,
  number,
  type PlacedRow,
  rule,
  value,
} from '../../rule.ts';
import { daysFrom } from '../cross-encounter/pairs.ts';

// Catalogue service_frequency_catalogue: code (base code), perDay (most a day), days (between two uses), from, to.
// Catalogue exclusion_catalogue: code (of what is contained), within (what contains it), from, to.

const BEDS_AND_SUPPLIES = ['10', '11', '14', '15', '16'];
const codeOf = ({ values }: PlacedRow) => value(values, 'MA_DICH_VU');
const orderDay = ({ values }: PlacedRow) => moment(values, 'NGAY_YL')?.slice(0, 8) ?? null;

/** Services that are there twice, too often, too soon, or inside of another. */
export const repetition: readonly AnyRule[] = [
  rule({
    id: 'SVC_DUPLICATE_SAME_MINUTE',
    severity: 'warning',
    stage: 'order',
    params: {},
    check: ({ xml3 }) => {
      const rows = xml3.filter(
        (row) =>
          codeOf(row) !== '' &&
          orderDay(row) !== null &&
          value(row.values, 'PHAM_VI') === '1' &&
          !BEDS_AND_SUPPLIES.includes(value(row.values, 'MA_NHOM')),
      );
      if (rows.length === 0) return 'not-applicable';
      const key = ({ values }: PlacedRow) =>
        JSON.stringify(
          ['MA_DICH_VU', 'NGAY_YL', 'NGAY_TH_YL', 'MA_BAC_SI'].map((field) => value(values, field)),
        );
      return [...Map.groupBy(rows, key).values()]
        .filter((group) => group.length > 1)
        .map((group) => {
          const numbers = group.map(({ row }) => row).join(', ');
          return inRow(group.at(-1)!, 'MA_DICH_VU', { code: codeOf(group[0]!), rows: numbers });
        });
    },
  }),
  rule({
    id: 'SVC_DUPLICATE_SAME_DAY',
    severity: 'warning',
    stage: 'order',
    params: { oncePerDay: [] as readonly string[] },
    check: ({ xml3 }, { oncePerDay }, { catalogues: { service_frequency_catalogue: frequency } }) => {
      const mostOf = (row: PlacedRow, day: string) => {
        if (oncePerDay.includes(codeOf(row))) return '1';
        const listed = frequency
          ?.validOn(baseCode(row.values), day)
          .find(({ perDay }) => perDay !== undefined);
        return listed ? String(listed.perDay) : null;
      };
      const limited = xml3.flatMap((row) => {
        const date = orderDay(row);
        const max = date === null || codeOf(row) === '' ? null : mostOf(row, date);
        return date === null || max === null ? [] : [{ row, date, max, code: codeOf(row) }];
      });
      if (limited.length === 0) return 'not-applicable';
      return [...Map.groupBy(limited, ({ code, date }) => `${code}|${date}`).values()].flatMap((group) => {
        const quantities = group.map(({ row }) => number(row.values, 'SO_LUONG'));
        if (quantities.includes(null)) return [];
        const count = add(...quantities.map((one) => one ?? zero));
        const { code, date, max } = group[0]!;
        if (count.lte(decimal(max))) return [];
        return [inTable('XML3', 'MA_DICH_VU', { code, date, count: decimalText(count) })];
      });
    },
  }),
  rule({
    id: 'SVC_MIN_INTERVAL',
    severity: 'warning',
    stage: 'order',
    cause: 'service',
    needs: ['service_frequency_catalogue', 'other_facilities'],
    params: {},
    check: ({ xml3 }, _, { neighbours, catalogues: { service_frequency_catalogue: frequency } }) => {
      const { self } = neighbours;
      const limited = xml3.flatMap((row) => {
        const date = orderDay(row);
        const code = baseCode(row.values);
        const listed = frequency!.validOn(code, date ?? '').find(({ days }) => days !== undefined);
        return date === null || !listed ? [] : [{ row, date, code, min: Number(listed.days) }];
      });
      if (limited.length === 0) return 'not-applicable';
      const uses = [self, ...neighbours.ofPerson(SAME_PERSON)].flatMap((one) =>
        one.services.map(({ code, day }) => ({ code, day, isEarlier: one.position < self.position })),
      );
      return limited.flatMap(({ row, date, code, min }) => {
        const before = uses
          .filter((one) => one.code === code && (one.day < date || (one.day === date && one.isEarlier)))
          .map(({ day }) => daysFrom(day, date));
        const days = Math.min(...before);
        return days < min ? [inRow(row, 'MA_DICH_VU', { code, days: String(days), min: String(min) })] : [];
      });
    },
  }),
  rule({
    id: 'SVC_MUTUALLY_EXCLUSIVE',
    severity: 'warning',
    stage: 'settlement',
    cause: 'service',
    needs: ['exclusion_catalogue'],
    params: {},
    check: ({ xml3 }, _, { catalogues: { exclusion_catalogue: exclusions } }) => {
      const place = ({ values }: PlacedRow) => `${lineDay(values)}|${value(values, 'VI_TRI_TH_DVKT')}`;
      const services = xml3.filter(
        ({ values }) => lineDay(values) !== null && !BEDS_AND_SUPPLIES.includes(value(values, 'MA_NHOM')),
      );
      const byPlace = Map.groupBy(services, place);
      const contained = services.flatMap((row) => {
        const within = exclusions!
          .validOn(baseCode(row.values), lineDay(row.values)!)
          .map((one) => String(one.within));
        return within.length > 0 ? [{ row, within }] : [];
      });
      if (contained.length === 0) return 'not-applicable';
      return contained.flatMap(({ row, within }) => {
        const wider = byPlace
          .get(place(row))
          ?.find((one) => one !== row && within.includes(baseCode(one.values)));
        return wider ? [inRow(row, 'MA_DICH_VU', { code: codeOf(row), other: codeOf(wider) })] : [];
      });
    },
  }),
];
