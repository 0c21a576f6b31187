import { zero } from '../../../platform/money.ts';
import {
  type AnyRule,
  arrivalDay,
  eachRow,
  INPATIENT_CLASSES,
  inTable,
  list,
  number,
  rule,
  value,
} from '../../rule.ts';

/**
 * What the facility may treat for the insurer.
 * `contract_table`: `code` (of the facility), `from`, `to`, `outpatientOnly` (true: no in-patients).
 */
export const facility: readonly AnyRule[] = [
  rule({
    id: 'BEN_CONTRACT_SCOPE',
    severity: 'error',
    stage: 'order',
    needs: ['contract_table'],
    params: { inpatient: [...INPATIENT_CLASSES] },
    check: (claim, { inpatient }, { catalogues }) => {
      const [here, day] = [value(claim.xml1, 'MA_CSKCB'), arrivalDay(claim)];
      if (here === '' || day === null) return 'not-applicable';
      const contracts = catalogues.contract_table!.validOn(here, day);
      if (contracts.length === 0) return [inTable('XML1', 'NGAY_VAO')];
      const isInpatient = inpatient.includes(value(claim.xml1, 'MA_LOAI_KCB'));
      const covers = contracts.some(({ outpatientOnly }) => !isInpatient || outpatientOnly !== true);
      return covers ? [] : [inTable('XML1', 'MA_LOAI_KCB')];
    },
  }),
  rule({
    id: 'BEN_FACILITY_TYPE_LEVEL',
    severity: 'warning',
    stage: 'order',
    needs: ['facility_catalogue'],
    // Type of care → the kinds of facility that alone give it, or that do not.
    params: {
      only: { '06': ['healthStation', 'polyclinic', 'maternityHome'] } as Kinds,
      not: { '03': ['healthStation'], '04': ['healthStation'] } as Kinds,
    },
    check: ({ xml1 }, { only, not }, { catalogues }) => {
      const type = value(xml1, 'MA_LOAI_KCB');
      const kind = catalogues.facility_catalogue!.rows(value(xml1, 'MA_CSKCB'))[0]?.kind;
      if (type === '' || typeof kind !== 'string' || kind === '') return 'not-applicable';
      const fits = only[type]?.includes(kind) !== false && not[type]?.includes(kind) !== true;
      return fits ? [] : [inTable('XML1', 'MA_LOAI_KCB', { type })];
    },
  }),
  rule({
    id: 'BEN_INPATIENT_OFFROUTE_EXAM_DEPT',
    severity: 'warning',
    stage: 'settlement',
    // Off route only the stay in the ward is paid, not what was done before in the examination department.
    params: { examDepts: ['K01'], classes: ['3.1'], inpatient: [...INPATIENT_CLASSES] },
    check: ({ xml1, xml3 }, { examDepts, classes, inpatient }) => {
      const isOffRoute = classes.includes(value(xml1, 'MA_DOITUONG_KCB'));
      if (!isOffRoute || !inpatient.includes(value(xml1, 'MA_LOAI_KCB'))) return 'not-applicable';
      return eachRow(
        xml3,
        'MA_KHOA',
        (row) =>
          number(row, 'T_BHTT')?.gt(zero) !== true ||
          !list(row, 'MA_KHOA').some((code) => examDepts.includes(code.trim())),
      );
    },
  }),
];

type Kinds = Readonly<Record<string, readonly string[]>>;
