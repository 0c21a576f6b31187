import { dosageOf } from './dosage.ts';
import type { Encounter, Paper, Use } from './encounter.ts';
import {
  baseCode,
  type Claim,
  ingredient,
  list,
  moment,
  type PlacedRow,
  plusMinutes,
  value,
} from './rule.ts';

/** Groups that no rule asks other encounters for: supplies, transport, examinations, beds, blood costs, other. */
const NO_SERVICES: ReadonlySet<string> = new Set(['10', '11', '12', '13', '14', '15', '16', '17', '19']);
const EXAMINATION = '13';
const BEDS: ReadonlySet<string> = new Set(['14', '15', '16']);
/** Something that lasts longer occupies a machine or a person on its first days only. */
const MOST_DAYS = 7;

const PAPER_NUMBERS = {
  XML7: 'SO_LUU_TRU',
  XML11: 'SO_CT',
  XML13: 'SO_CHUYENTUYEN',
  XML14: 'SO_GIAYHEN_KL',
};

/** What other claims need to know of this one. */
export function encounterOf(claim: Claim, position: number): Encounter {
  const { xml1, xml2, xml3 } = claim;
  const of = (field: string) => value(xml1, field);
  return {
    position,
    facility: of('MA_CSKCB') || claim.facilityCode,
    key: of('MA_LK'),
    patient: of('MA_BN'),
    citizen: of('SO_CCCD'),
    cards: cardTails(of('MA_THE_BHYT')),
    name: of('HO_TEN'),
    birth: of('NGAY_SINH'),
    arrival: moment(xml1, 'NGAY_VAO'),
    leave: moment(xml1, 'NGAY_RA'),
    isOpen: of('NGAY_RA') === '',
    type: of('MA_LOAI_KCB'),
    objectCode: of('MA_DOITUONG_KCB'),
    diagnosis: of('MA_BENH_CHINH').toUpperCase(),
    outcome: of('KET_QUA_DTRI'),
    leaving: of('MA_LOAI_RV'),
    cameFrom: of('MA_NOI_DI'),
    wentTo: of('MA_NOI_DEN'),
    followUps: list(xml1, 'NGAY_TAI_KHAM').map((day) => day.trim()),
    exemptFrom: of('NGAY_MIEN_CCT'),
    cost: of('T_TONGCHI_BV'),
    insured: of('T_BHTT'),
    copay: of('T_BNCCT'),
    supplied: xml2.flatMap(({ values }) => {
      const day = moment(values, 'NGAY_YL')?.slice(0, 8);
      const days = dosageOf(value(values, 'LIEU_DUNG'))?.days;
      return day && days ? [{ ingredient: ingredient(values), day, days }] : [];
    }),
    services: xml3.flatMap(({ values }) => {
      const group = value(values, 'MA_NHOM');
      const day = moment(values, 'NGAY_YL')?.slice(0, 8);
      const isStopped = value(values, 'MA_DICH_VU').endsWith('_TB');
      if (NO_SERVICES.has(group) || day === undefined || isStopped) return [];
      const resultDay = moment(values, 'NGAY_KQ')?.slice(0, 8) ?? null;
      return [{ code: baseCode(values), group, day, resultDay }];
    }),
    examined: xml3
      .filter(({ values }) => value(values, 'MA_NHOM') === EXAMINATION)
      .map(({ values }) => value(values, 'MA_KHOA')),
  };
}

/** Last ten characters of each card: they stay when the class of the holder changes. */
export const cardTails = (cards: string): readonly string[] =>
  cards
    .split(';')
    .map((one) => one.trim().toUpperCase())
    .filter((one) => one.length >= 10)
    .map((one) => one.slice(-10));

/** Year of a paper: of its date, else of the end of the visit. */
export const papersOf = (claim: Claim): readonly Paper[] =>
  Object.entries(PAPER_NUMBERS).flatMap(([table, field]) =>
    claim.rows(table).flatMap(({ row, values }) => {
      const number = value(values, field);
      const year = (value(values, 'NGAY_CT') || value(claim.xml1, 'NGAY_RA')).slice(0, 4);
      return number === '' ? [] : [{ table, row, field, number, year }];
    }),
  );

/** Machines of a row; a bare serial number belongs to the group and source of the first one. */
export function machinesOf({ values }: PlacedRow): readonly string[] {
  const [first = '', ...more] = list(values, 'MA_MAY').map((one) => one.trim());
  const head = /^[^.]+\.[^.]+\./.exec(first)?.[0] ?? '';
  return [first, ...more.map((one) => (one.includes('.') ? one : head + one))].filter((one) => one !== '');
}

/** Days on which `[from, to)` lies, `yyyyMMdd`; at least the first. */
export function daysOf(from: string, to: string | null): readonly string[] {
  const days = [from.slice(0, 8)];
  while (to !== null && days.length < MOST_DAYS) {
    const next = plusMinutes(`${days.at(-1)}0000`, 24 * 60).slice(0, 8);
    if (`${next}0000` >= to) break;
    days.push(next);
  }
  return days;
}

/** What the rows of a claim occupy, by the key under which it is looked up. */
export function* usesOf(claim: Claim, encounter: Encounter): Generator<readonly [key: string, use: Use]> {
  const { facility } = encounter;
  for (const placed of claim.chargeRows) {
    const { values, row, table } = placed;
    const group = value(values, 'MA_NHOM');
    const ordered = moment(values, 'NGAY_YL');
    const done = moment(values, 'NGAY_TH_YL');
    const use = { encounter, table, row, group, code: '', rate: value(values, 'TYLE_TT_DV') };
    if (table === 'XML3') use.code = baseCode(values);
    if (ordered !== null) {
      const order: Use = { ...use, act: 'ordered', from: ordered, to: null };
      for (const code of list(values, 'MA_BAC_SI'))
        yield [`practitioner|${code.trim()}|${ordered.slice(0, 8)}`, order];
      if (BEDS.has(group))
        for (const bed of list(values, 'MA_GIUONG'))
          yield [`bed|${facility}|${value(values, 'MA_KHOA')}|${bed.trim()}|${ordered.slice(0, 8)}`, order];
    }
    if (done === null) continue;
    const end = moment(values, 'NGAY_KQ');
    const doing: Use = { ...use, act: 'done', from: done, to: end !== null && end > done ? end : null };
    for (const day of daysOf(done, doing.to)) {
      for (const code of list(values, 'NGUOI_THUC_HIEN')) yield [`practitioner|${code.trim()}|${day}`, doing];
      for (const machine of machinesOf(placed)) yield [`machine|${facility}|${machine}|${day}`, doing];
    }
  }
}
