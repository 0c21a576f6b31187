import { zero } from '../../../platform/money.ts';
import { type AnyRule, eachRow, moment, number, plusMinutes, type Row, rule, value } from '../../rule.ts';

/** Is the one not before the other? Silent when one of them cannot be read. */
function isInOrder(row: Row, earlier: string, later: string, tolMinutes = 0): boolean {
  const from = moment(row, earlier);
  const to = moment(row, later);
  return from === null || to === null || to >= plusMinutes(from, -tolMinutes);
}

/** A line is ordered, then done, then has a result. */
export const sequence: readonly AnyRule[] = [
  rule({
    id: 'DT_EXEC_BEFORE_ORDER',
    severity: 'error',
    stage: 'discharge',
    params: { tolMinutes: 0, emergencyClass: '2', emergencyTolMinutes: 5 },
    check: ({ xml1, chargeRows }, { tolMinutes, emergencyClass, emergencyTolMinutes }) => {
      const isEmergency = value(xml1, 'MA_DOITUONG_KCB') === emergencyClass;
      const tolerance = isEmergency ? emergencyTolMinutes : tolMinutes;
      return eachRow(
        chargeRows,
        'NGAY_TH_YL',
        (values) => isInOrder(values, 'NGAY_YL', 'NGAY_TH_YL', tolerance),
        (values) => ({ exec: value(values, 'NGAY_TH_YL'), order: value(values, 'NGAY_YL') }),
      );
    },
  }),
  rule({
    id: 'DT_RESULT_BEFORE_EXEC',
    severity: 'error',
    stage: 'discharge',
    params: {},
    check: ({ xml3 }) =>
      eachRow(
        xml3,
        'NGAY_KQ',
        (values) => isInOrder(values, 'NGAY_TH_YL', 'NGAY_KQ'),
        (values) => ({ result: value(values, 'NGAY_KQ'), exec: value(values, 'NGAY_TH_YL') }),
      ),
  }),
  rule({
    id: 'DT_RESULT_BEFORE_ORDER',
    severity: 'error',
    stage: 'discharge',
    params: {},
    check: ({ xml3 }) =>
      eachRow(
        xml3.filter(({ values }) => value(values, 'NGAY_TH_YL') === ''),
        'NGAY_KQ',
        (values) => isInOrder(values, 'NGAY_YL', 'NGAY_KQ'),
        (values) => ({ result: value(values, 'NGAY_KQ'), order: value(values, 'NGAY_YL') }),
      ),
  }),
  rule({
    id: 'DT_RESULT_REQUIRED',
    severity: 'error',
    stage: 'discharge',
    params: { groups: ['1', '2', '3', '8', '18'] },
    check: ({ xml3 }, { groups }) =>
      eachRow(
        xml3.filter(
          ({ values }) =>
            groups.includes(value(values, 'MA_NHOM')) && number(values, 'T_BHTT')?.gt(zero) === true,
        ),
        'NGAY_KQ',
        (values) => value(values, 'NGAY_KQ') !== '',
      ),
  }),
];
