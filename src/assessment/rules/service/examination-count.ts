import { decimal, zero } from '../../../platform/money.ts';
import { SAME_PERSON } from '../../encounter.ts';
import {
  type AnyRule,
  baseCode,
  type Claim,
  inRow,
  inTable,
  lineDay,
  number,
  type PlacedRow,
  rule,
  value,
} from '../../rule.ts';
import { begunBefore } from '../cross-encounter/pairs.ts';

const EXAMINATION = '13';
const PROCEDURES = ['8', '18'];
const RETURN_RATE = decimal('30');
const groupOf = ({ values }: PlacedRow) => value(values, 'MA_NHOM');
const codeOf = ({ values }: PlacedRow) => value(values, 'MA_DICH_VU');
const examinations = ({ xml3 }: Claim) => xml3.filter((row) => groupOf(row) === EXAMINATION);
const paidExaminations = (claim: Claim) =>
  examinations(claim).filter(({ values }) => number(values, 'T_BHTT')?.gt(zero));

/** How many examinations a visit may charge, and when none. */
export const examinationCount: readonly AnyRule[] = [
  rule({
    id: 'EXM_SAME_CODE_TWICE',
    severity: 'warning',
    stage: 'settlement',
    params: {},
    check: (claim) => {
      const rows = paidExaminations(claim).filter((row) => codeOf(row) !== '');
      if (rows.length === 0) return 'not-applicable';
      return [...Map.groupBy(rows, codeOf)]
        .filter(([, group]) => group.length > 1)
        .map(([code, group]) => inRow(group.at(-1)!, 'MA_DICH_VU', { code, count: String(group.length) }));
    },
  }),
  rule({
    id: 'EXM_INPATIENT_MAX_ONE',
    severity: 'warning',
    stage: 'settlement',
    params: {},
    check: (claim) => {
      const count = paidExaminations(claim).length;
      if (!['03', '04'].includes(value(claim.xml1, 'MA_LOAI_KCB')) || count === 0) return 'not-applicable';
      return count > 1 ? [inTable('XML3', 'MA_NHOM', { count: String(count) })] : [];
    },
  }),
  rule({
    id: 'EXM_MISSING_OUTPATIENT',
    severity: 'warning',
    stage: 'settlement',
    isOffByDefault: true,
    params: {},
    check: (claim) => {
      const isPickUp = /^(7(\.\d+)?|10)$/.test(value(claim.xml1, 'MA_DOITUONG_KCB'));
      if (value(claim.xml1, 'MA_LOAI_KCB') !== '01' || isPickUp) return 'not-applicable';
      return examinations(claim).length > 0 ? [] : [inTable('XML3', 'MA_NHOM')];
    },
  }),
  // The specialty is the department that charges the examination.
  rule({
    id: 'EXM_RETURN_SAME_DAY',
    severity: 'warning',
    stage: 'settlement',
    needs: ['other_encounters'],
    params: {},
    check: (claim, _, { neighbours }) => {
      const { self } = neighbours;
      const today = begunBefore(neighbours, SAME_PERSON).filter(
        (one) => one.facility === self.facility && one.arrival!.slice(0, 8) === self.arrival?.slice(0, 8),
      );
      const seen = new Set(today.flatMap(({ examined }) => examined));
      const again = examinations(claim).filter(
        ({ values }) => value(values, 'MA_KHOA') !== '' && seen.has(value(values, 'MA_KHOA')),
      );
      if (again.length === 0) return 'not-applicable';
      return again
        .filter(({ values }) => number(values, 'TYLE_TT_DV')?.gt(RETURN_RATE))
        .map((row) => inRow(row, 'TYLE_TT_DV'));
    },
  }),
  // The first visit of a course: no service of the course is known from an earlier day, in this claim or another.
  rule({
    id: 'EXM_WITH_DIALYSIS_REHAB',
    severity: 'warning',
    stage: 'settlement',
    isOffByDefault: true,
    needs: ['service_catalogue'],
    params: { cyclic: [] as readonly string[] },
    check: (claim, { cyclic }, { neighbours }) => {
      const procedures = claim.xml3.filter((row) => PROCEDURES.includes(groupOf(row)));
      const codes = procedures.map(({ values }) => baseCode(values));
      const isCourse = codes.length > 0 && codes.every((code) => cyclic.includes(code));
      const paid = paidExaminations(claim);
      if (!isCourse || paid.length === 0) return 'not-applicable';
      const service = codes[0]!;
      const begun = [neighbours.self, ...neighbours.ofPerson(SAME_PERSON)]
        .flatMap(({ services }) => services)
        .filter(({ code }) => codes.includes(code))
        .map(({ day }) => day)
        .toSorted()[0];
      return paid
        .filter(({ values }) => begun !== undefined && begun < (lineDay(values) ?? ''))
        .map((row) => inRow(row, 'MA_DICH_VU', { service }));
    },
  }),
];
