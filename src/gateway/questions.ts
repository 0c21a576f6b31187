import type { LocalDate } from '../platform/dates.ts';
import type { GatewayAccount } from './account.ts';
import type { Token } from './answer.ts';
import { FORM, formPairs, type Request, sessionHeaders } from './submissions.ts';

/** Whose card. `birth`: `yyyy-MM-dd`, `yyyy-MM` or `yyyy`, as far as it is known. */
export interface Holder {
  /** Card of 15 characters, social insurance number of 10, or national id of 12. */
  readonly card: string;
  readonly name: string;
  readonly birth: string;
}

/** Who looks up: the person must stand in the list that the facility registered on the portal. */
export interface Asking {
  readonly staffName: string;
  readonly staffNationalId: string;
}

/** What the gateway can be asked; it changes nothing there. */
export type Question =
  /** E13: is the card good? */
  | ({ readonly kind: 'card' } & Holder & Asking)
  /** E17: where was the person treated? */
  | ({ readonly kind: 'history' } & Holder & Asking)
  /** E20: how much co-payment has come together this year? Accounts that ask too often are shut out. */
  | ({ readonly kind: 'copay' } & Holder)
  /** E10: totals per day, days included. */
  | { readonly kind: 'days'; readonly facilityCode: string; readonly from: LocalDate; readonly to: LocalDate }
  /** E11: transactions of one day. */
  | { readonly kind: 'transactions'; readonly facilityCode: string; readonly day: LocalDate }
  /** E12: what was wrong with a transaction. */
  | { readonly kind: 'errors'; readonly facilityCode: string; readonly transactionId: string };
export type QuestionKind = Question['kind'];
export type QuestionOf<Kind extends QuestionKind> = Extract<Question, { readonly kind: Kind }>;

const PATHS: Readonly<Record<QuestionKind, string>> = {
  card: '/api/egw/KQNhanLichSuKCB2024',
  history: '/api/egw/Lskcb2025',
  copay: '/api/TraCuuCCT/TraCuuTienMCCT',
  days: '/api/egw/nhanKQTiepNhanHS4210',
  transactions: '/api/egw/nhanChiTietHSNgay4210',
  errors: '/api/egw/nhanChiTietLoiHS4210',
};

/** Milliseconds. A card is looked up while somebody stands at the desk. */
export const TIME_LIMITS: Readonly<Record<QuestionKind, number>> = {
  card: 15_000,
  history: 60_000,
  copay: 60_000,
  days: 60_000,
  transactions: 60_000,
  errors: 60_000,
};

/** The record type under which results are kept; no query is documented for newer ones. */
const RESULT_TYPE = '3';

/** A question as the request that asks it. Most carry their secrets in the address: it is never logged. */
export function questionRequest(question: Question, account: GatewayAccount, token: Token): Request {
  const path = PATHS[question.kind];
  if (question.kind === 'copay') {
    const { card, name, birth } = question;
    const body = { username: account.username, maThe: card.trim(), hoTen: name, ngaySinh: dayFirst(birth) };
    const headers = { 'Content-Type': 'application/json; charset=utf-8', ...sessionHeaders(account, token) };
    return { path, headers, body: Buffer.from(JSON.stringify(body)) };
  }
  const secrets = {
    token: token.accessToken,
    id_token: token.idToken,
    username: account.username,
    password: account.passwordMd5,
  };
  const { inAddress, inBody } = fieldsOf(question);
  return {
    path: `${path}?${formPairs({ ...secrets, ...inAddress })}`,
    headers: { 'Content-Type': FORM },
    body: Buffer.from(formPairs(inBody), 'latin1'),
  };
}

type Fields = Readonly<Record<string, string>>;
function fieldsOf(question: Exclude<Question, { readonly kind: 'copay' }>): {
  readonly inAddress: Fields;
  readonly inBody: Fields;
} {
  switch (question.kind) {
    case 'card':
    case 'history':
      return {
        inAddress: {},
        inBody: {
          maThe: question.card.trim(),
          hoTen: question.name,
          ngaySinh: dayFirst(question.birth),
          hoTenCb: question.staffName,
          cccdCb: question.staffNationalId,
        },
      };
    case 'days': {
      const { facilityCode, from, to } = question;
      return {
        inAddress: { ...ofFacility(facilityCode), tuNgay: dayFirst(from), denNgay: dayFirst(to) },
        inBody: {},
      };
    }
    case 'transactions':
      return {
        inAddress: { ...ofFacility(question.facilityCode), ngayGui: dayFirst(question.day) },
        inBody: {},
      };
    case 'errors':
      return {
        inAddress: { maCSKCB: question.facilityCode, maGiaoDich: question.transactionId },
        inBody: {},
      };
  }
}

const ofFacility = (maCSKCB: string): Fields => ({ loaiHoSo: RESULT_TYPE, maCSKCB });

/** `yyyy-MM-dd` → `dd/MM/yyyy`; what is not known of a birth stays away. */
export const dayFirst = (day: string): string => day.split('-').toReversed().join('/');
