import { lastDay8 } from '../values.ts';
import { birthMoment, SIGNED_ELSEWHERE } from './facts.ts';
import { issued, projection } from './projection.ts';

/** The follow-up slip, once issued: one for a visit, for the first of its days. */
export const xml14 = projection(
  'XML14',
  (view) => issued(view.clinical.followUpSlip),
  ({ encounter, patient, cards, ...visit }, slip) => ({
    MA_LK: encounter.claimKey,
    SO_GIAYHEN_KL: slip.number,
    MA_CSKCB: visit.facility.code,
    HO_TEN: patient.name,
    NGAY_SINH: birthMoment(patient),
    GIOI_TINH: patient.sexCode,
    DIA_CHI: patient.address,
    MA_THE_BHYT: cards.map((card) => card.cardNumber),
    GT_THE_DEN: cards.map((card) => lastDay8(card.to)),
    NGAY_VAO: encounter.arrivedAt,
    NGAY_VAO_NOI_TRU: encounter.admittedAt,
    NGAY_RA: encounter.endedAt,
    NGAY_HEN_KL: encounter.followUpDates[0], // one of NGAY_TAI_KHAM in XML1
    CHAN_DOAN_RV: encounter.finalDiagnosis,
    MA_BENH_CHINH: visit.mainCode,
    MA_BENH_KT: visit.otherCodes,
    MA_BENH_YHCT: visit.traditionalCodes,
    MA_DOITUONG_KCB: encounter.routeCode,
    MA_BAC_SI: slip.doctor.licence,
    MA_TTDV: encounter.signerLicence,
    NGAY_CT: slip.issuedOn,
  }),
  { DU_PHONG: SIGNED_ELSEWHERE },
);
