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
import { owned } from './text.ts';

/** Groups that no rule asks other encounters for: supplies, transport, examinations, beds, blood costs, other. */
const NO_SERVICES: ReadonlySet<string> = new Set(['10', '11', '12', '13', '14', '15', '16', '17', '19']);
const EXAMINATION = '13';
/** No machine was used. */
const NO_MACHINE = '-1';
const BEDS: ReadonlySet<string> = new Set(['14', '15', '16']);
/** Something that lasts longer occupies a machine or a person on its first days only. */
const MOST_DAYS = 7;

const PAPER_NUMBERS = {
  XML7: 'SO_LUU_TRU',
  XML11: 'SO_CT',
  XML13: 'SO_CHUYENTUYEN',
  XML14: 'SO_GIAYHEN_KL',
};

/** Gives one string for all equal ones: codes and days come again in a hundred thousand claims. */
export type Share = (text: string) => string;

/** What other claims need to know of this one. */
export function encounterOf(claim: Claim, position: number, share: Share): Encounter {
  const { xml1, xml2, xml3 } = claim;
  const of = (field: string) => share(value(xml1, field));
  /** What hardly comes again, so that nothing is gained by sharing it. */
  const own = (field: string) => owned(value(xml1, field));
  const at = (field: string) => {
    const found = moment(xml1, field);
    return found === null ? null : share(found);
  };
  return {
    position,
    facility: of('MA_CSKCB') || share(claim.facilityCode),
    key: own('MA_LK'),
    patient: own('MA_BN'),
    citizen: own('SO_CCCD'),
    cards: cardTails(own('MA_THE_BHYT')),
    name: own('HO_TEN'),
    birth: of('NGAY_SINH'),
    arrival: at('NGAY_VAO'),
    leave: at('NGAY_RA'),
    isOpen: of('NGAY_RA') === '',
    type: of('MA_LOAI_KCB'),
    objectCode: of('MA_DOITUONG_KCB'),
    diagnosis: share(of('MA_BENH_CHINH').toUpperCase()),
    outcome: of('KET_QUA_DTRI'),
    leaving: of('MA_LOAI_RV'),
    cameFrom: of('MA_NOI_DI'),
    wentTo: of('MA_NOI_DEN'),
    followUps: list(xml1, 'NGAY_TAI_KHAM').map((day) => share(day.trim())),
    exemptFrom: of('NGAY_MIEN_CCT'),
    cost: of('T_TONGCHI_BV'),
    insured: of('T_BHTT'),
    copay: of('T_BNCCT'),
    supplied: xml2.flatMap(({ values }) => {
      const day = moment(values, 'NGAY_YL')?.slice(0, 8);
      const days = dosageOf(value(values, 'LIEU_DUNG'))?.days;
      return day && days ? [{ ingredient: share(ingredient(values)), day: share(day), days }] : [];
    }),
    services: xml3.flatMap(({ values }) => {
      const group = share(value(values, 'MA_NHOM'));
      const day = moment(values, 'NGAY_YL')?.slice(0, 8);
      const isStopped = value(values, 'MA_DICH_VU').endsWith('_TB');
      if (NO_SERVICES.has(group) || day === undefined || isStopped) return [];
      const result = moment(values, 'NGAY_KQ')?.slice(0, 8);
      const resultDay = result === undefined ? null : share(result);
      return [{ code: share(baseCode(values)), group, day: share(day), resultDay }];
    }),
    examined: xml3
      .filter(({ values }) => value(values, 'MA_NHOM') === EXAMINATION)
      .map(({ values }) => share(value(values, 'MA_KHOA'))),
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
export function* usesOf(
  claim: Claim,
  encounter: Encounter,
  share: Share,
): Generator<readonly [key: string, use: Omit<Use, 'encounter'>]> {
  const told = new Set<string>();
  for (const placed of claim.chargeRows) {
    const group = share(value(placed.values, 'MA_NHOM'));
    const rate = share(value(placed.values, 'TYLE_TT_DV'));
    for (const { keys, act, from, to } of occupied(placed, group, encounter)) {
      const use = { group, rate, act, from: share(from), to: to === null ? null : share(to) };
      const kind = act === 'ordered' && !BEDS.has(group) ? '' : group + rate;
      for (const key of keys) {
        const said = `${key}|${act}|${from}|${to}|${kind}`;
        if (group !== EXAMINATION && told.has(said)) continue;
        told.add(said);
        yield [key, use];
      }
    }
  }
}

function occupied(placed: PlacedRow, group: string, { facility }: Encounter) {
  const { values } = placed;
  const [ordered, done, end] = ['NGAY_YL', 'NGAY_TH_YL', 'NGAY_KQ'].map((field) => moment(values, field));
  const named = (field: string) =>
    list(values, field)
      .map((one) => one.trim())
      .filter((one) => one !== '');
  const uses: { keys: readonly string[]; act: Use['act']; from: string; to: string | null }[] = [];
  if (ordered) {
    const day = ordered.slice(0, 8);
    const beds = BEDS.has(group) ? named('MA_GIUONG') : [];
    const keys = [
      ...named('MA_BAC_SI').map((code) => `practitioner|${code}|${day}`),
      ...beds.map((bed) => `bed|${facility}|${value(values, 'MA_KHOA')}|${bed}|${day}`),
    ];
    uses.push({ keys, act: 'ordered', from: ordered, to: null });
  }
  if (done) {
    const to = end && end > done ? end : null;
    const keys = daysOf(done, to).flatMap((day) => [
      ...named('NGUOI_THUC_HIEN').map((code) => `practitioner|${code}|${day}`),
      ...machinesOf(placed)
        .filter((machine) => machine !== NO_MACHINE)
        .map((machine) => `machine|${facility}|${machine}|${day}`),
    ]);
    uses.push({ keys, act: 'done', from: done, to });
  }
  return uses;
}
