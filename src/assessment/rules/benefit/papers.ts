import { daysBetween } from '../../../platform/dates.ts';
import { type AnyRule, arrivalDay, type Claim, inTable, isoDay, rule, value } from '../../rule.ts';
import { earliestBirth } from '../patient/birth.ts';

const isOfClass = ({ xml1 }: Claim, code: string) => value(xml1, 'MA_DOITUONG_KCB') === code;

/** What proves a class: the paper that was brought, the area on the card, the age. */
export const papers: readonly AnyRule[] = [
  rule({
    id: 'BEN_REFERRAL_DOCS',
    severity: 'error',
    stage: 'order',
    params: { class: '1.3', codeLength: 5 },
    check: (claim, params) => {
      if (!isOfClass(claim, params.class)) return 'not-applicable';
      const hasOrigin = value(claim.xml1, 'MA_NOI_DI').length === params.codeLength;
      const hasPaper = value(claim.xml1, 'GIAY_CHUYEN_TUYEN') !== '';
      const missing = [...(hasOrigin ? [] : ['MA_NOI_DI']), ...(hasPaper ? [] : ['GIAY_CHUYEN_TUYEN'])];
      return missing.map((field) => inTable('XML1', field, { field }));
    },
  }),
  rule({
    id: 'BEN_APPOINTMENT_DOC',
    severity: 'error',
    stage: 'order',
    params: { class: '1.5' },
    check: (claim, params) => {
      if (!isOfClass(claim, params.class)) return 'not-applicable';
      const hasNumber = value(claim.xml1, 'GIAY_CHUYEN_TUYEN') !== '';
      return hasNumber ? [] : [inTable('XML1', 'GIAY_CHUYEN_TUYEN')];
    },
  }),
  rule({
    id: 'BEN_NEWBORN_CLASS',
    severity: 'error',
    stage: 'order',
    params: { class: '1.7', maxDays: 28 },
    check: (claim, params) => {
      const [birth, arrival] = [earliestBirth(claim.xml1), arrivalDay(claim)];
      if (!isOfClass(claim, params.class) || birth === null || arrival === null) return 'not-applicable';
      const days = daysBetween(isoDay(birth), isoDay(arrival));
      return days <= params.maxDays ? [] : [inTable('XML1', 'MA_DOITUONG_KCB', { days: String(days) })];
    },
  }),
  rule({
    id: 'BEN_REGION_CLASS',
    severity: 'error',
    stage: 'order',
    params: { class: '3.6', areas: ['K1', 'K2', 'K3'] },
    check: (claim, params) => {
      if (!isOfClass(claim, params.class)) return 'not-applicable';
      const area = value(claim.xml1, 'MA_KHUVUC');
      return params.areas.includes(area) ? [] : [inTable('XML1', 'MA_KHUVUC', { value: area })];
    },
  }),
];
