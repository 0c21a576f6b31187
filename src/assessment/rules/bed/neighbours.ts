import { areSamePerson } from '../../encounter.ts';
import { type AnyRule, inRow, list, moment, number, rule, value } from '../../rule.ts';
import { rowsOf } from './ward.ts';

/** Beds against those of other patients. */
export const neighbours: readonly AnyRule[] = [
  rule({
    id: 'BED_OVERLAP_OTHER_PATIENT',
    severity: 'warning',
    stage: 'settlement',
    needs: ['other_encounters'],
    // Percent of a bed that nobody shares: two patients in it are charged 50, three and more 33.
    params: { group: '15', whole: '100' },
    check: (claim, { group, whole }, { neighbours: { self, inBed } }) => {
      const alone = rowsOf(claim, [group]).filter(({ values }) => number(values, 'TYLE_TT_DV')?.eq(whole));
      if (alone.length === 0) return 'not-applicable';
      return alone.flatMap((row) => {
        const date = moment(row.values, 'NGAY_YL')?.slice(0, 8);
        const dept = value(row.values, 'MA_KHOA');
        if (date === undefined) return [];
        return list(row.values, 'MA_GIUONG').flatMap((code) => {
          const bed = code.trim();
          const others = inBed(dept, bed, date).filter(
            (use) =>
              use.group === group &&
              Number(use.rate) === Number(whole) &&
              use.encounter.position < self.position &&
              !areSamePerson(self, use.encounter),
          );
          const count = new Set(others.map(({ encounter }) => encounter.position)).size;
          if (count === 0) return [];
          return [inRow(row, 'MA_GIUONG', { bed, dept, date, count: String(count + 1) })];
        });
      });
    },
  }),
];
