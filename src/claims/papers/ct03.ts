import { noYes, oneOrBlank } from '../projection/facts.ts';
import { date8, lastDay8 } from '../values.ts';
import { holder } from './holder.ts';
import { paperProjection } from './paper.ts';

/** Giấy ra viện: says what XML7 says. */
export const ct03 = paperProjection(
  'CT03',
  (view) => view.clinical.dischargePaper,
  (visit, paper) => ({
    SO_LUU_TRU: paper.archiveNumber,
    MA_KHOA: paper.departmentCode,
    MA_BHXH: holder(visit).socialInsuranceNumber,
    MA_THE: holder(visit).cardNumber,
    HO_TEN: visit.patient.name,
    NGAY_SINH: holder(visit).birth,
    GIOI_TINH: visit.patient.sexCode,
    MA_DANTOC: visit.patient.ethnicityCode,
    NGHE_NGHIEP: visit.clinical.occupationName,
    DIA_CHI: visit.patient.address,
    NGAY_VAO: visit.encounter.arrivedAt,
    NGAY_RA: visit.encounter.endedAt,
    DINH_CHI_THAI_NGHEN: oneOrBlank(paper.pregnancyEnd !== undefined),
    TUOI_THAI: paper.pregnancyEnd?.weeks,
    CHAN_DOAN: visit.encounter.finalDiagnosis,
    PP_DIEUTRI: visit.encounter.treatment,
    GHI_CHU: paper.note,
    THU_TRUONG_DVI: holder(visit).signer,
    MA_CCHN_TRUONGKHOA: paper.doctor.licence,
    TEN_TRUONGKHOA: paper.doctor.name,
    NGAY_CHUNG_TU: paper.issuedOn,
    TEKT: noYes(holder(visit).isChildWithoutCard),
    HO_TEN_CHA: visit.clinical.people?.father?.name,
    HO_TEN_ME: visit.clinical.people?.mother?.name,
    NGOAITRU_TUNGAY: date8(paper.rest?.from),
    NGOAITRU_DENNGAY: lastDay8(paper.rest?.to ?? null),
    LOAI_GIAYTO: holder(visit).identityKind,
    SO_CCCD: visit.patient.nationalId,
    NGAYCAP_CCCD: holder(visit).identityIssuedOn,
    NOICAP_CCCD: holder(visit).identityIssuedBy,
    BENHICD10_ID: holder(visit).mainCode,
    TENBENHNICD10: holder(visit).mainName,
  }),
  { MA_YTE: 'left to the insurer, who then gives the document its key' },
);
