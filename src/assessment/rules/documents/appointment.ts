import { type AnyRule, inRow, inTable, isRealDay, rule, value } from '../../rule.ts';
import {
  type Comparison,
  dayOf,
  dayOfMoment,
  daysFrom,
  elements,
  filledRule,
  isFilled,
  repeated,
} from './paper.ts';

/** The paper with which a patient is asked to come again, XML14. */
export const appointment: readonly AnyRule[] = [
  rule({
    id: 'XML14_SINGLE',
    severity: 'error',
    stage: 'export',
    params: {},
    check: (claim) => {
      const count = claim.count('XML14');
      if (count === 0) return 'not-applicable';
      return count === 1 ? [] : [inTable('XML14', null, { count: String(count) })];
    },
  }),
  rule({
    id: 'XML14_DATE',
    severity: 'error',
    stage: 'export',
    // Out-patients: the days of the drugs may end the visit later than the patient left.
    params: { types: ['02', '05', '07'] },
    check: (claim, { types }) => {
      const { xml1 } = claim;
      const field = types.includes(value(xml1, 'MA_LOAI_KCB')) ? 'NGAY_VAO' : 'NGAY_RA';
      const visit = dayOfMoment(xml1, field);
      const announced = elements(xml1, 'NGAY_TAI_KHAM');
      const dated = claim.rows('XML14').filter(({ values }) => dayOf(values, 'NGAY_HEN_KL') !== null);
      const canBeRead = announced.length > 0 && announced.every(isRealDay);
      if (visit === null || !canBeRead || dated.length === 0) return 'not-applicable';
      return dated
        .filter(({ values }) => {
          const day = value(values, 'NGAY_HEN_KL');
          return day <= visit || !announced.includes(day);
        })
        .map((row) => inRow(row, 'NGAY_HEN_KL'));
    },
  }),
  filledRule('XML14_FIELDS', 'XML14', 'SO_GIAYHEN_KL MA_CSKCB HO_TEN NGAY_HEN_KL MA_BAC_SI MA_TTDV NGAY_CT'),
  rule({
    id: 'XML14_MISSING',
    severity: 'warning',
    stage: 'export',
    isOffByDefault: true,
    params: {},
    check: (claim) => {
      if (!isFilled(claim.xml1, 'NGAY_TAI_KHAM')) return 'not-applicable';
      return claim.has('XML14') ? [] : [inTable('XML14', null)];
    },
  }),
  rule({
    id: 'XML14_TOO_FAR',
    severity: 'warning',
    stage: 'export',
    params: { maxDays: 100 },
    check: (claim, { maxDays }) => {
      const left = dayOfMoment(claim.xml1, 'NGAY_RA');
      const dated = claim.rows('XML14').filter(({ values }) => dayOf(values, 'NGAY_HEN_KL') !== null);
      if (left === null || dated.length === 0) return 'not-applicable';
      return dated.flatMap((row) => {
        const days = daysFrom(left, value(row.values, 'NGAY_HEN_KL'));
        return days <= maxDays ? [] : [inRow(row, 'NGAY_HEN_KL', { days: String(days) })];
      });
    },
  }),
  rule({
    id: 'XML14_IDENTITY_MATCH',
    severity: 'error',
    stage: 'export',
    params: {
      fields: {
        MA_CSKCB: 'text',
        HO_TEN: 'name',
        MA_THE_BHYT: 'cards',
        MA_BENH_CHINH: 'text',
      } as Readonly<Record<string, Comparison>>,
    },
    check: (claim, { fields }) => {
      const papers = claim.rows('XML14');
      if (papers.length === 0) return 'not-applicable';
      return papers.flatMap((row) => repeated(claim, row, fields));
    },
  }),
];
