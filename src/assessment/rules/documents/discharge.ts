import { type AnyRule, inTable, rule, value } from '../../rule.ts';
import { isFilled } from './paper.ts';

/** How the patient left, against where they went and what papers they were given. */
export const discharge: readonly AnyRule[] = [
  rule({
    id: 'DIS_TRANSFER_DESTINATION',
    severity: 'error',
    stage: 'discharge',
    params: { transfers: ['2', '5'] },
    check: ({ xml1 }, { transfers }) => {
      const [how, where] = [value(xml1, 'MA_LOAI_RV'), value(xml1, 'MA_NOI_DEN')];
      if (how === '') return 'not-applicable';
      const agrees = transfers.includes(how) === (where !== '');
      return agrees ? [] : [inTable('XML1', 'MA_NOI_DEN', { discharge: how, value: where })];
    },
  }),
  rule({
    id: 'DIS_DEATH_CONSISTENCY',
    severity: 'error',
    stage: 'discharge',
    params: { deathCodes: ['5', '8'], papersOfTheLiving: ['XML14', 'XML11', 'XML13'] },
    check: (claim, { deathCodes, papersOfTheLiving }) => {
      if (!deathCodes.includes(value(claim.xml1, 'KET_QUA_DTRI'))) return 'not-applicable';
      const fields = ['NGAY_TAI_KHAM', 'MA_NOI_DEN'].filter((field) => value(claim.xml1, field) !== '');
      return [
        ...fields.map((field) => inTable('XML1', field, { field })),
        ...papersOfTheLiving
          .filter((table) => claim.has(table))
          .map((table) => inTable(table, null, { field: table })),
      ];
    },
  }),
  rule({
    id: 'DIS_INPATIENT_REASONS',
    severity: 'warning',
    stage: 'discharge',
    params: { types: ['03', '04'] },
    check: ({ xml1 }, { types }) => {
      if (!types.includes(value(xml1, 'MA_LOAI_KCB'))) return 'not-applicable';
      const hasReason = isFilled(xml1, 'LY_DO_VNT') || isFilled(xml1, 'MA_LY_DO_VNT');
      return ['LY_DO_VNT', 'PP_DIEU_TRI', 'CHAN_DOAN_VAO']
        .filter((field) => (field === 'LY_DO_VNT' ? !hasReason : !isFilled(xml1, field)))
        .map((field) => inTable('XML1', field, { field }));
    },
  }),
  // Column of `admission_reason_catalogue`: `code`.
  rule({
    id: 'DIS_ADMISSION_REASON_CODE',
    severity: 'warning',
    stage: 'discharge',
    needs: ['admission_reason_catalogue'],
    params: { maxLength: 5 },
    check: ({ xml1 }, { maxLength }, { catalogues }) => {
      const code = value(xml1, 'MA_LY_DO_VNT');
      if (code === '') return 'not-applicable';
      const isKnown =
        code.length <= maxLength && catalogues.admission_reason_catalogue!.rows(code).length > 0;
      return isKnown ? [] : [inTable('XML1', 'MA_LY_DO_VNT', { value: code })];
    },
  }),
];
