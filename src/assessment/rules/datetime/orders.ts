import {
  type AnyRule,
  eachRow,
  moment,
  type PlacedRow,
  plusMinutes,
  type Row,
  rule,
  value,
} from '../../rule.ts';
import { stayOf } from './stay.ts';

const EXAMINATION = '13';
const groupOf = (row: Row) => value(row, 'MA_NHOM');
const isVisit = (xml1: Row, types: readonly string[]) => types.includes(value(xml1, 'MA_LOAI_KCB'));
const momentsOf = (rows: readonly PlacedRow[], field: string): string[] =>
  rows.map(({ values }) => moment(values, field)).filter((at) => at !== null);

/** In which order a patient is examined, tested and treated. */
export const orders: readonly AnyRule[] = [
  rule({
    id: 'DT_ORDER_SAME_AS_ADMISSION',
    severity: 'warning',
    stage: 'discharge',
    isOffByDefault: true,
    parents: ['DT_ADMIT_BEFORE_DISCHARGE'],
    // Nothing is ordered before the patient was examined; an order before admission has its own rule.
    params: { skipGroups: ['13', '14', '15', '16'] },
    check: ({ xml1, chargeRows }, { skipGroups }) => {
      const admitted = moment(xml1, 'NGAY_VAO');
      if (admitted === null) return 'not-applicable';
      const rows = chargeRows.filter(({ values }) => !skipGroups.includes(groupOf(values)));
      return eachRow(rows, 'NGAY_YL', (row) => moment(row, 'NGAY_YL') !== admitted);
    },
  }),
  rule({
    id: 'DT_EXAM_BEFORE_TESTS',
    severity: 'warning',
    stage: 'order',
    params: { types: ['01'], groups: ['1', '2', '3', '18'] },
    check: ({ xml1, xml2, xml3 }, { types, groups }) => {
      const examined = xml3.filter(({ values }) => groupOf(values) === EXAMINATION);
      const exam = momentsOf(examined, 'NGAY_YL').toSorted()[0];
      if (!isVisit(xml1, types) || exam === undefined) return 'not-applicable';
      const tests = xml3.filter(({ values }) => groups.includes(groupOf(values)));
      return eachRow(
        [...xml2, ...tests],
        'NGAY_YL',
        (row) => (moment(row, 'NGAY_YL') ?? exam) >= exam,
        () => ({ exam }),
      );
    },
  }),
  rule({
    id: 'DT_DRUG_AFTER_RESULTS',
    severity: 'warning',
    stage: 'order',
    isOffByDefault: true,
    params: { types: ['01'], groups: ['1', '2', '3'] },
    // A drug that was not given in the house (no NGAY_TH_YL) is one to take home.
    check: ({ xml1, xml2, xml3 }, { types, groups }) => {
      const tests = xml3.filter(({ values }) => groups.includes(groupOf(values)));
      const result = momentsOf(tests, 'NGAY_KQ').toSorted().at(-1);
      if (!isVisit(xml1, types) || result === undefined) return 'not-applicable';
      return eachRow(
        xml2.filter(({ values }) => value(values, 'NGAY_TH_YL') === ''),
        'NGAY_YL',
        (row) => (moment(row, 'NGAY_YL') ?? result) >= result,
        (row) => ({ order: value(row, 'NGAY_YL'), result }),
      );
    },
  }),
  rule({
    id: 'DT_TRANSFUSION_INFUSION_AFTER_EXIT',
    severity: 'warning',
    stage: 'discharge',
    isOffByDefault: true,
    parents: ['DT_ADMIT_BEFORE_DISCHARGE', 'DT_EXEC_IN_STAY'],
    params: { injectionRoutes: ['2.15', '2.14'], minutes: 30 },
    check: (claim, { injectionRoutes, minutes }) => {
      const stay = stayOf(claim);
      if (stay === null) return 'not-applicable';
      const { ngay_ra } = stay;
      return eachRow(
        claim.xml2.filter(({ values }) => injectionRoutes.includes(value(values, 'DUONG_DUNG'))),
        'NGAY_TH_YL',
        (row) => {
          const given = moment(row, 'NGAY_TH_YL');
          return given === null || plusMinutes(given, minutes) <= ngay_ra;
        },
        (row) => ({ exec: value(row, 'NGAY_TH_YL'), ngay_ra }),
      );
    },
  }),
];
