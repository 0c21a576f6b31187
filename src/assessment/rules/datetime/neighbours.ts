import { type AnyRule, inRow, list, moment, rule, value } from '../../rule.ts';

const EXAMINATION = '13';

/** Orders against those of other visits. */
export const neighbours: readonly AnyRule[] = [
  rule({
    id: 'DT_ORDER_SAME_MINUTE',
    severity: 'warning',
    stage: 'discharge',
    needs: ['other_encounters'],
    params: { group: EXAMINATION },
    check: ({ xml3 }, { group }, { neighbours: { self, ofPractitioner } }) => {
      const examined = xml3.filter(({ values }) => value(values, 'MA_NHOM') === group);
      if (examined.length === 0) return 'not-applicable';
      return examined.flatMap((row) => {
        const time = moment(row.values, 'NGAY_YL');
        if (time === null || self.patient === '') return [];
        return list(row.values, 'MA_BAC_SI').flatMap((code) => {
          const doctor = code.trim();
          const same = ofPractitioner(doctor, time.slice(0, 8)).filter(
            ({ act, group: other, from, encounter }) =>
              act === 'ordered' &&
              other === group &&
              from === time &&
              encounter.facility === self.facility &&
              encounter.position < self.position &&
              encounter.patient !== '' &&
              encounter.patient !== self.patient,
          );
          const patients = new Set(same.map(({ encounter }) => encounter.patient));
          if (patients.size === 0) return [];
          return [inRow(row, 'NGAY_YL', { doctor, time, count: String(patients.size + 1) })];
        });
      });
    },
  }),
];
