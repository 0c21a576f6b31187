import { readFileSync } from 'node:fs';
import { type Catalogues, readCatalogueFile } from '../../src/assessment/files.ts';
import { tableOf } from '../../src/claims/dictionary.ts';
import type { ClaimRow, ClaimTables } from '../../src/claims/tables.ts';
import { sumText } from '../../src/platform/money.ts';

/**
 * Claims of a month in a province, well recorded, made up one by one from their number: what speed and memory of the
 * rules are measured on. Every doctor, machine and bed has one patient at a time.
 */

interface Item {
  readonly officialCode: string;
  readonly name: string;
  readonly unit: string;
  readonly costGroupCode: string;
  readonly details: Readonly<Record<string, string>>;
  readonly prices: readonly { readonly insuredUnitPrice: string; readonly from: string }[];
}

const lines = <T>(name: string): readonly T[] =>
  readFileSync(new URL(`../../fixtures/province/${name}.jsonl`, import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);
const inForce = <T extends { from: string; through?: string }>({ from, through = '9999' }: T) =>
  from <= '2026-08-01' && through >= '2026-08-31';
const items = (name: string): readonly Item[] => {
  const known = new Map(
    lines<Item & { from: string; through?: string }>(name)
      .filter(inForce)
      .map((one) => [one.officialCode, one]),
  );
  return [...known.values()];
};

export const FACILITIES = lines<{ code: string; name: string }>('facilities');
const WARDS = lines<{ code: string; name: string; provinceCode: string }>('wards');
const DRUGS = items('drugs');
const SERVICES = items('services');
const TESTS = SERVICES.filter(
  ({ costGroupCode, details }) => /^[123]$/.test(costGroupCode) && details.machineGroup,
);
const EXAM = SERVICES.find(({ costGroupCode }) => costGroupCode === '13')!;
const BED = SERVICES.find(({ costGroupCode }) => costGroupCode === '15')!;
const priceOf = ({ prices }: Item) => prices.findLast(({ from }) => from <= '2026-08-01')!.insuredUnitPrice;

/** Three doctors and three technicians each. */
const STAFF_OF_FACILITY = 3;
const doctor = (facility: string, n: number) => `${facility}${n}1/NA-CCHN`;
const technician = (facility: string, n: number) => `${facility}${n}2/NA-CCHN`;

/** A catalogue file as `his check --catalogues` takes it: facilities, wards, staff, drugs, services of the province. */
export function monthCatalogueFile(): string {
  return JSON.stringify({
    facilities: FACILITIES.map(({ code, name }) => ({ code, name })),
    wards: WARDS.map(({ code, name, provinceCode }) => ({ ward: code, name, province: provinceCode })),
    staff: FACILITIES.flatMap(({ code }) =>
      Array.from({ length: STAFF_OF_FACILITY }, (_, n) => [
        { MA_BHXH_CCHN: doctor(code, n), name: `Bác sĩ ${n}`, title: 'BS', from: '20200101', to: '' },
        {
          MA_BHXH_CCHN: technician(code, n),
          name: `Kỹ thuật viên ${n}`,
          title: 'KTV',
          from: '20200101',
          to: '',
        },
      ]).flat(),
    ),
    drugs: DRUGS.map((one) => ({
      MA_THUOC: one.officialCode,
      TEN_THUOC: one.name,
      HAM_LUONG: one.details.strength,
      SO_DANG_KY: one.details.registrationNumber,
      TT_THAU: one.details.tender,
      DON_GIA: priceOf(one),
      DON_VI_TINH: one.unit,
      DUONG_DUNG: one.details.route,
    })),
    services: SERVICES.map((one) => ({
      MA_DICH_VU: one.officialCode,
      TEN_DICH_VU: one.name,
      MA_NHOM: one.costGroupCode,
      DON_GIA_BH: priceOf(one),
      machine: one.details.machineGroup !== undefined,
    })),
  });
}

export const monthCatalogues = (): Catalogues => readCatalogueFile(monthCatalogueFile()).catalogues;

/** Where and when the claim of that number is: slots of an hour, no two for one doctor. */
interface Slot {
  readonly facility: string;
  readonly n: number;
  readonly day: number;
  readonly startsAt: number;
  readonly key: string;
}

/** Some come twice in a month, to another facility. */
const PERSONS = 180_000;
const SLOTS_A_DAY = 24;
const WORKDAYS = Array.from({ length: 31 }, (_, at) => at + 1).filter((day) => (day + 5) % 7 < 5);

function slotOf(at: number): Slot {
  const facility = FACILITIES[at % FACILITIES.length]!.code;
  const turn = Math.floor(at / FACILITIES.length);
  const slot = turn % SLOTS_A_DAY;
  return {
    facility,
    n: slot % STAFF_OF_FACILITY,
    day: WORKDAYS[Math.floor(turn / SLOTS_A_DAY) % WORKDAYS.length]!,
    startsAt: 7 * 60 + 60 * Math.floor(slot / STAFF_OF_FACILITY),
    key: `${facility}.${String(at).padStart(32, '0')}`,
  };
}

const two = (n: number) => String(n).padStart(2, '0');
const moment = (day: number, minute: number) =>
  `202608${two(day)}${two(Math.floor(minute / 60))}${two(minute % 60)}`;

/** Every element of a row, blank where nothing is given. */
const rowOf = (table: 'XML1' | 'XML2' | 'XML3' | 'XML4' | 'XML5', values: ClaimRow): ClaimRow =>
  Object.fromEntries(tableOf(table).fields.map(({ name }) => [name, values[name] ?? '']));

const shares = (amount: string): ClaimRow => ({
  TYLE_TT_BH: '100',
  THANH_TIEN_BV: amount,
  THANH_TIEN_BH: amount,
  T_NGUONKHAC_NSNN: '0',
  T_NGUONKHAC_VTNN: '0',
  T_NGUONKHAC_VTTN: '0',
  T_NGUONKHAC_CL: '0',
  T_NGUONKHAC: '0',
  MUC_HUONG: '100',
  T_BNTT: '0',
  T_BNCCT: '0',
  T_BHTT: amount,
});

const whole = (amount: number) => String(amount);

function drugRow(
  { facility, n, key }: Slot,
  at: number,
  drug: Item,
  day: number,
  minute: number,
  isStay: boolean,
) {
  const price = priceOf(drug);
  const amount = whole(Math.round(Number(price) * 10));
  return rowOf('XML2', {
    MA_LK: key,
    STT: whole(at),
    MA_THUOC: drug.officialCode,
    MA_NHOM: drug.costGroupCode,
    TEN_THUOC: drug.name,
    DON_VI_TINH: drug.unit,
    HAM_LUONG: drug.details.strength ?? '',
    DUONG_DUNG: drug.details.route ?? '',
    DANG_BAO_CHE: drug.details.form ?? '',
    LIEU_DUNG: `1 ${drug.unit}/lần * 2 lần/ngày * 5 ngày [10 ${drug.unit}]`,
    CACH_DUNG: 'Uống sau ăn',
    SO_DANG_KY: drug.details.registrationNumber ?? '',
    TT_THAU: drug.details.tender ?? '',
    PHAM_VI: '1',
    SO_LUONG: '10',
    DON_GIA: price,
    ...shares(amount),
    MA_KHOA: 'K01',
    MA_BAC_SI: doctor(facility, n),
    NGAY_YL: moment(day, minute),
    NGAY_TH_YL: isStay ? moment(day, minute + 1) : '',
    MA_PTTT: '1',
    NGUON_CTRA: '1',
  });
}

function serviceRow(
  { facility, n, key }: Slot,
  at: number,
  service: Item,
  { ordered, done, result, bed = '' }: { ordered: string; done: string; result: string; bed?: string },
): ClaimRow {
  const price = priceOf(service);
  const group = service.details.machineGroup;
  return rowOf('XML3', {
    MA_LK: key,
    STT: whole(at),
    MA_DICH_VU: service.officialCode,
    MA_NHOM: service.costGroupCode,
    TEN_DICH_VU: service.name,
    DON_VI_TINH: service.unit,
    PHAM_VI: '1',
    SO_LUONG: '1',
    DON_GIA_BV: price,
    DON_GIA_BH: price,
    TYLE_TT_DV: '100',
    ...shares(price),
    MA_KHOA: 'K01',
    MA_GIUONG: bed,
    MA_BAC_SI: doctor(facility, n),
    NGUOI_THUC_HIEN: bed !== '' ? '' : group === undefined ? doctor(facility, n) : technician(facility, n),
    MA_BENH: 'J06.9',
    NGAY_YL: ordered,
    NGAY_TH_YL: done,
    NGAY_KQ: result,
    MA_PTTT: '1',
    MA_MAY: group === undefined ? '' : `${group}.1.${facility}${n}`,
  });
}

function claimOf(
  slot: Slot,
  at: number,
  xml2: readonly ClaimRow[],
  xml3: readonly ClaimRow[],
  main: ClaimRow,
): ClaimTables {
  const { facility, n, key } = slot;
  const sum = (rows: readonly ClaimRow[]) => sumText(rows.map(({ THANH_TIEN_BV }) => `${THANH_TIEN_BV}.00`));
  const total = sum([...xml2, ...xml3]);
  const tests = xml3.filter(({ MA_MAY }) => MA_MAY !== '');
  const xml1 = rowOf('XML1', {
    MA_LK: key,
    STT: '1',
    MA_BN: `BN${at}`,
    HO_TEN: 'Lê Thị Bưởi',
    SO_CCCD: `040184${String(at % PERSONS).padStart(6, '0')}`,
    NGAY_SINH: '198405120000',
    GIOI_TINH: '2',
    MA_QUOCTICH: '000',
    MA_DANTOC: '01',
    MA_NGHE_NGHIEP: '61',
    DIA_CHI: 'Xóm 3, xã Yên Thượng, tỉnh Nghệ An',
    MATINH_CU_TRU: '40',
    MAXA_CU_TRU: WARDS[0]!.code,
    MA_THE_BHYT: `DN140${String(at % PERSONS).padStart(10, '0')}`,
    MA_DKBD: facility,
    GT_THE_TU: '20260101',
    GT_THE_DEN: '20261231',
    LY_DO_VV: 'Ho, sốt nhẹ hai ngày',
    CHAN_DOAN_VAO: 'Viêm họng cấp',
    CHAN_DOAN_RV: 'Viêm họng cấp',
    MA_BENH_CHINH: 'J06.9',
    MA_DOITUONG_KCB: '1.1',
    SO_NGAY_DTRI: '0',
    PP_DIEU_TRI: 'Nội khoa',
    KET_QUA_DTRI: '2',
    MA_LOAI_RV: '1',
    T_THUOC: sum(xml2),
    T_VTYT: '0',
    T_TONGCHI_BV: total,
    T_TONGCHI_BH: total,
    T_BNTT: '0',
    T_BNCCT: '0',
    T_BHTT: total,
    T_NGUONKHAC: '0',
    T_BHTT_GDV: total,
    NAM_QT: '2026',
    THANG_QT: '8',
    MA_LOAI_KCB: '01',
    MA_KHOA: 'K01',
    MA_CSKCB: facility,
    NAM_NAM_LIEN_TUC: '20240101',
    MA_HSBA: `NT26-${at}`,
    MA_TTDV: doctor(facility, 0),
    ...main,
  });
  const xml4 = tests.map((test, index) =>
    rowOf('XML4', {
      MA_LK: key,
      STT: whole(index + 1),
      MA_DICH_VU: test.MA_DICH_VU!,
      MA_CHI_SO: test.MA_NHOM === '1' ? 'HGB' : '',
      TEN_CHI_SO: test.TEN_DICH_VU!,
      GIA_TRI: test.MA_NHOM === '1' ? '128' : '',
      DON_VI_DO: test.MA_NHOM === '1' ? 'g/L' : '',
      MO_TA: test.MA_NHOM === '1' ? '' : 'Hình ảnh bình thường.',
      KET_LUAN: test.MA_NHOM === '1' ? '' : 'Bình thường',
      NGAY_KQ: test.NGAY_KQ!,
      MA_BS_DOC_KQ: technician(facility, n),
    }),
  );
  const xml5 = [
    rowOf('XML5', {
      MA_LK: key,
      STT: '1',
      DIEN_BIEN_LS: 'Tỉnh, không sốt, ăn uống được.',
      THOI_DIEM_DBLS: xml3.at(-1)!.NGAY_YL!,
      NGUOI_THUC_HIEN: doctor(facility, n),
    }),
  ];
  return { XML1: [xml1], XML2: [...xml2], XML3: [...xml3], XML4: xml4, XML5: xml5 };
}

/** An out-patient's claim of 15 lines: an examination, nine tests, five drugs. */
export function outpatientClaim(at: number): ClaimTables {
  const slot = slotOf(at);
  const { day, startsAt } = slot;
  const time = (minutes: number) => moment(day, startsAt + minutes);
  const examination = serviceRow(slot, 1, EXAM, { ordered: time(2), done: time(5), result: time(12) });
  const tests = Array.from({ length: 9 }, (_, n) =>
    serviceRow(slot, n + 2, TESTS[(at + n) % TESTS.length]!, {
      ordered: time(12),
      done: time(14 + 4 * n),
      result: time(18 + 4 * n),
    }),
  );
  const drugs = Array.from({ length: 5 }, (_, n) =>
    drugRow(slot, n + 1, DRUGS[(at * 5 + n) % DRUGS.length]!, day, startsAt + 53, false),
  );
  return claimOf(slot, at, drugs, [examination, ...tests], {
    NGAY_VAO: time(0),
    NGAY_RA: time(57),
    NGAY_TTOAN: time(59),
  });
}

const STAY_DAYS = 10;

/** An in-patient's claim of 200 lines: each of ten days a bed, eight tests, eleven drugs. */
export function stayClaim(at: number): ClaimTables {
  const slot = slotOf(at);
  const days = Array.from({ length: STAY_DAYS }, (_, n) => n + 3);
  const bed = `H${String(at % 900).padStart(3, '0')}`;
  const services = days.flatMap((day, index) => [
    serviceRow(slot, index * 9 + 1, BED, {
      ordered: moment(day, slot.startsAt),
      done: moment(day, slot.startsAt),
      result: moment(day + 1, slot.startsAt),
      bed,
    }),
    ...Array.from({ length: 8 }, (_, n) =>
      serviceRow(slot, index * 9 + n + 2, TESTS[(index * 8 + n) % TESTS.length]!, {
        ordered: moment(day, slot.startsAt + 2),
        done: moment(day, slot.startsAt + 4 + 4 * n),
        result: moment(day, slot.startsAt + 8 + 4 * n),
      }),
    ),
  ]);
  const drugs = days.flatMap((day, index) =>
    Array.from({ length: 11 }, (_, n) =>
      drugRow(
        slot,
        index * 11 + n + 1,
        DRUGS[(index * 11 + n) % DRUGS.length]!,
        day,
        slot.startsAt + 40,
        true,
      ),
    ),
  );
  return claimOf(slot, at, drugs, services, {
    LY_DO_VNT: 'Viêm phổi nặng',
    NGAY_VAO: moment(3, slot.startsAt),
    NGAY_VAO_NOI_TRU: moment(3, slot.startsAt),
    NGAY_RA: moment(13, slot.startsAt),
    NGAY_TTOAN: moment(13, slot.startsAt + 10),
    SO_NGAY_DTRI: '11',
    MA_LOAI_KCB: '03',
  });
}
