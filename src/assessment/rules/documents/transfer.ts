import { type AnyRule, INPATIENT_CLASSES, inRow, inTable, rule, value } from '../../rule.ts';
import { type Comparison, filledRule, isFilled, repeated } from './paper.ts';

const FIELDS =
  'SO_HOSO SO_CHUYENTUYEN MA_CSKCB MA_CSKCB_DEN HO_TEN DAU_HIEU_LS QT_BENHLY TOMTAT_KQ MA_LYDO_CT HUONG_DIEU_TRI ' +
  'PHUONGTIEN_VC MA_BAC_SI MA_TTDV';

/** The paper with which a patient is sent on, XML13; where the patient came from has nothing to do with it. */
export const transfer: readonly AnyRule[] = [
  rule({
    id: 'XML13_REQUIRED',
    severity: 'error',
    stage: 'export',
    params: { transfers: ['2', '5'] },
    check: (claim, { transfers }) => {
      const how = value(claim.xml1, 'MA_LOAI_RV');
      if (how === '') return 'not-applicable';
      const count = claim.count('XML13');
      const isRight = transfers.includes(how) ? count === 1 : count === 0;
      return isRight ? [] : [inTable('XML13', null, { value: how, count: String(count) })];
    },
  }),
  rule({
    id: 'XML13_FIELDS',
    severity: 'error',
    stage: 'export',
    params: { fields: FIELDS.split(' '), inpatientOnly: ['TOMTAT_KQ'] },
    check: (claim, { fields, inpatientOnly }) => {
      const papers = claim.rows('XML13');
      if (papers.length === 0) return 'not-applicable';
      const isInpatient = INPATIENT_CLASSES.has(value(claim.xml1, 'MA_LOAI_KCB'));
      const asked = fields.filter((field) => isInpatient || !inpatientOnly.includes(field));
      return papers.flatMap((row) =>
        asked.filter((field) => !isFilled(row.values, field)).map((field) => inRow(row, field)),
      );
    },
  }),
  filledRule(
    'XML13_FIELDS_EXTRA',
    'XML13',
    'CHAN_DOAN_RV MA_BENH_CHINH TINH_TRANG_CT MA_LOAI_RV PP_DIEUTRI',
    'warning',
  ),
  rule({
    id: 'XML13_DESTINATION',
    severity: 'error',
    stage: 'export',
    params: {},
    check: (claim, _params, { catalogues }) => {
      const papers = claim.rows('XML13').filter(({ values }) => isFilled(values, 'MA_CSKCB_DEN'));
      if (papers.length === 0) return 'not-applicable';
      const announced = value(claim.xml1, 'MA_NOI_DEN');
      const known = catalogues.facility_catalogue;
      return papers
        .filter(({ values }) => {
          const to = value(values, 'MA_CSKCB_DEN');
          const isOwn = [value(values, 'MA_CSKCB'), value(claim.xml1, 'MA_CSKCB')].includes(to);
          const isOther = announced !== '' && announced !== to;
          return isOwn || isOther || known?.rows(to).length === 0;
        })
        .map((row) => inRow(row, 'MA_CSKCB_DEN', { expected: announced || '–' }));
    },
  }),
  rule({
    id: 'XML13_IDENTITY_MATCH',
    severity: 'error',
    stage: 'export',
    params: {
      fields: {
        HO_TEN: 'name',
        NGAY_SINH: 'text',
        GIOI_TINH: 'text',
        MA_THE_BHYT: 'cards',
        NGAY_VAO: 'one-of',
        NGAY_RA: 'one-of',
        MA_BENH_CHINH: 'text',
      } as Readonly<Record<string, Comparison>>,
    },
    check: (claim, { fields }) => {
      const papers = claim.rows('XML13');
      if (papers.length === 0) return 'not-applicable';
      return papers.flatMap((row) => repeated(claim, row, fields));
    },
  }),
];
