import { type AnyRule, inRow, inTable, type PlacedRow, rule, value } from '../../rule.ts';

const XML1 =
  'STT MA_BN HO_TEN NGAY_SINH GIOI_TINH MA_QUOCTICH MA_DANTOC MA_NGHE_NGHIEP DIA_CHI MATINH_CU_TRU MAXA_CU_TRU ' +
  'LY_DO_VV CHAN_DOAN_VAO CHAN_DOAN_RV MA_BENH_CHINH MA_DOITUONG_KCB NGAY_VAO NGAY_RA SO_NGAY_DTRI KET_QUA_DTRI ' +
  'MA_LOAI_RV T_THUOC T_VTYT T_TONGCHI_BV T_TONGCHI_BH T_BNTT T_BNCCT T_BHTT T_NGUONKHAC T_BHTT_GDV NAM_QT ' +
  'THANG_QT MA_LOAI_KCB MA_KHOA MA_CSKCB MA_HSBA';
const XML2 =
  'MA_THUOC MA_NHOM TEN_THUOC DON_VI_TINH HAM_LUONG DUONG_DUNG PHAM_VI TYLE_TT_BH SO_LUONG DON_GIA THANH_TIEN_BV ' +
  'THANH_TIEN_BH T_NGUONKHAC MUC_HUONG T_BHTT T_BNCCT T_BNTT MA_KHOA MA_BAC_SI NGAY_YL MA_PTTT NGUON_CTRA';
const XML3 =
  'MA_NHOM DON_VI_TINH PHAM_VI SO_LUONG DON_GIA_BV DON_GIA_BH TYLE_TT_DV TYLE_TT_BH THANH_TIEN_BV THANH_TIEN_BH ' +
  'T_NGUONKHAC MUC_HUONG T_BHTT T_BNCCT T_BNTT MA_KHOA MA_BAC_SI NGAY_YL MA_PTTT';

/** Field → cost groups of which the rows may leave it blank. */
type Exempt = Readonly<Record<string, readonly string[]>>;

/** Fields that may not be blank; one finding per blank field. `0` is not blank. */
export const required: readonly AnyRule[] = [
  rule({
    id: 'STR_REQUIRED_XML1',
    severity: 'error',
    stage: 'settlement',
    params: { fields: XML1.split(' '), foreignerOptional: ['MA_DANTOC', 'MATINH_CU_TRU', 'MAXA_CU_TRU'] },
    check: ({ xml1 }, { fields, foreignerOptional }) => {
      const isForeigner = !['', '000'].includes(value(xml1, 'MA_QUOCTICH'));
      return fields
        .filter((field) => value(xml1, field) === '' && !(isForeigner && foreignerOptional.includes(field)))
        .map((field) => inTable('XML1', field));
    },
  }),
  rule({
    id: 'STR_REQUIRED_XML2',
    severity: 'error',
    stage: 'order',
    params: { fields: XML2.split(' '), exempt: { DUONG_DUNG: ['7', '17'], HAM_LUONG: ['7', '17'] } },
    check: ({ xml2 }, { fields, exempt }) => blanks(xml2, fields, exempt),
  }),
  rule({
    id: 'STR_REQUIRED_XML3',
    severity: 'error',
    stage: 'order',
    params: { fields: XML3.split(' '), exempt: { MUC_HUONG: ['12'], DON_VI_TINH: ['13', '14', '15', '16'] } },
    check: ({ xml3 }, { fields, exempt }) => blanks(xml3, fields, exempt),
  }),
];

function blanks(rows: readonly PlacedRow[], fields: readonly string[], exempt: Exempt) {
  if (rows.length === 0) return 'not-applicable';
  return rows.flatMap((row) =>
    fields
      .filter((field) => value(row.values, field) === '')
      .filter((field) => !exempt[field]?.includes(value(row.values, 'MA_NHOM')))
      .map((field) => inRow(row, field)),
  );
}
