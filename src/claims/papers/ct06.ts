import { lastDay8 } from '../values.ts';
import { holder } from './holder.ts';
import { paperProjection } from './paper.ts';

/** Giấy xác nhận nghỉ dưỡng thai: says what XML10 says. */
export const ct06 = paperProjection(
  'CT06',
  (view) => view.clinical.pregnancyRest,
  (visit, paper) => ({
    MA_BHXH: holder(visit).socialInsuranceNumber,
    MA_THE: holder(visit).cardNumber,
    HO_TEN: visit.patient.name,
    NGAY_SINH: holder(visit).birth,
    NGAY_VAO: paper.rest.from, // the only pair of days on this paper: those of the rest
    NGAY_RA: lastDay8(paper.rest.to),
    CHAN_DOAN: visit.encounter.finalDiagnosis,
    NGUOI_DAI_DIEN: holder(visit).signer,
    MA_BS: paper.doctor.licence,
    TEN_BS: paper.doctor.name,
    TEN_DVI: visit.clinical.employer,
    SO_KCB: paper.formNumber,
    NGAY_CT: paper.issuedOn,
    SO_SERI: paper.serialNumber,
    MA_CT: paper.documentNumber,
    LOAI_GIAYTO: holder(visit).identityKind,
    SO_CCCD: visit.patient.nationalId,
    NGAYCAP_CCCD: holder(visit).identityIssuedOn,
    NOI_CU_TRU_NND: visit.patient.address,
    MATINH_CU_TRU: visit.patient.provinceCode,
    MAXA_CU_TRU: visit.patient.wardCode,
    TUOI_THAI: paper.weeks,
    BENH_ICD10_ID: holder(visit).mainCode,
    BENH_ICD10_TEN: holder(visit).mainName,
  }),
);
