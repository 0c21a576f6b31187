import { yearsBetween } from '../../../platform/dates.ts';
import {
  type AnyRule,
  eachRow,
  inRow,
  inTable,
  isoDay,
  moment,
  type PlacedRow,
  rule,
  value,
} from '../../rule.ts';
import { earliestBirth } from '../patient/birth.ts';
import { dayOf, dayOfMoment, filledRule, isFilled, wholeNumber } from './paper.ts';

const TERMINATION = ['TUOI_THAI', 'NGUYENNHAN_DINHCHI', 'THOIGIAN_DINHCHI'];

/** The discharge paper, XML7. */
export const dischargePaper: readonly AnyRule[] = [
  rule({
    id: 'XML7_REQUIRED',
    severity: 'error',
    stage: 'export',
    // 3 = left without notice. Outcomes without a paper are a facility's own list: a death has one too.
    params: {
      types: ['03', '04', '09'],
      optionalDischarge: ['3'],
      optionalOutcomes: [] as readonly string[],
    },
    check: (claim, { types, optionalDischarge, optionalOutcomes }) => {
      const { xml1 } = claim;
      const isOptional =
        optionalDischarge.includes(value(xml1, 'MA_LOAI_RV')) ||
        optionalOutcomes.includes(value(xml1, 'KET_QUA_DTRI'));
      if (!types.includes(value(xml1, 'MA_LOAI_KCB')) || isOptional) return 'not-applicable';
      const count = claim.count('XML7');
      // The dictionary allows one paper per baby of a delivery of several.
      const most = Math.max(1, claim.count('XML9'));
      return count >= 1 && count <= most ? [] : [inTable('XML7', null, { count: String(count) })];
    },
  }),
  filledRule(
    'XML7_FIELDS',
    'XML7',
    'SO_LUU_TRU MA_KHOA_RV NGAY_VAO NGAY_RA CHAN_DOAN_RV PP_DIEUTRI MA_TTDV MA_BS NGAY_CT',
  ),
  rule({
    id: 'XML7_STAY_MATCH',
    severity: 'error',
    stage: 'export',
    params: {},
    check: (claim) => {
      const { xml1 } = claim;
      const [arrived, left] = [moment(xml1, 'NGAY_VAO'), moment(xml1, 'NGAY_RA')];
      const papers = claim
        .rows('XML7')
        .filter(({ values }) => moment(values, 'NGAY_VAO') && moment(values, 'NGAY_RA'));
      if (arrived === null || left === null || papers.length === 0) return 'not-applicable';
      const starts = [arrived, moment(xml1, 'NGAY_VAO_NOI_TRU') ?? arrived];
      return papers.flatMap((row) =>
        Object.entries({ NGAY_VAO: [...new Set(starts)], NGAY_RA: [left] })
          .filter(([field, allowed]) => !allowed.includes(value(row.values, field)))
          .map(([field, allowed]) => inRow(row, field, { expected: allowed.join(' / ') })),
      );
    },
  }),
  rule({
    id: 'XML7_SIGN_DATE',
    severity: 'error',
    stage: 'export',
    params: {},
    check: (claim) => {
      const left = dayOfMoment(claim.xml1, 'NGAY_RA');
      if (left === null) return 'not-applicable';
      const dated = claim.rows('XML7').filter(({ values }) => dayOf(values, 'NGAY_CT') !== null);
      const holds = (values: PlacedRow['values']) => value(values, 'NGAY_CT') === left;
      return eachRow(dated, 'NGAY_CT', holds, () => ({ expected: left }));
    },
  }),
  rule({
    id: 'XML7_ABORTION',
    severity: 'error',
    stage: 'export',
    params: { weeks: [1, 42] as const },
    check: (claim, { weeks: [first, last] }) => {
      const arrived = moment(claim.xml1, 'NGAY_VAO') ?? '';
      const left = moment(claim.xml1, 'NGAY_RA') ?? '9';
      const isGood = (row: PlacedRow['values'], field: string) => {
        if (field === 'NGUYENNHAN_DINHCHI') return isFilled(row, field);
        const weeks = wholeNumber(row, field);
        if (field === 'TUOI_THAI') return weeks !== null && first <= weeks && weeks <= last;
        const at = moment(row, field); // a value of another shape is left to the rules on shapes
        return isFilled(row, field) && (at === null || (arrived <= at && at <= left));
      };
      const papers = claim.rows('XML7');
      if (papers.length === 0) return 'not-applicable';
      return papers.flatMap((row) => {
        const isTerminated = value(row.values, 'MA_DINH_CHI_THAI') === '1';
        return TERMINATION.filter((field) =>
          isTerminated ? !isGood(row.values, field) : isFilled(row.values, field),
        ).map((field) => inRow(row, field));
      });
    },
  }),
  rule({
    id: 'XML7_PARENT_NAMES',
    severity: 'warning',
    stage: 'export',
    params: { adultAge: 16 },
    check: (claim, { adultAge }) => {
      const [born, left] = [earliestBirth(claim.xml1), moment(claim.xml1, 'NGAY_RA')];
      if (born === null || left === null || yearsBetween(isoDay(born), isoDay(left)) >= adultAge)
        return 'not-applicable';
      return eachRow(claim.rows('XML7'), 'HO_TEN_CHA', (values) =>
        ['HO_TEN_CHA', 'HO_TEN_ME'].some((field) => isFilled(values, field)),
      );
    },
  }),
  rule({
    id: 'XML7_PATIENT_ID',
    severity: 'warning',
    stage: 'export',
    params: {},
    check: (claim) => {
      const expected = value(claim.xml1, 'MA_BN');
      const named = claim.rows('XML7').filter(({ values }) => isFilled(values, 'MA_YTE'));
      if (expected === '') return 'not-applicable';
      return eachRow(
        named,
        'MA_YTE',
        (values) => value(values, 'MA_YTE') === expected,
        () => ({ expected }),
      );
    },
  }),
];
