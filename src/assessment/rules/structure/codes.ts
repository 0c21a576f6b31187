import { dictionary } from '../../../claims/dictionary.ts';
import {
  type AnyRule,
  eachFilled,
  eachRow,
  inTable,
  isRealDay,
  moment,
  rule,
  value,
  xml1Row,
} from '../../rule.ts';

const LISTS =
  'MA_THE_BHYT MA_DKBD GT_THE_TU GT_THE_DEN MA_BENH_KT MA_BENH MA_GIUONG MA_BAC_SI NGUOI_THUC_HIEN NGAY_TAI_KHAM ' +
  'MA_PTTT_QT CAN_NANG_CON';

/** Field → its closed list in the dictionary of the claim tables. */
const CLOSED: Readonly<Record<string, string>> = {
  GIOI_TINH: 'GIOI_TINH',
  MA_TAI_NAN: 'MA_TAI_NAN',
  KET_QUA_DTRI: 'KET_QUA_DTRI',
  MA_LOAI_RV: 'MA_LOAI_RV',
  MA_KHUVUC: 'MA_KHUVUC',
  PHAM_VI: 'PHAM_VI',
  MA_PTTT: 'MA_PTTT',
  NGUON_CTRA: 'NGUON_CTRA',
  PP_VO_CAM: 'PP_VO_CAM',
  TAI_SU_DUNG: 'ONE_OR_BLANK',
  VET_THUONG_TP: 'ONE_OR_BLANK',
};

/** The values of a field's closed list, without the blank. */
function allowedIn(field: string): readonly string[] {
  const values = dictionary().enums[CLOSED[field] ?? '']?.values ?? {};
  return Object.keys(values).filter((one) => one !== '');
}

/** Lists and codes: how they are written, and which there are. */
export const codes: readonly AnyRule[] = [
  rule({
    id: 'STR_LIST_FORMAT',
    severity: 'error',
    stage: 'export',
    params: { emptyAllowedFields: ['GT_THE_DEN'] },
    check: (claim, { emptyAllowedFields }) =>
      eachFilled([xml1Row(claim), ...claim.chargeRows], LISTS.split(' '), (text, field) => {
        const hasGap = text.split(';').some((element) => element.trim() === '');
        return !/[,|]/.test(text) && (!hasGap || emptyAllowedFields.includes(field));
      }),
  }),
  rule({
    id: 'STR_ENUM_VALUES',
    severity: 'error',
    stage: 'order',
    params: {},
    check: (claim) =>
      eachFilled(
        [xml1Row(claim), ...claim.chargeRows],
        Object.keys(CLOSED),
        (text, field) => allowedIn(field).includes(text),
        (_text, field) => ({ allowed: allowedIn(field).join(', ') }),
      ),
  }),
  rule({
    id: 'STR_KCB_TYPE',
    severity: 'error',
    stage: 'order',
    params: {
      types: ['01', '02', '03', '04', '05', '06', '07', '08', '09', '10'],
      extended: ['11', '12', '13', '14', '15', '16'],
      /** First day of discharge (yyyyMMdd) of the extended types; a patient still there may have them. */
      extendedFrom: '20260801',
    },
    check: ({ xml1 }, { types, extended, extendedFrom }) => {
      const type = value(xml1, 'MA_LOAI_KCB');
      if (type === '') return 'not-applicable';
      const day = moment(xml1, 'NGAY_RA')?.slice(0, 8) ?? extendedFrom;
      const isKnown = types.includes(type) || (extended.includes(type) && day >= extendedFrom);
      return isKnown ? [] : [inTable('XML1', 'MA_LOAI_KCB', { value: type })];
    },
  }),
  rule({
    id: 'STR_GROUP_TABLE',
    severity: 'error',
    stage: 'order',
    params: {
      XML2: ['4', '5', '6', '7', '17'],
      XML3: ['1', '2', '3', '8', '9', '10', '11', '12', '13', '14', '15', '16', '18', '19'],
    },
    check: ({ chargeRows }, { XML2, XML3 }) =>
      eachRow(
        chargeRows.filter(({ values }) => value(values, 'MA_NHOM') !== ''),
        'MA_NHOM',
        (values, { table }) => (table === 'XML2' ? XML2 : XML3).includes(value(values, 'MA_NHOM')),
      ),
  }),
  rule({
    id: 'STR_PERIOD',
    severity: 'error',
    stage: 'export',
    params: {},
    check: ({ xml1 }, _params, { checkTime }) => {
      const year = value(xml1, 'NAM_QT');
      const month = value(xml1, 'THANG_QT');
      if (year === '' || month === '') return 'not-applicable';
      const period = `${year}${month.padStart(2, '0')}`;
      const isMonth = /^\d{4}$/.test(year) && isRealDay(`${period}01`);
      const earliest = moment(xml1, 'NGAY_RA')?.slice(0, 6) ?? period;
      if (isMonth && period >= earliest && period <= checkTime.slice(0, 6)) return [];
      const field = /^\d{4}$/.test(year) ? 'THANG_QT' : 'NAM_QT';
      return [inTable('XML1', field, { year, month, ngay_ra: value(xml1, 'NGAY_RA') || '–' })];
    },
  }),
];
