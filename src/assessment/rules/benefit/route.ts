import { type AnyRule, type Claim, INPATIENT_CLASSES, inTable, list, rule, value } from '../../rule.ts';

const CLASS = 'MA_DOITUONG_KCB';
const classOf = ({ xml1 }: Claim) => value(xml1, CLASS);
const facilityOf = ({ xml1 }: Claim) => value(xml1, 'MA_CSKCB');
const registeredAt = ({ xml1 }: Claim) =>
  list(xml1, 'MA_DKBD')
    .map((code) => code.trim())
    .filter((code) => code !== '');

/** Classes of who comes without being sent, each by its exact code. */
const SELF_REFERRED = [
  '1.11',
  '1.12',
  '1.13',
  '1.14',
  '1.15',
  '1.16',
  '1.17',
  '1.18',
  '3.1',
  '3.2',
  '3.3',
  '3.6',
];

/** Does the class go with where the patient is registered and came from? */
export const route: readonly AnyRule[] = [
  rule({
    id: 'BEN_CLASS_REGISTERED_HERE',
    severity: 'warning',
    stage: 'order',
    /** Code of a facility → other codes under which people are registered with it. */
    params: { class: '1.1', sameFacility: {} as Readonly<Record<string, readonly string[]>> },
    check: (claim, { class: own, sameFacility }) => {
      const [codes, here] = [registeredAt(claim), facilityOf(claim)];
      if (classOf(claim) !== own || codes.length === 0 || here === '') return 'not-applicable';
      const isHere = (code: string) => code === here || sameFacility[here]?.includes(code) === true;
      if (codes.every(isHere)) return [];
      return [inTable('XML1', 'MA_DKBD', { dkbd: codes.join(';'), cskcb: here })];
    },
  }),
  rule({
    id: 'BEN_CLASS_ELSEWHERE_BUT_HERE',
    severity: 'warning',
    stage: 'order',
    params: { classes: ['1.3', ...SELF_REFERRED] },
    check: (claim, { classes }) => {
      const here = facilityOf(claim);
      if (!classes.includes(classOf(claim)) || here === '') return 'not-applicable';
      return registeredAt(claim).includes(here) ? [inTable('XML1', CLASS, { class: classOf(claim) })] : [];
    },
  }),
  rule({
    id: 'BEN_REFERRAL_ORIGIN_KNOWN',
    severity: 'error',
    stage: 'order',
    needs: ['facility_catalogue'],
    params: {},
    check: (claim, _params, { catalogues }) => {
      const origin = value(claim.xml1, 'MA_NOI_DI');
      if (origin === '') return 'not-applicable';
      const isKnown = catalogues.facility_catalogue!.rows(origin).length > 0;
      return isKnown && origin !== facilityOf(claim) ? [] : [inTable('XML1', 'MA_NOI_DI', { value: origin })];
    },
  }),
  rule({
    id: 'BEN_SELF_REFERRED_ORIGIN',
    severity: 'warning',
    stage: 'order',
    params: { classes: SELF_REFERRED },
    check: (claim, { classes }) => {
      if (!classes.includes(classOf(claim))) return 'not-applicable';
      const origin = value(claim.xml1, 'MA_NOI_DI');
      return origin === '' ? [] : [inTable('XML1', 'MA_NOI_DI', { value: origin })];
    },
  }),
  rule({
    id: 'BEN_EMERGENCY_CLASS',
    severity: 'warning',
    stage: 'discharge',
    isOffByDefault: true,
    params: { class: '2', emergencyDepts: ['K02', 'K48'], types: [...INPATIENT_CLASSES] },
    check: (claim, { class: emergency, emergencyDepts, types }) => {
      if (classOf(claim) !== emergency) return 'not-applicable';
      const departments = [claim.xml1, ...claim.chargeRows.map(({ values }) => values)].flatMap((row) =>
        list(row, 'MA_KHOA').map((code) => code.trim()),
      );
      const isEmergency =
        types.includes(value(claim.xml1, 'MA_LOAI_KCB')) ||
        departments.some((code) => emergencyDepts.includes(code));
      return isEmergency ? [] : [inTable('XML1', CLASS)];
    },
  }),
];
