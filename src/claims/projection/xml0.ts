import { date8, lastDay8 } from '../values.ts';
import { birthMoment, cardAtArrival, lineCodes, NO_LIST, SPARE } from './facts.ts';
import { projection } from './projection.ts';

/** Check-in: who came, with which card, and the first line that was charged. One row; sent on its own. */
export const xml0 = projection(
  'XML0',
  (view) => [{ card: cardAtArrival(view), first: view.lines[0] }],
  (visit, { card, first }) => ({
    MA_LK: visit.encounter.claimKey,
    STT: 1,
    MA_BN: visit.patient.number,
    HO_TEN: visit.patient.name,
    SO_CCCD: visit.patient.nationalId,
    NGAY_SINH: birthMoment(visit.patient),
    GIOI_TINH: visit.patient.sexCode,
    MA_THE_BHYT: card?.cardNumber,
    MA_DKBD: card?.registeredFacilityCode,
    GT_THE_TU: card && date8(card.from),
    GT_THE_DEN: card && lastDay8(card.to),
    MA_DOITUONG_KCB: visit.encounter.routeCode,
    NGAY_VAO: visit.encounter.arrivedAt,
    NGAY_VAO_NOI_TRU: visit.encounter.admittedAt,
    LY_DO_VNT: visit.encounter.admissionReason,
    MA_LOAI_KCB: visit.encounter.classCode,
    MA_CSKCB: visit.facility.code,
    MA_DICH_VU: lineCodes(first).service?.code,
    TEN_DICH_VU: lineCodes(first).service?.name,
    MA_THUOC: lineCodes(first).drug?.code,
    TEN_THUOC: lineCodes(first).drug?.name,
    MA_VAT_TU: lineCodes(first).supply?.code,
    TEN_VAT_TU: lineCodes(first).supply?.name,
    NGAY_YL: first?.orderedAt,
  }),
  { MA_LY_DO_VNT: NO_LIST, DU_PHONG: SPARE },
);
