import {
  FEE_FOR_SERVICE,
  lineCodes,
  modernCodes,
  noOtherSource,
  notRecorded,
  traditionalCodes,
} from './facts.ts';
import { projection, serviceLines } from './projection.ts';

/** Examinations, services, surgery, beds, transport and supplies, one row per line ordered. */
export const xml3 = projection('XML3', serviceLines, (visit, line, position) => ({
  MA_LK: visit.encounter.claimKey,
  STT: position,
  MA_DICH_VU: lineCodes(line).service?.code ?? line.partOfServiceCode, // a supply names the procedure it was used in
  MA_PTTT_QT: line.item.procedureCode,
  MA_VAT_TU: lineCodes(line).supply?.code,
  MA_NHOM: line.costGroupCode,
  GOI_VTYT: line.packageCode,
  TEN_VAT_TU: lineCodes(line).supply?.name,
  TEN_DICH_VU: lineCodes(line).service?.name,
  MA_XANG_DAU: line.fuelCode,
  DON_VI_TINH: line.unit,
  PHAM_VI: line.scopeCode,
  SO_LUONG: line.quantity,
  DON_GIA_BV: line.unitPrice,
  DON_GIA_BH: line.result?.insuredUnitPrice, // after the ceiling of one item
  TT_THAU: line.item.tender,
  TYLE_TT_DV: line.result?.serviceRate,
  TYLE_TT_BH: line.result?.scopeRate,
  THANH_TIEN_BV: line.result?.grossAmount,
  THANH_TIEN_BH: line.result?.insuredAmount,
  T_TRANTT: line.unitCeiling,
  MUC_HUONG: line.result?.benefitRate,
  T_NGUONKHAC_NSNN: noOtherSource(line),
  T_NGUONKHAC_VTNN: noOtherSource(line),
  T_NGUONKHAC_VTTN: noOtherSource(line),
  T_NGUONKHAC_CL: line.result?.otherPayers, // the rest, so that the four parts always make the whole
  T_NGUONKHAC: line.result?.otherPayers,
  T_BNTT: line.result?.selfPay,
  T_BNCCT: line.result?.copay,
  T_BHTT: line.result?.insurerPays,
  MA_KHOA: line.departmentCode,
  MA_GIUONG: line.bedCode,
  MA_BAC_SI: line.orderedByLicence,
  NGUOI_THUC_HIEN: line.performedByLicences,
  MA_BENH: modernCodes(line, visit),
  MA_BENH_YHCT: traditionalCodes(line, visit),
  NGAY_YL: line.orderedAt,
  NGAY_TH_YL: line.performedAt,
  NGAY_KQ: line.resultAt, // beds: the end of use
  MA_PTTT: FEE_FOR_SERVICE,
  VET_THUONG_TP: notRecorded, // recurring war injuries are not marked yet
  PP_VO_CAM: line.anaesthesiaCode,
  VI_TRI_TH_DVKT: notRecorded, // the Ministry has not issued the list
  MA_MAY: line.machineCodes,
  MA_HIEU_SP: line.item.productMark,
  TAI_SU_DUNG: notRecorded, // reuse of supplies is not recorded yet
  DU_PHONG: notRecorded, // spare element
}));
