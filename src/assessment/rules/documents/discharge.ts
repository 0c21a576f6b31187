import { type AnyRule, inTable, rule, value } from '../../rule.ts';

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
];
