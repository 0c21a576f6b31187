import { zero } from '../../../platform/money.ts';
import type { Catalogue } from '../../catalogues.ts';
import { dosageOf } from '../../dosage.ts';
import {
  type AnyRule,
  baseCode,
  inRow,
  lineDay,
  moment,
  number,
  type PlacedRow,
  plusMinutes,
  rule,
  value,
} from '../../rule.ts';

// Catalogue interaction_catalogue: a (code of one ingredient), b (of the other), level (one of LEVELS), note, from, to.
// Catalogue inclusion_catalogue: service (code), ingredient, from, to.

const LEVELS = ['minor', 'moderate', 'major', 'contraindicated'];
const codeOf = ({ values }: PlacedRow) => value(values, 'MA_THUOC');
const orderDay = ({ values }: PlacedRow) => moment(values, 'NGAY_YL')?.slice(0, 8) ?? null;
const isInsured = ({ values }: PlacedRow) => number(values, 'T_BHTT')?.gt(zero) ?? false;
const ingredientsOf = (row: PlacedRow) =>
  codeOf(row)
    .split('+')
    .map((one) => one.trim());

/** Drugs that do not go together, or that are part of a service already. */
export const together: readonly AnyRule[] = [
  rule({
    id: 'DRG_INTERACTION',
    severity: 'warning',
    stage: 'order',
    cause: 'drug',
    needs: ['interaction_catalogue'],
    params: { minLevel: 'contraindicated' },
    check: ({ xml2 }, { minLevel }, { catalogues: { interaction_catalogue: known } }) => {
      const levels = LEVELS.slice(LEVELS.indexOf(minLevel));
      const spans = xml2.flatMap((row) => spanOf(row) ?? []);
      if (spans.length < 2) return 'not-applicable';
      const told = new Set<string>();
      return spans.flatMap((later, n) =>
        spans.slice(0, n).flatMap((earlier) => {
          if (earlier.from >= later.to || later.from >= earlier.to) return [];
          const hit = interactionOf(earlier.row, later.row, later.day, known!, levels);
          if (!hit || told.has(hit.pair)) return [];
          told.add(hit.pair);
          return [
            inRow(later.row, 'MA_THUOC', { a: nameOf(earlier.row), b: nameOf(later.row), note: hit.note }),
          ];
        }),
      );
    },
  }),
  rule({
    id: 'DRG_OXYGEN_WITH_VENTILATOR',
    severity: 'warning',
    stage: 'settlement',
    isOffByDefault: true,
    needs: ['service_catalogue'],
    params: { oxygen: ['40.17'], ventilation: [] as readonly string[] },
    check: ({ xml2, xml3 }, { oxygen, ventilation }) => {
      const rows = xml2.filter((row) => oxygen.includes(codeOf(row)) && isInsured(row));
      const ventilated = new Set(
        xml3
          .filter((row) => ventilation.includes(baseCode(row.values)) && isInsured(row))
          .map(({ values }) => lineDay(values)),
      );
      if (ventilation.length === 0 || rows.length === 0) return 'not-applicable';
      return rows.flatMap((row) => {
        const date = lineDay(row.values);
        return date !== null && ventilated.has(date) ? [inRow(row, 'MA_THUOC', { date })] : [];
      });
    },
  }),
  rule({
    id: 'DRG_INCLUDED_IN_SERVICE',
    severity: 'warning',
    stage: 'settlement',
    isOffByDefault: true,
    needs: ['inclusion_catalogue'],
    params: {},
    check: ({ xml2, xml3 }, _, { catalogues: { inclusion_catalogue: known } }) => {
      const rows = xml2.filter(isInsured);
      if (rows.length === 0) return 'not-applicable';
      return rows.flatMap((row) => {
        const at = value(row.values, 'NGAY_TH_YL');
        const done = xml3.filter(({ values }) => at !== '' && value(values, 'NGAY_TH_YL') === at);
        const services = [baseCode(row.values), ...done.map(({ values }) => baseCode(values))];
        const contains = (service: string) =>
          known!
            .validOn(service, lineDay(row.values) ?? '')
            .some((one) => ingredientsOf(row).includes(String(one.ingredient)));
        const service = services.find((one) => one !== '' && contains(one));
        return service ? [inRow(row, 'MA_THUOC', { code: codeOf(row), service })] : [];
      });
    },
  }),
];

/** Days of treatment `[from, to)`: as many as the dosage says, else the day of the order. */
function spanOf(row: PlacedRow) {
  const day = orderDay(row);
  if (day === null || codeOf(row) === '') return null;
  const days = Math.min(dosageOf(value(row.values, 'LIEU_DUNG'))?.days || 1, 366);
  return { row, day, from: `${day}0000`, to: plusMinutes(`${day}0000`, days * 24 * 60) };
}

const nameOf = (row: PlacedRow) => value(row.values, 'TEN_THUOC') || codeOf(row);

function interactionOf(
  one: PlacedRow,
  other: PlacedRow,
  day: string,
  known: Catalogue,
  levels: readonly string[],
) {
  for (const a of ingredientsOf(one))
    for (const b of ingredientsOf(other))
      for (const [first, second] of [
        [a, b],
        [b, a],
      ] as const)
        for (const row of known.validOn(first, day))
          if (String(row.b) === second && levels.includes(String(row.level)))
            return { pair: [a, b].toSorted().join('|'), note: String(row.note ?? row.level) };
  return null;
}
