import { type AnyRule, eachRow, inRow, type PlacedRow, rule, value } from '../../rule.ts';
import { sickLeaveOf } from './leave-days.ts';
import { dayOfMoment, daysFrom, elements, filledRule, isFilled, wholeNumber } from './paper.ts';

const TUBERCULOSIS = /^A1[5-9]/;

/** What the papers for days off must say: rest in pregnancy (XML10), sick leave (XML11). */
export const leavePapers: readonly AnyRule[] = [
  rule({
    id: 'XML10_FIELDS',
    severity: 'error',
    stage: 'export',
    params: { fields: 'SO_SERI SO_CT CHAN_DOAN_RV MA_TTDV MA_BS TEN_BS NGAY_CT'.split(' '), female: '2' },
    check: (claim, { fields, female }) => {
      const papers = claim.rows('XML10');
      if (papers.length === 0) return 'not-applicable';
      const sex = value(claim.xml1, 'GIOI_TINH');
      return papers.flatMap((row) => [
        ...fields.filter((field) => !isFilled(row.values, field)).map((field) => inRow(row, field)),
        ...(sex === '' || sex === female ? [] : [inRow(row, 'GIOI_TINH', { value: sex })]),
      ]);
    },
  }),
  filledRule('XML11_FIELDS', 'XML11', 'SO_SERI SO_CT DON_VI CHAN_DOAN_RV PP_DIEUTRI MA_TTDV MA_BS NGAY_CT'),
  rule({
    id: 'XML11_MAX_DAYS',
    severity: 'error',
    stage: 'export',
    params: { default: 30, tuberculosis: 180, latePregnancyLoss: 50, lateFromWeek: 13 },
    check: (claim, params) => {
      const papers = claim.rows('XML11').filter(({ values }) => wholeNumber(values, 'SO_NGAY_NGHI') !== null);
      const mostOf = ({ values }: PlacedRow) => {
        if (TUBERCULOSIS.test(value(claim.xml1, 'MA_BENH_CHINH'))) return params.tuberculosis;
        const isLateLoss =
          value(values, 'MA_DINH_CHI_THAI') === '1' &&
          (wholeNumber(values, 'TUOI_THAI') ?? 0) >= params.lateFromWeek;
        return isLateLoss ? params.latePregnancyLoss : params.default;
      };
      return eachRow(
        papers,
        'SO_NGAY_NGHI',
        (values, row) => wholeNumber(values, 'SO_NGAY_NGHI')! <= mostOf(row),
        (_values, row) => ({ max: String(mostOf(row)) }),
      );
    },
  }),
  rule({
    id: 'XML11_PERIOD_IN_VISIT',
    severity: 'warning',
    stage: 'export',
    parents: ['DT_ADMIT_BEFORE_DISCHARGE'],
    // Days after arrival on which the leave of an out-patient may begin.
    params: { types: ['02', '05', '07'], slack: 1 },
    check: (claim, { types, slack }) => {
      const { xml1 } = claim;
      const [arrived, left] = [dayOfMoment(xml1, 'NGAY_VAO'), dayOfMoment(xml1, 'NGAY_RA')];
      const papers = claim.rows('XML11').filter((row) => sickLeaveOf(row) !== null);
      if (arrived === null || left === null || papers.length === 0) return 'not-applicable';
      const isOutpatient = types.includes(value(xml1, 'MA_LOAI_KCB'));
      const startsInTime = (from: string) => (isOutpatient ? daysFrom(arrived, from) <= slack : from <= left);
      return papers.flatMap((row) => {
        const { from, to } = sickLeaveOf(row)!;
        if (!startsInTime(from)) return [inRow(row, 'TU_NGAY', { from, to })];
        return to >= arrived ? [] : [inRow(row, 'DEN_NGAY', { from, to })];
      });
    },
  }),
  rule({
    id: 'XML11_IDENTITY',
    severity: 'error',
    stage: 'export',
    params: { form: 'CT07' },
    check: (claim, { form }) => {
      const papers = claim.rows('XML11');
      if (papers.length === 0) return 'not-applicable';
      const known = elements(claim.xml1, 'MA_THE_BHYT');
      return papers.flatMap((row) => {
        const person = value(row.values, 'MA_BHXH');
        const isOwnCard = (card: string) =>
          card.length === 15 && card.endsWith(person) && (known.length === 0 || known.includes(card));
        return Object.entries({
          MA_BHXH: /^\d{10}$/.test(person),
          // Several cards of one person may follow each other in one visit.
          MA_THE_BHYT: elements(row.values, 'MA_THE_BHYT').every(isOwnCard),
          MAU_SO: ['', form].includes(value(row.values, 'MAU_SO')),
        })
          .filter(([, holds]) => !holds)
          .map(([field]) => inRow(row, field));
      });
    },
  }),
];
