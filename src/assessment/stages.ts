import { type AnyRule, type Claim, type Finding, type Row, type Stage, value } from './rule.ts';

/** In the order in which a visit comes to them. */
export const STAGES: readonly Stage[] = ['order', 'discharge', 'settlement', 'export'];

/** Those that speak at a stage: a rule runs again at all later ones. */
export function rulesOf<One extends Pick<AnyRule, 'stage'>>(
  stage: Stage,
  rules: readonly One[],
): readonly One[] {
  const last = STAGES.indexOf(stage);
  return rules.filter((one) => STAGES.indexOf(one.stage) <= last);
}

/** Fields that are known from the settlement on. */
const AMOUNTS = /^(T_|THANH_TIEN_|MUC_HUONG$|TYLE_TT_|DON_GIA_BH$|NGAY_TTOAN$|NAM_QT$|THANG_QT$)/;
/** Fields that are known when the visit has ended: results, times of execution, diagnoses of lines, how it ended. */
const ENDINGS =
  /^(NGAY_RA|NGAY_KQ|NGAY_TH_YL|NGUOI_THUC_HIEN|MA_MAY|KET_QUA_DTRI|MA_LOAI_RV|MA_NOI_DEN|SO_NGAY_DTRI|CHAN_DOAN_RV|PP_DIEU_TRI|NGAY_TAI_KHAM|MA_TTDV|GIA_TRI|KET_LUAN|MO_TA|MA_BENH)$/;

/**
 * Can what a finding is about be known at that stage? A blank that is filled in later is no fault yet, whatever the
 * stage of its rule.
 */
export function isDue({ table, row, field }: Finding, stage: Stage, claim: Claim): boolean {
  if (field === null || stage === 'settlement' || stage === 'export') return true;
  const isLater = AMOUNTS.test(field) || (stage === 'order' && ENDINGS.test(field));
  return !isLater || value(rowOf(table, row, claim), field) !== '';
}

const rowOf = (table: string, row: number | null, claim: Claim): Row =>
  claim.rows(table)[(row ?? 1) - 1]?.values ?? {};
