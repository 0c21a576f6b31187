import { localDate } from '../../platform/dates.ts';
import { date8, lastDay8 } from '../values.ts';
import { birthMoment, daysOfCare, insurerShare, lastKnown, NO_LIST, sumOf } from './facts.ts';
import { drugLines, projection, supplyLines } from './projection.ts';

/** The visit in one row: person, cards, diagnoses, times, totals. */
export const xml1 = projection(
  'XML1',
  (view) => [view],
  ({ encounter, facility, patient, ...visit }, whole) => ({
    MA_LK: encounter.claimKey,
    STT: 1,
    MA_BN: patient.number,
    HO_TEN: patient.name,
    SO_CCCD: patient.nationalId,
    NGAY_SINH: birthMoment(patient),
    GIOI_TINH: patient.sexCode,
    NHOM_MAU: patient.bloodGroup,
    MA_QUOCTICH: patient.nationalityCode,
    MA_DANTOC: patient.ethnicityCode,
    MA_NGHE_NGHIEP: patient.occupationCode,
    DIA_CHI: patient.address,
    MATINH_CU_TRU: patient.provinceCode,
    MAHUYEN_CU_TRU: patient.districtCode, // districts ended on 2025-07-01: empty for addresses of today
    MAXA_CU_TRU: patient.wardCode,
    DIEN_THOAI: patient.phone,
    MA_THE_BHYT: visit.cards.map((card) => card.cardNumber), // four parallel lists, in the order presented
    MA_DKBD: visit.cards.map((card) => card.registeredFacilityCode),
    GT_THE_TU: visit.cards.map((card) => date8(card.from)),
    GT_THE_DEN: visit.cards.map((card) => lastDay8(card.to)),
    NGAY_MIEN_CCT: date8(lastKnown(visit.cards, (card) => card.freeCopayFrom)), // eight digits: by certificate
    LY_DO_VV: encounter.reason,
    LY_DO_VNT: encounter.admissionReason,
    CHAN_DOAN_VAO: encounter.provisionalDiagnosis,
    CHAN_DOAN_RV: encounter.finalDiagnosis,
    MA_BENH_CHINH: visit.mainCode,
    MA_BENH_KT: visit.otherCodes,
    MA_BENH_YHCT: visit.traditionalCodes,
    MA_PTTT_QT: encounter.procedureCodes,
    MA_DOITUONG_KCB: encounter.routeCode,
    MA_NOI_DI: encounter.referral?.fromFacilityCode, // the paper the patient brought, not the one we issued
    MA_NOI_DEN: encounter.destinationFacilityCode,
    MA_TAI_NAN: encounter.injuryCode,
    NGAY_VAO: encounter.arrivedAt,
    NGAY_VAO_NOI_TRU: encounter.admittedAt,
    NGAY_RA: encounter.endedAt,
    GIAY_CHUYEN_TUYEN: encounter.referral?.paperNumber,
    SO_NGAY_DTRI: daysOfCare(whole),
    PP_DIEU_TRI: encounter.treatment,
    KET_QUA_DTRI: encounter.outcomeCode,
    MA_LOAI_RV: encounter.dischargeCode,
    GHI_CHU: encounter.advice,
    NGAY_TTOAN: visit.settlement?.settledAt,
    T_THUOC: sumOf(whole, 'grossAmount', drugLines(whole)),
    T_VTYT: sumOf(whole, 'grossAmount', supplyLines(whole)),
    T_TONGCHI_BV: sumOf(whole, 'grossAmount'),
    T_TONGCHI_BH: sumOf(whole, 'insuredAmount'),
    T_BNTT: sumOf(whole, 'selfPay'),
    T_BNCCT: sumOf(whole, 'copay'),
    T_BHTT: insurerShare(whole), // the annex subtracts, which differs where others pay insured cost: a setting
    T_NGUONKHAC: sumOf(whole, 'otherPayers'),
    T_BHTT_GDV: sumOf(whole, 'insurerPays'), // rows with MA_PTTT 1: all of them
    NAM_QT: visit.settlement && localDate(visit.settlement.settledAt).slice(0, 4),
    THANG_QT: visit.settlement && localDate(visit.settlement.settledAt).slice(5, 7), // spelled without the leading zero
    MA_LOAI_KCB: encounter.classCode,
    MA_KHOA: encounter.departmentCodes,
    MA_CSKCB: facility.code,
    MA_KHUVUC: lastKnown(visit.cards, (card) => card.areaCode),
    CAN_NANG: encounter.weightKg,
    CAN_NANG_CON: encounter.birthWeightsGrams,
    NAM_NAM_LIEN_TUC: lastKnown(visit.cards, (card) => card.fiveYearsFrom),
    NGAY_TAI_KHAM: encounter.followUpDates.map(date8),
    MA_HSBA: encounter.recordNumber,
    MA_TTDV: encounter.signerLicence,
    DU_PHONG: encounter.heightCm, // height in cm, as the 3176 text allows
  }),
  { MA_LY_DO_VNT: NO_LIST },
);
