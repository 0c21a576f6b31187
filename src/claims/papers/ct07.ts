import { localDate } from '../../platform/dates.ts';
import { noYes } from '../projection/facts.ts';
import { SICK_LEAVE_FORM } from '../projection/xml11.ts';
import { lastDay8 } from '../values.ts';
import { holder } from './holder.ts';
import { paperProjection } from './paper.ts';

/** Giấy chứng nhận nghỉ việc hưởng bảo hiểm xã hội: says what XML11 says. */
export const ct07 = paperProjection(
  'CT07',
  (view) => view.clinical.sickLeave,
  (visit, paper) => ({
    MA_CT: paper.documentNumber,
    MAU_SO: SICK_LEAVE_FORM,
    SO_SERI: paper.serialNumber,
    SO_KCB: paper.formNumber,
    MA_BHXH: holder(visit).socialInsuranceNumber,
    MA_THE: holder(visit).cardNumber,
    HO_TEN: visit.patient.name,
    NGAY_SINH: holder(visit).birth,
    GIOI_TINH: visit.patient.sexCode,
    DON_VI: visit.clinical.employer,
    CHANDOAN_DIEUTRI: visit.encounter.finalDiagnosis,
    TU_NGAY: paper.rest.from,
    DEN_NGAY: lastDay8(paper.rest.to),
    HO_TEN_CHA: visit.clinical.people?.father?.name,
    HO_TEN_ME: visit.clinical.people?.mother?.name,
    THU_TRUONG_DV: holder(visit).signer,
    MA_CCHN: paper.doctor.licence,
    TEN_NGUOI_HANH_NGHE: paper.doctor.name,
    NGAY_CHUNG_TU: paper.issuedOn,
    TEKT: noYes(holder(visit).isChildWithoutCard),
    LOAI_GIAYTO: holder(visit).identityKind,
    SO_CCCD: visit.patient.nationalId,
    NGAYCAP_CCCD: holder(visit).identityIssuedOn,
    NOICAP_CCCD: holder(visit).identityIssuedBy,
    NGAY_KCB: localDate(visit.encounter.arrivedAt),
    BENH_ICD10_ID: holder(visit).mainCode,
    BENH_ICD10_TEN: holder(visit).mainName,
  }),
);
