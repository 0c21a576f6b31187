import { FEE_FOR_SERVICE, handOverMark, oneOrBlank, otherPayers, SPARE } from './facts.ts';
import { drugLines, projection } from './projection.ts';

/** Drugs and blood, one row per line ordered. */
export const xml2 = projection(
  'XML2',
  drugLines,
  (visit, line, position) => ({
    MA_LK: visit.encounter.claimKey,
    STT: position,
    MA_THUOC: line.code,
    MA_PP_CHEBIEN: line.detail.preparationCodes,
    MA_CSKCB_THUOC: handOverMark(line, visit),
    MA_NHOM: line.costGroupCode,
    TEN_THUOC: line.name,
    DON_VI_TINH: line.unit,
    HAM_LUONG: line.item.strength,
    DUONG_DUNG: line.item.route,
    DANG_BAO_CHE: line.item.form,
    LIEU_DUNG: line.dose,
    CACH_DUNG: line.instruction,
    SO_DANG_KY: line.item.registrationNumber,
    TT_THAU: line.item.tender,
    PHAM_VI: line.scopeCode,
    TYLE_TT_BH: line.result?.scopeRate,
    SO_LUONG: line.quantity,
    DON_GIA: line.unitPrice,
    THANH_TIEN_BV: line.result?.grossAmount,
    THANH_TIEN_BH: line.result?.insuredAmount,
    T_NGUONKHAC_NSNN: otherPayers(line).stateBudget,
    T_NGUONKHAC_VTNN: otherPayers(line).foreignAid,
    T_NGUONKHAC_VTTN: otherPayers(line).domesticAid,
    T_NGUONKHAC_CL: otherPayers(line).other, // what nobody is named for, so that the four parts make the whole
    T_NGUONKHAC: otherPayers(line).all,
    MUC_HUONG: line.result?.benefitRate,
    T_BNTT: line.result?.selfPay,
    T_BNCCT: line.result?.copay,
    T_BHTT: line.result?.insurerPays,
    MA_KHOA: line.departmentCode,
    MA_BAC_SI: line.orderedByLicence,
    MA_DICH_VU: line.partOfServiceCode,
    NGAY_YL: line.orderedAt, // when it was ordered, not when it was given (NGAY_TH_YL)
    NGAY_TH_YL: line.performedAt,
    MA_PTTT: FEE_FOR_SERVICE,
    NGUON_CTRA: line.item.fundingCode ?? '1', // the insurance fund, unless the catalogue names another payer
    VET_THUONG_TP: oneOrBlank(line.detail.treatsWarInjury),
  }),
  { DU_PHONG: SPARE },
);
