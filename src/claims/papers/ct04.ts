import { noYes } from '../projection/facts.ts';
import { holder } from './holder.ts';
import { paperProjection } from './paper.ts';

/** Why the patient came, by the object code of the visit: registered here, referred, emergency. */
const ARRIVAL: Readonly<Record<string, string>> = { '1.1': '1', '1.3': '2', '2': '3' };

/** Tóm tắt hồ sơ bệnh án: says what XML8 says, and more. */
export const ct04 = paperProjection(
  'CT04',
  (view) => view.clinical.recordSummary,
  (visit, paper) => ({
    MA_CT: paper.documentNumber,
    SO_SERI: paper.serialNumber,
    MA_BHXH: holder(visit).socialInsuranceNumber,
    MA_THE: holder(visit).cardNumber,
    HO_TEN: visit.patient.name,
    NGAY_SINH: holder(visit).birth,
    GIOI_TINH: visit.patient.sexCode,
    MA_DANTOC: visit.patient.ethnicityCode,
    DIA_CHI: visit.patient.address,
    NGHE_NGHIEP: visit.clinical.occupationName,
    HO_TEN_CHA: visit.clinical.people?.father?.name,
    HO_TEN_ME: visit.clinical.people?.mother?.name,
    NGUOI_GIAM_HO: visit.clinical.people?.guardian?.name,
    TEN_DONVI: visit.clinical.employer,
    NGUOI_DAI_DIEN: holder(visit).signer,
    NGAY_CT: paper.issuedOn,
    NGAY_VAO: visit.encounter.arrivedAt,
    NGAY_RA: visit.encounter.endedAt,
    CHAN_DOAN_VAO: visit.encounter.provisionalDiagnosis,
    CHAN_DOAN_RA: visit.encounter.finalDiagnosis,
    QT_BENHLY: paper.course,
    TOMTAT_KQ: paper.results,
    PP_DIEUTRI: paper.treatment ?? visit.encounter.treatment,
    NGAY_SINHCON: paper.childLoss?.bornOn,
    NGAY_CHETCON: paper.childLoss?.diedOn,
    SO_CONCHET: paper.childLoss?.count,
    TT_RAVIEN: visit.encounter.outcomeCode,
    GHI_CHU: paper.note,
    TEKT: noYes(holder(visit).isChildWithoutCard),
    LOAI_GIAYTO: holder(visit).identityKind,
    SO_CCCD: visit.patient.nationalId,
    NGAYCAP_CCCD: holder(visit).identityIssuedOn,
    NOICAP_CCCD: holder(visit).identityIssuedBy,
    LYDO_VVIEN: ARRIVAL[visit.encounter.routeCode ?? ''],
    TIEN_SU_BENH: paper.history,
    DAU_HIEU_LAM_SANG: paper.clinicalSigns,
    NOI_KHOA: paper.medicalTreatment,
    IS_NOI_KHOA: noYes(paper.medicalTreatment !== undefined),
    PHAU_THUAT_THU_THUAT: paper.surgicalTreatment,
    IS_PHAU_THUAT_THU_THUAT: noYes(paper.surgicalTreatment !== undefined),
    HUONG_DIEU_TRI: paper.plan,
    BENH_ICD10_ID: holder(visit).mainCode,
    BENH_ICD10_TEN: holder(visit).mainName,
    IS_LAO_GIAI_DOAN_NANG: noYes(paper.hasSevereTuberculosis ?? false),
    IS_XO_GAN_GIAI_DOAN_MAT_BU: noYes(paper.hasDecompensatedCirrhosis ?? false),
  }),
);
