import type { LocalDate } from '../platform/dates.ts';
import { type Money, money } from '../platform/money.ts';
import { lowerCased, objectIn, textOf } from './answer.ts';
import { type CardVerdict, cardMeaning, type Trouble } from './card-verdict.ts';
import type { Decision } from './classify.ts';
import type { Exchange } from './exchange.ts';
import type { QuestionKind } from './questions.ts';

/** The card as the insurer has it; what the answer left out is null. */
export interface CardFound {
  readonly verdict: CardVerdict;
  readonly card: string | null;
  readonly name: string | null;
  readonly birth: LocalDate | null;
  readonly validFrom: LocalDate | null;
  /** The last day. */
  readonly validTo: LocalDate | null;
  readonly registeredFacilityCode: string | null;
  readonly areaCode: string | null;
  readonly fiveYearsFrom: LocalDate | null;
  readonly newCard: {
    readonly card: string;
    readonly validFrom: LocalDate | null;
    readonly validTo: LocalDate | null;
  } | null;
  /** Who looked the card up lately: somebody who is being treated elsewhere shows here. */
  readonly lookedUpBy: readonly { readonly account: string; readonly at: string }[];
}

export interface PastVisit {
  readonly id: string;
  readonly facilityCode: string;
  /** `yyyyMMddHHmm` as it stands. */
  readonly arrivedAt: string;
  readonly endedAt: string | null;
  readonly disease: string | null;
}

export interface CopayFound {
  /** The highest running total: rows are sums, not parts. */
  readonly total: Money;
  readonly rows: number;
  /** Up to when it counts, in the gateway's words. */
  readonly asOf: string | null;
}

/** What could not be read of them is null. */
export interface DayTotals {
  readonly day: LocalDate;
  readonly records: number | null;
  readonly good: number | null;
  readonly bad: number | null;
  readonly amount: Money | null;
}

export interface TransactionTotals {
  readonly transactionId: string;
  /** As it is told: day first, to the minute, local time. */
  readonly sentAt: string;
  readonly amount: Money | null;
  readonly records: number | null;
  readonly good: number | null;
  readonly bad: number | null;
}

export interface ContentProblem {
  readonly code: string;
  readonly text: string;
}

interface Found {
  readonly card: CardFound;
  readonly history: readonly PastVisit[];
  /** null = no such card, or nothing paid: not the same as zero. */
  readonly copay: CopayFound | null;
  readonly days: readonly DayTotals[];
  readonly transactions: readonly TransactionTotals[];
  readonly errors: readonly ContentProblem[];
}

/** What came of a question. Either `found` is there or `trouble` says why it is not; nothing throws. */
export interface Reply<T> {
  readonly found: T | undefined;
  readonly trouble: Trouble | null;
  readonly code: string | null;
  readonly message: string | null;
  /** As it came, for the record: what was known of a card on a day is evidence. Null when nothing came. */
  readonly raw: string | null;
  /** What the call says of the way to the gateway. */
  readonly way: Way;
}
export type ReplyTo<Kind extends QuestionKind> = Reply<Found[Kind]>;

export const NO_REPLY = { found: undefined, trouble: null, code: null, message: null, raw: null } as const;

export type Way = Pick<Decision, 'rule' | 'retryAfterSeconds'>;

/**
 * A gateway that refuses one kind of question may well take claims: what it says of the session here is no word on the
 * account, unlike what the token call says.
 */
const wayOf = (trouble: Trouble | null, retryAfterSeconds: number | null): Way => {
  if (trouble === 'unavailable') return { rule: 'unclear', retryAfterSeconds };
  const isRefused = trouble === 'session' || trouble === 'account';
  return { rule: isRefused ? 'session-refused' : 'received', retryAfterSeconds: null };
};

/** Why nobody was asked: the token call said so. */
export const troubleOf = ({ outcome }: Decision): Trouble =>
  outcome === 'stopFacility' ? 'account' : 'unavailable';

type Fields = ReadonlyMap<string, unknown>;

export function readReply<Kind extends QuestionKind>(
  kind: Kind,
  { failure, httpStatus, answer, retryAfterSeconds }: Exchange,
): ReplyTo<Kind> {
  const raw = answer === '' ? null : answer;
  const fields = failure === null ? objectIn(answer) : null;
  const code = codeIn(kind, textOf(fields?.get('maketqua')));
  const message = textOf(fields?.get('ghichu')) ?? textOf(fields?.get('thongdiep'));
  const reply = { ...NO_REPLY, code, message, raw };
  const inTrouble = (trouble: Trouble) => ({ ...reply, trouble, way: wayOf(trouble, retryAfterSeconds) });
  if (failure !== null || fields === null || code === null)
    return inTrouble(httpStatus === 401 && failure === null ? 'session' : 'unavailable');
  const trouble = troubleIn(kind, code, message);
  if (trouble !== null) return inTrouble(trouble);
  return { ...reply, found: READERS[kind](fields, code) as Found[Kind], way: wayOf(null, null) };
}

/** The card's codes have three digits; where codes come as numbers, their zeros are gone. */
const codeIn = (kind: QuestionKind, code: string | null): string | null =>
  kind === 'card' || kind === 'history' ? (code?.padStart(3, '0') ?? null) : code;

/** Codes mean different things at each call: the card's are a table of their own. */
function troubleIn(kind: QuestionKind, code: string, message: string | null): Trouble | null {
  if (kind === 'card' || kind === 'history') {
    const meaning = cardMeaning(code);
    if ('trouble' in meaning) return meaning.trouble;
    return kind === 'history' && code !== '000' ? 'question' : null;
  }
  if (code === '200' || (kind === 'copay' && code === '204')) return null;
  // One code for both: the text alone tells an account that asked too often from a gateway that is ill.
  if (kind === 'copay' && code === '500' && /han che|restricted/i.test(unmarked(message ?? '')))
    return 'restricted';
  if (code === '401') return 'session';
  if (code === '402' || code === '403') return 'account';
  return code === '205' || code === '400' ? 'question' : 'unavailable';
}

/** Letters without their marks: nobody knows how carefully that text is written. */
const unmarked = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '');

const READERS: { readonly [Kind in QuestionKind]: (fields: Fields, code: string) => Found[Kind] } = {
  card: cardFound,
  history: (fields) =>
    listIn(fields, 'dslichsukcb2025').flatMap((one) => {
      const [id, facilityCode, arrivedAt] = ['mahoso', 'macskcb', 'ngayvao'].map((name) =>
        textOf(one.get(name)),
      );
      if (!id || !facilityCode || !arrivedAt) return [];
      return [
        {
          id,
          facilityCode,
          arrivedAt,
          endedAt: textOf(one.get('ngayra')),
          disease: textOf(one.get('tenbenh')),
        },
      ];
    }),
  copay: (fields) => {
    const rows = listIn(fields, 'datacct');
    const [first, ...more] = rows.flatMap((one) => amountIn(one, 'tbncctluyke') ?? []);
    if (!first) return null;
    const total = more.reduce((most, one) => (one.gt(most) ? one : most), first);
    return { total, rows: rows.length, asOf: textOf(fields.get('ghichu')) };
  },
  days: (fields) =>
    listIn(fields, 'dskqguihosongay').flatMap((one) => {
      const day = dayIn(one, 'ngaygui');
      const counts = {
        records: countIn(one, 'tongso'),
        good: countIn(one, 'sohsthanhcong'),
        bad: countIn(one, 'sohsloi'),
      };
      return day === null ? [] : [{ day, ...counts, amount: amountIn(one, 'tongtien') }];
    }),
  transactions: (fields) =>
    listIn(fields, 'dshoso').flatMap((one) => {
      const [transactionId, sentAt] = [textOf(one.get('magiaodich')), textOf(one.get('ngaygui'))];
      if (transactionId === null || sentAt === null) return [];
      const counts = {
        records: countIn(one, 'soluonghoso'),
        good: countIn(one, 'slhosodung'),
        bad: countIn(one, 'slhosoloi'),
      };
      return [{ transactionId, sentAt, ...counts, amount: amountIn(one, 'tongtien') }];
    }),
  errors: (fields) =>
    listIn(fields, 'dsloi').map((one) => ({
      code: textOf(one.get('maloi')) ?? '',
      text: textOf(one.get('motaloi')) ?? '',
    })),
};

function cardFound(fields: Fields, code: string): CardFound {
  const meaning = cardMeaning(code);
  const newCard = textOf(fields.get('mathemoi'));
  return {
    verdict: 'verdict' in meaning ? meaning.verdict : 'warn',
    card: textOf(fields.get('mathe')),
    name: textOf(fields.get('hoten')),
    birth: dayIn(fields, 'ngaysinh'),
    validFrom: dayIn(fields, 'gtthetu'),
    validTo: dayIn(fields, 'gttheden'),
    registeredFacilityCode: textOf(fields.get('madkbd')),
    areaCode: textOf(fields.get('makv')),
    fiveYearsFrom: dayIn(fields, 'ngaydu5nam'),
    newCard:
      newCard === null
        ? null
        : { card: newCard, validFrom: dayIn(fields, 'gtthetumoi'), validTo: dayIn(fields, 'gtthedenmoi') },
    lookedUpBy: listIn(fields, 'dslichsukt2018').flatMap((one) => {
      const [account, at] = [textOf(one.get('userkt')), textOf(one.get('thoigiankt'))];
      return account === null || at === null ? [] : [{ account, at }];
    }),
  };
}

/** A list that may be missing or null: then it is empty. */
function listIn(fields: Fields, name: string): readonly Fields[] {
  const value = fields.get(name);
  return Array.isArray(value) ? value.flatMap((one) => lowerCased(one) ?? []) : [];
}

/** `dd/MM/yyyy`, whatever follows it; null for anything else. */
function dayIn(fields: Fields, name: string): LocalDate | null {
  const [, day, month, year] = /^(\d\d)\/(\d\d)\/(\d{4})/.exec(textOf(fields.get(name)) ?? '') ?? [];
  return year === undefined ? null : (`${year}-${month}-${day}` as LocalDate);
}

/** What cannot be read is not known: it is no zero. */
const countIn = (fields: Fields, name: string): number | null => {
  const text = textOf(fields.get(name)) ?? '';
  return /^\d{1,9}$/.test(text) ? Number(text) : null;
};
const amountIn = (fields: Fields, name: string): Money | null => {
  const text = textOf(fields.get(name)) ?? '';
  return /^\d{1,15}(\.\d{1,2})?$/.test(text) ? money(text) : null;
};
