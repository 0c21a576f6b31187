import { localDate } from '../../platform/dates.ts';
import { type ArrivedCall, jsonReply, Stop } from './answers.ts';
import type { SeededCard } from './people.ts';
import { facilityOf } from './sessions.ts';
import type { Reply } from './wire.ts';
import type { World } from './world.ts';

/** Looking up a card, a history, a co-payment: what is known of the invented people. */
type Text = (name: string) => string;

export const lookUpCard = (world: World, call: ArrivedCall): Reply => cardReply(soughtByStaff(world, call));

/** The call of 2019, which did not ask who is looking. */
export const lookUpCard2019 = (world: World, call: ArrivedCall): Reply => cardReply(sought(world, call));

function cardReply(person: SeededCard | undefined): Reply {
  if (!person) return answered('050', {});
  const { code, maThe, hoTen, ngaySinh, maTheMoi, more } = person;
  // A card that is wrong has nothing to tell.
  const isKnown = code.startsWith('00') || code.startsWith('01') || code.startsWith('1');
  const card = {
    maThe,
    hoTen,
    ngaySinh,
    gioiTinh: 'Nữ',
    diaChi: '[SIM]',
    maDKBD: '99001',
    cqBHXH: '[SIM]',
    gtTheTu: '01/01/2026',
    gtTheDen: '31/12/2026',
    maKV: '',
    ngayDu5Nam: '01/01/2024',
    maSoBHXH: maThe.slice(-10),
    maTheCu: null,
    maTheMoi: maTheMoi ?? null,
    gtTheTuMoi: maTheMoi ? '01/06/2026' : null,
    gtTheDenMoi: maTheMoi ? '31/12/2026' : null,
    maDKBDMoi: maTheMoi ? '99001' : null,
    tenDKBDMoi: maTheMoi ? '[SIM]' : null,
    dsLichSuKCB2018: null,
    dsLichSuKT2018: null,
  };
  return answered(code, { ...(isKnown ? card : {}), ...more });
}

export function lookUpHistory(world: World, call: ArrivedCall): Reply {
  const person = soughtByStaff(world, call);
  if (!person) return answered('050', { dsLichSuKCB2025: null });
  const isGood = person.code.startsWith('00');
  return answered(isGood ? '000' : person.code, { dsLichSuKCB2025: person.history ?? null });
}

/** @throws Stop when nobody is named who looks, or somebody who may not */
function soughtByStaff(world: World, call: ArrivedCall): SeededCard | undefined {
  const { fields, query } = call;
  const name = fields?.get('hoTenCb')?.trim() ?? '';
  if (name === '') throw new Stop(answered('205', { ghiChu: '[SIM] Null hoTenCb' }));
  const person = sought(world, call);
  if (world.settings['lookup.staff'] === 'any') return person;
  const facility = facilityOf(query.get('username') ?? '') ?? '';
  const wanted = fields?.get('cccdCb')?.trim();
  const member = world.people.staffOf(facility).find(({ cccd }) => cccd === wanted);
  if (!member) throw new Stop(answered('054', {}));
  if (member.hoTen.toUpperCase() !== name.toUpperCase()) throw new Stop(answered('055', {}));
  return person;
}

/** @throws Stop for parameters that are none */
function sought(world: World, { fields }: ArrivedCall): SeededCard | undefined {
  const text: Text = (name) => fields?.get(name)?.trim() ?? '';
  const isDay = /^(\d\d\/)?(\d\d\/)?\d{4}$/.test(text('ngaySinh'));
  if (!isDay || !/^(\w{10}|\w{12}|\w{15})$/.test(text('maThe')) || text('hoTen') === '')
    throw new Stop(answered('205', {}));
  const person = world.people.find(text('maThe'));
  if (!person?.code.startsWith('00')) return person;
  if (person.hoTen.toUpperCase() !== text('hoTen').toUpperCase()) return { ...person, code: '060' };
  return person.ngaySinh.endsWith(text('ngaySinh')) ? person : { ...person, code: '070' };
}

const answered = (code: string, fields: Readonly<Record<string, unknown>>): Reply =>
  jsonReply(code, { ghiChu: `[SIM] ${code}`, ...fields });

/** What a row of a co-payment tells beside the card and the running total. */
const PAST_VISIT = {
  maCskcb: '99001',
  ngayVao: '02/04/2026',
  ngayRa: '05/04/2026',
  maDoiTuongKCB: '1.1',
  tBNCCTMCCT: 0,
  ngayNhanCong: '06/04/2026',
  ngayNhan: '06/04/2026',
  ...Object.fromEntries([1, 2, 3, 4, 5].map((number) => [`duPhong${number}`, ''])),
};

/** The co-payment answers in other names, and with HTTP statuses. */
export function lookUpCopay(world: World, { fields }: ArrivedCall): Reply {
  const text: Text = (name) => fields?.get(name)?.trim() ?? '';
  const nothing = { DataCCT: null, ThongTinSoThe: null };
  const times = world.people.count(text('username'), localDate(world.now()));
  const limit = world.settings['lookup.dailyLimit'];
  if ((limit > 0 && times > limit) || world.restricted.has(text('username')))
    return jsonReply('500', { ...nothing, GhiChu: '[SIM] Tài khoản bị hạn chế tra cứu' }, 500);
  if (!/^(\w{10}|\w{12}|\w{15})$/.test(text('maThe')) || text('hoTen') === '' || text('ngaySinh') === '')
    return jsonReply('400', nothing, 400);
  const person = world.people.find(text('maThe'));
  if (!person || (person.copay ?? []).length === 0)
    return jsonReply('204', { ...nothing, GhiChu: '[SIM] không có dữ liệu' });
  const rows = (person.copay ?? []).map((sum, index) => ({
    Id: index + 1,
    ngayTraCuu: localDate(world.now()).split('-').toReversed().join('/'),
    maThe: person.maThe,
    ...PAST_VISIT,
    tBNCCTLuyKe: sum,
  }));
  const { hoTen, ngaySinh, maThe } = person;
  return jsonReply('200', {
    GhiChu: '[SIM] tính đến: 20/11/2026 17:30',
    DataCCT: rows,
    ThongTinSoThe: { hoTen, ngaySinh, ngayKetThuc: '31/12/2026', maBhxh: maThe.slice(-10) },
  });
}
