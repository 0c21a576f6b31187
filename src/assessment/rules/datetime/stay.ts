import {
  type AnyRule,
  type Claim,
  eachFilled,
  eachRow,
  inTable,
  moment,
  plusMinutes,
  readMoment,
  rule,
  value,
  xml1Row,
} from '../../rule.ts';

interface Stay {
  readonly ngay_vao: string;
  readonly ngay_ra: string;
}

/** Null when admission or discharge cannot be read. */
export function stayOf({ xml1 }: Claim): Stay | null {
  const ngay_vao = moment(xml1, 'NGAY_VAO');
  const ngay_ra = moment(xml1, 'NGAY_RA');
  return ngay_vao === null || ngay_ra === null ? null : { ngay_vao, ngay_ra };
}

/** Silent for what cannot be read. */
const isWithin = (at: string | null, { ngay_vao, ngay_ra }: Stay): boolean =>
  at === null || (ngay_vao <= at && at <= ngay_ra);

/** Admission and discharge, and what must lie between them (both included). */
export const stay: readonly AnyRule[] = [
  rule({
    id: 'DT_ADMIT_BEFORE_DISCHARGE',
    severity: 'error',
    stage: 'discharge',
    params: {},
    check: (claim) => {
      const found = stayOf(claim);
      if (found === null) return 'not-applicable';
      return found.ngay_vao < found.ngay_ra ? [] : [inTable('XML1', 'NGAY_RA', { ...found })];
    },
  }),
  rule({
    id: 'DT_FUTURE',
    severity: 'error',
    stage: 'order',
    // The last dose of drugs to take home may lie in the future: such a discharge is written as 23:59 of that day.
    params: {
      fields: ['NGAY_VAO', 'NGAY_RA', 'NGAY_YL', 'NGAY_KQ'],
      lastDoseTypes: ['02', '05', '07'],
      slackMinutes: 5,
    },
    check: (claim, { fields, lastDoseTypes, slackMinutes }, { checkTime }) => {
      const latest = plusMinutes(checkTime, slackMinutes);
      const hasLastDose = lastDoseTypes.includes(value(claim.xml1, 'MA_LOAI_KCB'));
      return eachFilled([xml1Row(claim), ...claim.chargeRows], fields, (text, field) => {
        const isLastDose = hasLastDose && field === 'NGAY_RA' && text.endsWith('2359');
        return isLastDose || (readMoment(text) ?? latest) <= latest;
      });
    },
  }),
  rule({
    id: 'DT_WARD_ADMISSION_WITHIN',
    severity: 'error',
    stage: 'discharge',
    params: {},
    check: (claim) => {
      const found = stayOf(claim);
      const ward = moment(claim.xml1, 'NGAY_VAO_NOI_TRU');
      if (found === null || ward === null) return 'not-applicable';
      return isWithin(ward, found) ? [] : [inTable('XML1', 'NGAY_VAO_NOI_TRU', { value: ward })];
    },
  }),
  rule({
    id: 'DT_ORDER_IN_STAY',
    severity: 'error',
    stage: 'order',
    parents: ['DT_ADMIT_BEFORE_DISCHARGE'],
    /** Minutes before admission: emergency orders may be written before the registration. */
    params: { tolMinutes: 0 },
    check: (claim, { tolMinutes }) => {
      const found = stayOf(claim);
      if (found === null) return 'not-applicable';
      const widened = { ...found, ngay_vao: plusMinutes(found.ngay_vao, -tolMinutes) };
      return eachRow(
        claim.chargeRows,
        'NGAY_YL',
        (values) => isWithin(moment(values, 'NGAY_YL'), widened),
        () => ({ ...found }),
      );
    },
  }),
  rule({
    id: 'DT_EXEC_IN_STAY',
    severity: 'error',
    stage: 'discharge',
    parents: ['DT_ADMIT_BEFORE_DISCHARGE'],
    params: {},
    check: (claim) => {
      const found = stayOf(claim);
      if (found === null) return 'not-applicable';
      return eachRow(
        claim.chargeRows,
        'NGAY_TH_YL',
        (values) => isWithin(moment(values, 'NGAY_TH_YL'), found),
        () => ({ ...found }),
      );
    },
  }),
  rule({
    id: 'DT_RESULT_IN_STAY',
    severity: 'error',
    stage: 'discharge',
    parents: ['DT_ADMIT_BEFORE_DISCHARGE'],
    /** Services of which the result may come after discharge (cultures, pathology), facility by facility. */
    params: { lateResultCodes: [] as readonly string[] },
    check: (claim, { lateResultCodes }) => {
      const found = stayOf(claim);
      if (found === null) return 'not-applicable';
      return eachRow(
        claim.xml3.filter(({ values }) => !lateResultCodes.includes(value(values, 'MA_DICH_VU'))),
        'NGAY_KQ',
        (values) => isWithin(moment(values, 'NGAY_KQ'), found),
        () => ({ ...found }),
      );
    },
  }),
];
