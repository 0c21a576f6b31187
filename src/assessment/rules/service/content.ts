import { decimal } from '../../../platform/money.ts';
import {
  type AnyRule,
  baseCode,
  eachRow,
  inRow,
  lineDay,
  list,
  number,
  type PlacedRow,
  rule,
  value,
} from '../../rule.ts';
import { suffixOf } from './code.ts';

// Catalogues icd9_catalogue and icd10_catalogue: code, from, to; a facility's own longer codes stand there as rows, they are
// never cut to the length of the official ones.

const SURGERY = '8';
const WITHOUT_DISEASE = ['10', '11', '12', '14', '15', '16'];
const ONE = decimal('1');
const groupOf = ({ values }: PlacedRow) => value(values, 'MA_NHOM');
const isDone = (row: PlacedRow) => suffixOf(row) !== 'TB';

/** What a row of a service must hold beside its code. */
export const content: readonly AnyRule[] = [
  rule({
    id: 'SVC_SURGERY_QUANTITY',
    severity: 'warning',
    stage: 'order',
    params: {},
    check: ({ xml3 }) =>
      eachRow(
        xml3.filter(
          (row) => groupOf(row) === SURGERY && isDone(row) && number(row.values, 'SO_LUONG') !== null,
        ),
        'SO_LUONG',
        (row) => number(row, 'SO_LUONG')!.eq(ONE),
      ),
  }),
  rule({
    id: 'SVC_SURGERY_CODE_ICD9',
    severity: 'warning',
    stage: 'discharge',
    params: { groups: [SURGERY] },
    check: ({ xml3 }, { groups }, { catalogues: { icd9_catalogue: known } }) =>
      eachRow(
        xml3.filter((row) => groups.includes(groupOf(row)) && isDone(row)),
        'MA_PTTT_QT',
        (row) => {
          const codes = list(row, 'MA_PTTT_QT').map((one) => one.trim());
          return codes.length > 0 && (!known || codes.every((one) => known.rows(one).length > 0));
        },
      ),
  }),
  rule({
    id: 'SVC_LINE_ICD',
    severity: 'warning',
    stage: 'order',
    params: {},
    check: ({ xml3 }, _, { catalogues: { icd10_catalogue: known } }) =>
      eachRow(
        xml3.filter((row) => !WITHOUT_DISEASE.includes(groupOf(row))),
        'MA_BENH',
        (row) => {
          const codes = list(row, 'MA_BENH').map((one) => one.trim().toUpperCase());
          const day = lineDay(row);
          const isKnown = (one: string) => !known || day === null || known.validOn(one, day).length > 0;
          return codes.length > 0 && codes.every(isKnown);
        },
      ),
  }),
  rule({
    id: 'SVC_CONTRAST_WITHOUT_AGENT',
    severity: 'warning',
    stage: 'settlement',
    isOffByDefault: true,
    needs: ['service_catalogue', 'drug_catalogue'],
    params: { contrastServices: [] as readonly string[], agents: [] as readonly string[] },
    check: (
      { xml2, xml3 },
      { contrastServices, agents },
      { catalogues: { service_catalogue: services } },
    ) => {
      const isIncluded = ({ values }: PlacedRow) =>
        services!
          .validOn(baseCode(values), lineDay(values) ?? '')
          .some((one) => one.contrastIncluded === true);
      const imaging = xml3.filter(
        (row) =>
          contrastServices.includes(baseCode(row.values)) && lineDay(row.values) !== null && !isIncluded(row),
      );
      if (agents.length === 0 || imaging.length === 0) return 'not-applicable';
      const days = new Set(
        xml2
          .filter(({ values }) => agents.includes(value(values, 'MA_THUOC')))
          .map(({ values }) => lineDay(values)),
      );
      return imaging
        .filter(({ values }) => !days.has(lineDay(values)))
        .map((row) => inRow(row, 'MA_DICH_VU', { code: value(row.values, 'MA_DICH_VU') }));
    },
  }),
];
