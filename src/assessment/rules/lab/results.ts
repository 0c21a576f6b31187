import { zero } from '../../../platform/money.ts';
import { type AnyRule, eachRow, inRow, number, type PlacedRow, rule, value } from '../../rule.ts';

const filled = (row: PlacedRow, field: string) => value(row.values, field) !== '';
const codeOf = ({ values }: PlacedRow) => value(values, 'MA_DICH_VU');
const groupOf = ({ values }: PlacedRow) => value(values, 'MA_NHOM');

/** Results of tests and imaging: XML4 against the services of XML3. */
export const results: readonly AnyRule[] = [
  rule({
    id: 'LAB_RESULT_MISSING',
    severity: 'error',
    stage: 'discharge',
    // Cultures and pathology may come after discharge: their codes are a facility's own list.
    params: { groups: ['1', '2', '3'], lateResultCodes: [] as readonly string[] },
    check: ({ xml3, xml4 }, { groups, lateResultCodes }) => {
      const answered = new Set(xml4.map(codeOf));
      const asked = xml3.filter(
        (row) =>
          groups.includes(groupOf(row)) &&
          (number(row.values, 'T_BHTT')?.gt(zero) ?? false) &&
          !codeOf(row).endsWith('_TB') &&
          !lateResultCodes.includes(codeOf(row)),
      );
      return eachRow(
        asked,
        'MA_DICH_VU',
        (_, row) => answered.has(codeOf(row)),
        (_, row) => ({ code: codeOf(row) }),
      );
    },
  }),
  rule({
    id: 'LAB_VALUE_PRESENT',
    severity: 'error',
    stage: 'discharge',
    params: {},
    check: ({ xml4 }) =>
      eachRow(xml4, 'GIA_TRI', (_, row) =>
        ['GIA_TRI', 'MO_TA', 'KET_LUAN'].some((field) => filled(row, field)),
      ),
  }),
  rule({
    id: 'LAB_IMAGING_TEXT',
    severity: 'error',
    stage: 'discharge',
    params: { groups: ['2'] },
    check: ({ xml3, xml4 }, { groups }) => {
      const imaging = new Set(xml3.filter((row) => groups.includes(groupOf(row))).map(codeOf));
      const rows = xml4.filter((row) => imaging.has(codeOf(row)));
      if (rows.length === 0) return 'not-applicable';
      return rows.flatMap((row) =>
        ['MO_TA', 'KET_LUAN'].filter((field) => !filled(row, field)).map((field) => inRow(row, field)),
      );
    },
  }),
  rule({
    id: 'LAB_RESULT_TIME',
    severity: 'error',
    stage: 'discharge',
    params: {},
    check: ({ xml4 }) => eachRow(xml4, 'NGAY_KQ', (_, row) => filled(row, 'NGAY_KQ')),
  }),
  rule({
    id: 'LAB_READER_PRESENT',
    severity: 'error',
    stage: 'discharge',
    params: {},
    check: ({ xml4 }) => eachRow(xml4, 'MA_BS_DOC_KQ', (_, row) => filled(row, 'MA_BS_DOC_KQ')),
  }),
];
