import { zero } from '../../../platform/money.ts';
import { type AnyRule, eachRow, inRow, number, type PlacedRow, rule, value } from '../../rule.ts';

const SUPPLIES = ['10', '11'];
const TRANSPORT = '12';
const groupOf = ({ values }: PlacedRow) => value(values, 'MA_NHOM');
const codeOf = ({ values }: PlacedRow) => value(values, 'MA_DICH_VU');
/** `_TB` stopped, `_GT` local anaesthesia, `_TT` …: what follows the last `_`, null when there is none. */
export const suffixOf = (row: PlacedRow) => /_([^_]*)$/.exec(codeOf(row))?.[1] ?? null;
const beforeSuffix = (row: PlacedRow) => codeOf(row).split('_', 1)[0] ?? '';
/** The facility to which a sample was sent, from `.K.WWWWW`; null when it was not sent out. */
export const sentTo = (row: PlacedRow) => /\.K\.([^_]*)/.exec(codeOf(row))?.[1] ?? null;
const withSuffix = (rows: readonly PlacedRow[], suffix: string) =>
  rows.filter((row) => suffixOf(row) === suffix);

/** How the code of a service is built, and what it says of the price. */
export const code: readonly AnyRule[] = [
  rule({
    id: 'SVC_CODE_OR_SUPPLY',
    severity: 'error',
    stage: 'order',
    params: { supplyGroups: SUPPLIES },
    check: ({ xml3 }, { supplyGroups }) => {
      if (xml3.length === 0) return 'not-applicable';
      return xml3.flatMap((row) => {
        const field = supplyGroups.includes(groupOf(row)) ? 'MA_VAT_TU' : 'MA_DICH_VU';
        return value(row.values, field) === '' ? [inRow(row, field)] : [];
      });
    },
  }),
  rule({
    id: 'SVC_CODE_STRUCTURE',
    severity: 'error',
    stage: 'order',
    params: {
      patterns: [
        '^\\d{2}\\.\\d{4}\\.\\d{4}$',
        '^\\d{2}\\.\\d{4}\\.\\d{4}\\.K\\.\\d{5}$',
        '^VC\\.\\d{5}$',
        '^K\\d{2}(\\d{2})*\\.\\d{3,4}$',
        '^\\d{2}\\.\\d{4}$',
      ],
      extraPatterns: [] as readonly string[],
    },
    check: ({ xml3 }, { patterns, extraPatterns }) => {
      const known = [...patterns, ...extraPatterns].map((pattern) => new RegExp(pattern));
      return eachRow(
        xml3.filter((row) => codeOf(row) !== '' && !SUPPLIES.includes(groupOf(row))),
        'MA_DICH_VU',
        (_, row) => known.some((pattern) => pattern.test(beforeSuffix(row))),
      );
    },
  }),
  rule({
    id: 'SVC_SUFFIX_KNOWN',
    severity: 'error',
    stage: 'order',
    params: { suffixes: ['TB', 'GT', 'TT'] },
    check: ({ xml3 }, { suffixes }) =>
      eachRow(
        xml3.filter((row) => suffixOf(row) !== null),
        'MA_DICH_VU',
        (_, row) => suffixes.includes(suffixOf(row) ?? ''),
        (_, row) => ({ suffix: suffixOf(row) ?? '' }),
      ),
  }),
  rule({
    id: 'SVC_STOPPED_PRICE',
    severity: 'error',
    stage: 'settlement',
    params: { suffix: 'TB' },
    check: ({ xml3 }, { suffix }) => {
      const stopped = withSuffix(xml3, suffix);
      if (stopped.length === 0) return 'not-applicable';
      return stopped.flatMap((row) => {
        const wrong = ['DON_GIA_BV', 'DON_GIA_BH'].find(
          (field) => number(row.values, field)?.eq(zero) === false,
        );
        return wrong ? [inRow(row, wrong)] : [];
      });
    },
  }),
  rule({
    id: 'SVC_LOCAL_ANAESTHESIA_SUFFIX',
    severity: 'error',
    stage: 'discharge',
    params: { suffix: 'GT', localAnaesthesia: '2' },
    check: ({ xml3 }, { suffix, localAnaesthesia }) =>
      eachRow(withSuffix(xml3, suffix), 'PP_VO_CAM', (row) => value(row, 'PP_VO_CAM') === localAnaesthesia),
  }),
  rule({
    id: 'SVC_UNPRICED_CODE',
    severity: 'error',
    stage: 'settlement',
    params: { unpriced: '0000' },
    check: ({ xml3 }, { unpriced }) =>
      eachRow(
        xml3.filter((row) => beforeSuffix(row).split('.')[2] === unpriced),
        'DON_GIA_BH',
        (row) => number(row, 'DON_GIA_BH')?.eq(zero) !== false,
      ),
  }),
  rule({
    id: 'SVC_TRANSPORT',
    severity: 'error',
    stage: 'settlement',
    params: { group: TRANSPORT, prefix: 'VC.' },
    check: ({ xml3 }, { group, prefix }, { catalogues: { facility_catalogue: facilities } }) => {
      const isPlace = (row: PlacedRow) =>
        facilities?.rows(beforeSuffix(row).slice(prefix.length)).length !== 0;
      const moves = xml3.filter((row) => groupOf(row) === group || codeOf(row).startsWith(prefix));
      if (moves.length === 0) return 'not-applicable';
      return moves.flatMap((row) => {
        if (groupOf(row) !== group) return [inRow(row, 'MA_NHOM', { field: 'MA_NHOM' })];
        if (!codeOf(row).startsWith(prefix) || !isPlace(row))
          return [inRow(row, 'MA_DICH_VU', { field: 'MA_DICH_VU' })];
        const hasFuel = value(row.values, 'MA_XANG_DAU') !== '';
        return hasFuel ? [] : [inRow(row, 'MA_XANG_DAU', { field: 'MA_XANG_DAU' })];
      });
    },
  }),
  rule({
    id: 'SVC_SENT_OUT_FACILITY',
    severity: 'error',
    stage: 'discharge',
    params: {},
    check: ({ xml1, xml3 }, _params, { catalogues: { facility_catalogue: facilities } }) =>
      eachRow(
        xml3.filter((row) => sentTo(row) !== null),
        'MA_DICH_VU',
        (_, row) => {
          const where = sentTo(row) ?? '';
          return where !== value(xml1, 'MA_CSKCB') && facilities?.rows(where).length !== 0;
        },
        (_, row) => ({ value: sentTo(row) ?? '' }),
      ),
  }),
];
