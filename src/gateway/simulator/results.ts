import { localDate, localDateTime } from '../../platform/dates.ts';
import { type Money, money, zero } from '../../platform/money.ts';
import { type ArrivedCall, jsonReply, refuse } from './answers.ts';
import { facilityOf } from './sessions.ts';
import type { Transaction } from './store.ts';
import type { Reply } from './wire.ts';
import type { World } from './world.ts';

/** What was received, as the calls of the 4210 days tell it: per day, per transaction, and what was wrong. */
export function totalsOfDays(world: World, call: ArrivedCall): Reply {
  const facility = ownFacility(call);
  const [from, to] = [dayIn(call, 'tuNgay'), dayIn(call, 'denNgay')];
  const byDay = Map.groupBy(claimsOf(world, facility), ({ receivedAt }) => localDate(receivedAt));
  const days = [...byDay]
    .filter(([day]) => from <= day && day <= to)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  return jsonReply('200', {
    dsKQGuiHosoNgay: days.map(([day, transactions]) => ({
      ngayGui: day.split('-').toReversed().join('/'),
      tongSo: sumOf(transactions, ({ records }) => records.length),
      soHSThanhCong: sumOf(transactions, (one) => countOf(world, one, false)),
      soHSLoi: sumOf(transactions, (one) => countOf(world, one, true)),
      tongTien: transactions.reduce((sum, one) => sum.plus(amountOf(one)), zero as Money).toNumber(),
    })),
  });
}

export function transactionsOfDay(world: World, call: ArrivedCall): Reply {
  const facility = ownFacility(call);
  const wanted = dayIn(call, 'ngayGui');
  const found = claimsOf(world, facility).filter(({ receivedAt }) => localDate(receivedAt) === wanted);
  return jsonReply('200', {
    dsHoSo: found.map((one) => {
      const [day = '', time = ''] = localDateTime(one.receivedAt).split('T');
      return {
        ngayGui: `${day.split('-').toReversed().join('/')} ${time.slice(0, 5)}`,
        maGiaoDich: one.maGiaoDich,
        soLuongHoSo: one.records.length,
        slHoSoDung: countOf(world, one, false),
        slHoSoLoi: countOf(world, one, true),
        tongTien: amountOf(one).toNumber(),
        mieuTa: '',
      };
    }),
  });
}

export function errorsOfTransaction(world: World, call: ArrivedCall): Reply {
  const facility = ownFacility(call);
  const found = world.store.transaction(call.query.get('maGiaoDich') ?? '');
  if (!found || found.maCSKCB !== facility) refuse('205', 'maGiaoDich unknown');
  return jsonReply('200', {
    dsLoi: isChecked(world, found) ? found.records.flatMap(({ errors }) => errors) : [],
  });
}

const claimsOf = (world: World, facility: string): readonly Transaction[] =>
  world.store.transactionsOf(facility).filter(({ kind }) => kind === 'claim');

/** Content errors show when the check is through; until then everything counts as good. */
const isChecked = (world: World, { checkedAt }: Transaction) => checkedAt <= world.now();
const countOf = (world: World, one: Transaction, bad: boolean): number =>
  one.records.filter(({ errors }) => (isChecked(world, one) && errors.length > 0) === bad).length;
const sumOf = <T>(all: readonly T[], of: (one: T) => number): number =>
  all.reduce((sum, one) => sum + of(one), 0);
const amountOf = ({ records }: Transaction): Money =>
  records.reduce((sum, one) => sum.plus(money(one.money.T_BHTT ?? '0')), zero as Money);

function ownFacility({ query }: ArrivedCall): string {
  const facility = query.get('maCSKCB') ?? '';
  if (facility !== facilityOf(query.get('username') ?? '')) refuse('402', 'maCSKCB is not of the account');
  return facility;
}

function dayIn({ query }: ArrivedCall, name: string): string {
  const [, day, month, year] = /^(\d\d)\/(\d\d)\/(\d{4})$/.exec(query.get(name) ?? '') ?? [];
  return year === undefined ? refuse('205', `${name} is not dd/MM/yyyy`) : `${year}-${month}-${day}`;
}
