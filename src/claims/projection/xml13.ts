import type { Instant } from '../../platform/dates.ts';
import { datetime12, lastDay8, type Origin } from '../values.ts';
import { birthMoment, namesOf, SIGNED_ELSEWHERE, since } from './facts.ts';
import { drugLines, issued, projection, serviceLines, type VisitView } from './projection.ts';

/** Transferred for professional reasons, or at the patient's request. */
const TRANSFERRED = ['2', '5'];
const isTransferred = ({ encounter }: VisitView) => TRANSFERRED.includes(encounter.dischargeCode ?? '');

/** The referral paper that we issue; XML1 describes the one that the patient brought. */
export const xml13 = projection(
  'XML13',
  (view) => issued(isTransferred(view) ? view.clinical.referralPaper : undefined),
  ({ encounter, patient, cards, ...visit }, paper) => ({
    MA_LK: encounter.claimKey,
    SO_HOSO: paper.fileNumber,
    SO_CHUYENTUYEN: paper.registerNumber,
    GIAY_CHUYEN_TUYEN: paper.paperNumber,
    MA_CSKCB: visit.facility.code,
    MA_CSKCB_DI: paper.cameThrough?.map((stay) => stay.facilityCode) ?? encounter.referral?.fromFacilityCode,
    MA_NOI_DI: paper.cameThrough?.at(-1)?.facilityCode ?? encounter.referral?.fromFacilityCode, // before 3176: the last
    MA_CSKCB_DEN: encounter.destinationFacilityCode,
    MA_NOI_DEN: encounter.destinationFacilityCode, // before 3176
    HO_TEN: patient.name,
    NGAY_SINH: birthMoment(patient),
    GIOI_TINH: patient.sexCode,
    MA_QUOCTICH: patient.nationalityCode,
    MA_DANTOC: patient.ethnicityCode,
    MA_NGHE_NGHIEP: patient.occupationCode,
    DIA_CHI: patient.address,
    MA_THE_BHYT: cards.map((card) => card.cardNumber),
    GT_THE_DEN: cards.map((card) => lastDay8(card.to)),
    NGAY_VAO: momentsOf(
      paper.cameThrough?.map((stay) => stay.arrivedAt),
      encounter.arrivedAt,
      visit,
    ),
    NGAY_VAO_NOI_TRU: encounter.admittedAt,
    NGAY_RA: momentsOf(
      paper.cameThrough?.map((stay) => stay.leftAt),
      encounter.endedAt,
      visit,
    ),
    DAU_HIEU_LS: paper.clinicalSigns,
    CHAN_DOAN_RV: encounter.finalDiagnosis,
    QT_BENHLY: paper.course,
    TOMTAT_KQ: paper.results,
    PP_DIEUTRI: paper.given ?? encounter.treatment,
    MA_BENH_CHINH: visit.mainCode,
    MA_BENH_KT: visit.otherCodes,
    MA_BENH_YHCT: visit.traditionalCodes,
    TEN_DICH_VU: namesOf(serviceLines(visit)), // before 3176
    TEN_THUOC: namesOf(drugLines(visit)), // before 3176
    TINH_TRANG_CT: paper.condition,
    PP_DIEU_TRI: encounter.treatment, // before 3176, where TINH_TRANG_CT stands now
    MA_LOAI_RV: encounter.dischargeCode,
    MA_LYDO_CT: paper.reasonCode,
    HUONG_DIEU_TRI: paper.plan,
    PHUONGTIEN_VC: paper.transport,
    HOTEN_NGUOI_HT: paper.escort?.name,
    CHUCDANH_NGUOI_HT: paper.escort?.title,
    MA_BAC_SI: paper.doctor.licence,
    MA_TTDV: encounter.signerLicence,
  }),
  { DU_PHONG: SIGNED_ELSEWHERE },
);

/** 3176 lists the moments of all places passed through, ours last; before, only ours. */
function momentsOf(
  earlier: readonly Instant[] = [],
  ours: Instant | null,
  visit: Pick<VisitView, 'edition'>,
): Origin {
  if (!since(visit, '3176')) return ours;
  return [...earlier, ...(ours === null ? [] : [ours])].map(datetime12);
}
