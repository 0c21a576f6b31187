import { type Decimal, decimal } from '../../../platform/money.ts';
import { type Catalogue, type CatalogueRow, rowsBy } from '../../catalogues.ts';
import {
  type AnyRule,
  comparable,
  eachRow,
  inRow,
  list,
  moment,
  number,
  type PlacedRow,
  type Row,
  rule,
  value,
} from '../../rule.ts';

const codeOf = (row: Row) => value(row, 'MA_DICH_VU');
const textOf = (row: CatalogueRow, column: string) => String(row[column] ?? '').trim();

/** Does the catalogue know an indicator of that name, or one of that service? */
const isListed = (row: Row, indicators: Catalogue) =>
  (['TEN_CHI_SO', 'MA_DICH_VU'] as const).some(
    (column) => value(row, column) !== '' && rowsBy(indicators, column, value(row, column)).length > 0,
  );

function numberIn(row: CatalogueRow, column: string): Decimal | null {
  const text = textOf(row, column);
  return /^-?\d{1,18}(\.\d{1,6})?$/.test(text) ? decimal(text) : null;
}

/**
 * Indicators, units and values of results, who read them and when.
 * `indicator_catalogue`: `MA_CHI_SO`, `TEN_CHI_SO`, `MA_DICH_VU`, `DON_VI_DO`, `low` and `high` (both still plausible).
 */
export const indicators: readonly AnyRule[] = [
  rule({
    id: 'LAB_ORPHAN_RESULT',
    severity: 'warning',
    stage: 'discharge',
    params: {},
    check: ({ xml3, xml4 }) => {
      const asked = new Set(xml3.map(({ values }) => codeOf(values)));
      return eachRow(
        xml4.filter(({ values }) => codeOf(values) !== ''),
        'MA_DICH_VU',
        (row) => asked.has(codeOf(row)),
        (row) => ({ code: codeOf(row) }),
      );
    },
  }),
  rule({
    id: 'LAB_INDICATOR_CODE',
    severity: 'warning',
    stage: 'discharge',
    params: { groups: ['1'] },
    check: ({ xml3, xml4 }, { groups }, { catalogues }) => {
      const tests = new Set(
        xml3
          .filter(({ values }) => groups.includes(value(values, 'MA_NHOM')))
          .map(({ values }) => codeOf(values)),
      );
      const rows = xml4.filter(({ values }) => codeOf(values) !== '' && tests.has(codeOf(values)));
      const known = catalogues.indicator_catalogue;
      if (rows.length === 0) return 'not-applicable';
      return rows.flatMap((row) => {
        const asked = known && isListed(row.values, known) ? ['MA_CHI_SO', 'TEN_CHI_SO'] : ['TEN_CHI_SO'];
        return asked.filter((field) => value(row.values, field) === '').map((field) => inRow(row, field));
      });
    },
  }),
  rule({
    id: 'LAB_RESULT_TIME_MATCH',
    severity: 'warning',
    stage: 'discharge',
    params: {},
    check: ({ xml3, xml4 }) => {
      const dayOf = ({ values }: PlacedRow) => moment(values, 'NGAY_KQ')?.slice(0, 8);
      const services = Map.groupBy(xml3, ({ values }) => codeOf(values));
      const dated = xml4.filter((row) => codeOf(row.values) !== '' && dayOf(row) !== undefined);
      const days = (row: Row) => new Set((services.get(codeOf(row)) ?? []).map(dayOf));
      return eachRow(
        dated,
        'NGAY_KQ',
        (values, row) => {
          const expected = days(values);
          return expected.size === 0 || expected.has(undefined) || expected.has(dayOf(row));
        },
        (values) => ({ expected: [...days(values)].join(', ') }),
      );
    },
  }),
  rule({
    id: 'LAB_READER_KNOWN',
    severity: 'warning',
    stage: 'discharge',
    cause: 'practitioner',
    needs: ['staff_catalogue'],
    params: {},
    check: ({ xml4 }, _params, { catalogues }) =>
      eachRow(
        xml4.filter(({ values }) => value(values, 'MA_BS_DOC_KQ') !== ''),
        'MA_BS_DOC_KQ',
        (row) =>
          list(row, 'MA_BS_DOC_KQ').every((one) => catalogues.staff_catalogue!.rows(one.trim()).length > 0),
      ),
  }),
  rule({
    id: 'LAB_UNIT_PRESENT',
    severity: 'warning',
    stage: 'discharge',
    needs: ['indicator_catalogue'],
    params: {},
    check: ({ xml4 }, _params, { catalogues }) => {
      const units = (row: Row) =>
        catalogues
          .indicator_catalogue!.rows(value(row, 'MA_CHI_SO'))
          .map((one) => textOf(one, 'DON_VI_DO'))
          .filter((unit) => unit !== '');
      return eachRow(
        xml4.filter(({ values }) => number(values, 'GIA_TRI') !== null && units(values).length > 0),
        'DON_VI_DO',
        (row) => units(row).some((unit) => comparable(unit) === comparable(value(row, 'DON_VI_DO'))),
        (row) => ({ expected: units(row).join(', ') }),
      );
    },
  }),
  rule({
    id: 'LAB_CRITICAL_RANGE',
    severity: 'warning',
    stage: 'discharge',
    isOffByDefault: true,
    needs: ['indicator_catalogue'],
    params: {},
    check: ({ xml4 }, _params, { catalogues }) =>
      eachRow(
        xml4.filter(({ values }) => value(values, 'MA_CHI_SO') !== ''),
        'GIA_TRI',
        (row) => {
          const measured = number(row, 'GIA_TRI');
          const known = catalogues.indicator_catalogue!.rows(value(row, 'MA_CHI_SO'))[0];
          if (measured === null || !known) return true;
          const [low, high] = [numberIn(known, 'low'), numberIn(known, 'high')];
          return !(low && measured.lt(low)) && !(high && measured.gt(high));
        },
        (row) => ({ name: value(row, 'TEN_CHI_SO') || value(row, 'MA_CHI_SO') }),
      ),
  }),
];
