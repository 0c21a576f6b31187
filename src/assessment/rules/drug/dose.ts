import { decimal, decimalText } from '../../../platform/money.ts';
import { type Dosage, dosageOf, type Fraction } from '../../dosage.ts';
import { type AnyRule, comparable, inRow, number, type PlacedRow, rule, value } from '../../rule.ts';

const BLOOD = ['7', '17'];

/** Drug rows with what their dosage text says. */
export const dosed = (rows: readonly PlacedRow[]) =>
  rows.flatMap((row) => {
    const dosage = dosageOf(value(row.values, 'LIEU_DUNG'));
    return dosage ? [{ row, dosage }] : [];
  });

/** Each time × times × days, when all three are stated. */
function totalOf({ each, times, days }: Dosage): Fraction | null {
  if (!each || !times || days === null) return null;
  return {
    over: each.over.times(times.over).times(decimal(String(days))),
    under: each.under.times(times.under),
  };
}

/** Dosage texts: their form, their sum and their unit. */
export const dose: readonly AnyRule[] = [
  rule({
    id: 'DRG_DOSE_FORMAT',
    severity: 'warning',
    stage: 'order',
    cause: 'drug',
    params: {},
    check: ({ xml2 }) => {
      const rows = xml2.filter(
        ({ values }) => value(values, 'LIEU_DUNG') !== '' && !BLOOD.includes(value(values, 'MA_NHOM')),
      );
      if (rows.length === 0) return 'not-applicable';
      return rows
        .filter(({ values }) => dosageOf(value(values, 'LIEU_DUNG')) === null)
        .map((row) => inRow(row, 'LIEU_DUNG'));
    },
  }),
  rule({
    id: 'DRG_DOSE_TOTAL',
    severity: 'warning',
    stage: 'order',
    cause: 'drug',
    params: { eps: '0.001', allowRoundUp: true },
    check: ({ xml2 }, { eps, allowRoundUp }) => {
      const rows = dosed(xml2).flatMap(({ row, dosage }) => {
        const total = totalOf(dosage);
        const quantity = number(row.values, 'SO_LUONG');
        const unit = comparable(value(row.values, 'DON_VI_TINH'));
        return total && quantity && dosage.units.every((one) => one === unit)
          ? [{ row, total, quantity }]
          : [];
      });
      if (rows.length === 0) return 'not-applicable';
      return rows.flatMap(({ row, total: { over, under }, quantity }) => {
        const given = quantity.times(under);
        if (
          given
            .minus(over)
            .abs()
            .lte(under.times(decimal(eps)))
        )
          return [];
        const isWhole = quantity.round(0, 0).eq(quantity);
        const isRoundedUp = isWhole && given.gte(over) && given.minus(under).lt(over);
        if (allowRoundUp && isRoundedUp) return [];
        return [inRow(row, 'SO_LUONG', { expected: decimalText(over.div(under).round(3)) })];
      });
    },
  }),
  rule({
    id: 'DRG_DOSE_UNIT',
    severity: 'warning',
    stage: 'order',
    cause: 'drug',
    // Other names of a unit.
    params: {
      synonyms: { viên: ['v'], lọ: ['chai'], ống: ['ong'] } as Readonly<Record<string, readonly string[]>>,
    },
    check: ({ xml2 }, { synonyms }) => {
      const rows = dosed(xml2).filter(
        ({ row, dosage }) => dosage.units.length > 0 && value(row.values, 'DON_VI_TINH') !== '',
      );
      if (rows.length === 0) return 'not-applicable';
      const isSame = (a: string, b: string) =>
        a === b || (synonyms[a]?.includes(b) ?? false) || (synonyms[b]?.includes(a) ?? false);
      return rows.flatMap(({ row, dosage }) => {
        const own = comparable(value(row.values, 'DON_VI_TINH'));
        const unit = dosage.units.find((one) => !isSame(one, own));
        return unit ? [inRow(row, 'LIEU_DUNG', { unit, value: value(row.values, 'DON_VI_TINH') })] : [];
      });
    },
  }),
];
