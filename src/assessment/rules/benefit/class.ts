import { zero } from '../../../platform/money.ts';
import {
  type AnyRule,
  arrivalDay,
  classRate,
  eachRow,
  INPATIENT_CLASSES,
  inTable,
  isoDay,
  number,
  type Row,
  rule,
  value,
} from '../../rule.ts';

const CLASS = 'MA_DOITUONG_KCB';

/** The class of the patient (`MA_DOITUONG_KCB`): is it one, and does the rest of the claim go with it? */
export const patientClass: readonly AnyRule[] = [
  rule({
    id: 'BEN_CLASS_CATALOGUE',
    severity: 'error',
    stage: 'order',
    // First day of arrival (`yyyyMMdd`) judged by the list of today; an older one came before.
    params: { firstDay: '20250101' },
    check: (claim, { firstDay }, { builtIns }) => {
      const [code, day] = [value(claim.xml1, CLASS), arrivalDay(claim)];
      if (code === '' || day === null || day < firstDay) return 'not-applicable';
      const isKnown = [true, false].some((inpatient) => builtIns.routeFactor(code, inpatient, isoDay(day)));
      return isKnown ? [] : [inTable('XML1', CLASS, { value: code })];
    },
  }),
  rule({
    id: 'BEN_CLASS_CARE_TYPE',
    severity: 'error',
    stage: 'discharge',
    params: { inpatient: [...INPATIENT_CLASSES] },
    check: (claim, { inpatient }, { builtIns }) => {
      const [code, type] = [value(claim.xml1, CLASS), value(claim.xml1, 'MA_LOAI_KCB')];
      const day = arrivalDay(claim);
      if (type === '' || day === null) return 'not-applicable';
      const isInpatient = inpatient.includes(type);
      if (builtIns.routeFactor(code, isInpatient, isoDay(day))) return [];
      // A class that goes with neither is none: left to BEN_CLASS_CATALOGUE.
      if (!builtIns.routeFactor(code, !isInpatient, isoDay(day))) return 'not-applicable';
      return [inTable('XML1', CLASS, { class: code, type })];
    },
  }),
  rule({
    id: 'BEN_ZERO_RATE_CLASSES',
    severity: 'error',
    stage: 'settlement',
    params: {},
    check: (claim, _, context) => {
      const paid = number(claim.xml1, 'T_BHTT');
      if (paid === null || !classRate(claim, context)?.eq(zero)) return 'not-applicable';
      if (paid.eq(zero)) return [];
      const values = { class: value(claim.xml1, CLASS), value: value(claim.xml1, 'T_BHTT') };
      return [inTable('XML1', 'T_BHTT', values)];
    },
  }),
  rule({
    id: 'BEN_PICKUP_NO_EXAM',
    severity: 'error',
    stage: 'settlement',
    params: { classes: ['7', '7.2', '7.3', '7.4', '10'], examination: '13' },
    check: ({ xml1, xml3 }, { classes, examination }) => {
      if (!classes.includes(value(xml1, CLASS))) return 'not-applicable';
      const isPaidExamination = (row: Row) =>
        value(row, 'MA_NHOM') === examination && number(row, 'T_BHTT')?.gt(zero) === true;
      return eachRow(xml3, 'MA_NHOM', (row) => !isPaidExamination(row));
    },
  }),
];
