import { type AnyRule, eachRow, moment, rule, value } from '../../rule.ts';
import { namesIn } from '../practitioner/staff.ts';

/** What XML5 must say of each step of care. */
export const notes: readonly AnyRule[] = [
  rule({
    id: 'NOTE_TEXT_REQUIRED',
    severity: 'error',
    stage: 'discharge',
    params: {},
    check: ({ xml5 }) => eachRow(xml5, 'DIEN_BIEN_LS', (row) => value(row, 'DIEN_BIEN_LS') !== ''),
  }),
  rule({
    id: 'NOTE_TIME_REQUIRED',
    severity: 'error',
    stage: 'discharge',
    params: {},
    check: ({ xml5 }) => eachRow(xml5, 'THOI_DIEM_DBLS', (row) => value(row, 'THOI_DIEM_DBLS') !== ''),
  }),
  rule({
    id: 'NOTE_TIME_IN_STAY',
    severity: 'error',
    stage: 'discharge',
    params: {},
    parents: ['DT_ADMIT_BEFORE_DISCHARGE'],
    check: ({ xml1, xml5 }) => {
      const [admitted, left] = [moment(xml1, 'NGAY_VAO'), moment(xml1, 'NGAY_RA')];
      if (admitted === null || left === null) return 'not-applicable';
      return eachRow(xml5, 'THOI_DIEM_DBLS', (row) => {
        const at = moment(row, 'THOI_DIEM_DBLS');
        return at === null || (admitted <= at && at <= left);
      });
    },
  }),
  rule({
    id: 'NOTE_AUTHOR',
    severity: 'error',
    stage: 'discharge',
    cause: 'practitioner',
    params: {},
    // Without the catalogue of the staff only that somebody is named.
    check: ({ xml5 }, _params, { catalogues: { staff_catalogue: staff } }) =>
      eachRow(xml5, 'NGUOI_THUC_HIEN', (_values, row) => {
        const authors = namesIn(row, 'NGUOI_THUC_HIEN');
        const isKnown = authors.every(({ person, isGuest }) => isGuest || staff?.rows(person).length !== 0);
        return authors.length > 0 && isKnown;
      }),
  }),
];
