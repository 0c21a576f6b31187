import type { GatewayAccount } from './account.ts';
import type { Token } from './answer.ts';

/** How a file is handed in: where the credentials travel and how the body is written. Never one for all. */
type Convention = 'header-form' | 'header-json' | 'body-form';

interface Shape {
  readonly path: string;
  readonly convention: Convention;
  /** `loaiHoSo` of the QĐ 130 family, `loaiHs` of all others. */
  readonly recordType: string;
  readonly names: keyof typeof NAMES;
}

/** Names of type, facility and file, family by family. */
const NAMES = {
  qd130: { type: 'loaiHoSo', facility: 'maCSKCB', file: 'fileHSBase64' },
  tt12: { type: 'loaiHs', facility: 'maCSKCB', file: 'fileHsBase64' },
  adjustment: { type: 'loaiHs', facility: 'maCskcb', file: 'fileHsBase64' },
  pl02: { type: 'loaiHs', facility: 'maCskcb', file: 'fileBase64Str' },
} as const;

const claimLike = (path: string, recordType: string): Shape => ({
  path: `/api/qd130/${path}`,
  convention: 'header-form',
  recordType,
  names: 'qd130',
});
const paper = (path: string, recordType: string): Shape => ({
  path: `/api/${path}`,
  convention: 'body-form',
  recordType,
  names: 'pl02',
});
const catalogue = (form: string, recordType: string): Shape => ({
  path: `/api/DanhMucGW/GuiDanhMuc${form}`,
  convention: 'header-form',
  recordType,
  names: 'tt12',
});

/**
 * Every call that hands a file in.
 * @source VSS guides for QĐ 3176 (claims, check-ins), CV 3220 PL02 (papers), Circular 12/2026/TT-BTC (the rest)
 */
export const SUBMISSIONS = {
  checkIn: claimLike('checkInKcbQd3176', '0'),
  claim: claimLike('guiHoSoXmlQD3176', '130'),
  /** Papers for social insurance, `HSCHUNGTU`. */
  certificates: paper('chungtugw/GuiHoSoChungTu2025', '39'),
  deathNotice: paper('hososuckhoe/guiGiayToDienTu', '60'),
  birthCertificate: paper('hososuckhoe/guiGiayToDienTu', '61'),
  departments: catalogue('01_BPCMKBCB', '70'),
  staff: catalogue('02_NLKCB', '71'),
  drugs: catalogue('03_DMTHUOC', '10'),
  supplies: catalogue('04_DMVTYT', '11'),
  services: catalogue('05_DVKT', '12'),
  equipment: catalogue('06_DMTBYT', '72'),
  /** Form 01/BH of a month. */
  monthlySummary: {
    path: '/api/HoSoTongHop7980/GuiHoSoTongHop01BH',
    convention: 'header-form',
    recordType: '5',
    names: 'tt12',
  },
  /** Form 09/BH: one record that was assessed already. */
  adjustment: {
    path: '/api/HSDCTT12/GuiHoSoDieuChinh09BH',
    convention: 'header-json',
    recordType: '73',
    names: 'adjustment',
  },
} as const satisfies Readonly<Record<string, Shape>>;
export type SubmissionKind = keyof typeof SUBMISSIONS;

export interface Submission {
  readonly facilityCode: string;
  /** The signed file, as it is stored. */
  readonly bytes: Uint8Array;
  /** `yyyyMM`, where the form is about a month. */
  readonly period?: string;
}

export interface Request {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export const FORM = 'application/x-www-form-urlencoded';
const JSON_TYPE = 'application/json; charset=utf-8';

export const sessionHeaders = (account: GatewayAccount, token: Token) => ({
  accessToken: token.accessToken,
  tokenId: token.idToken,
  passwordHash: account.passwordMd5,
});

/** A file as the request that hands it in. */
export function submissionRequest(
  kind: SubmissionKind,
  account: GatewayAccount,
  token: Token,
  { facilityCode, bytes, period }: Submission,
): Request {
  const { path, convention, recordType, names }: Shape = SUBMISSIONS[kind];
  const name = NAMES[names];
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
  const fields: Record<string, string> = {
    username: account.username,
    [name.type]: recordType,
    maTinh: facilityCode.slice(0, 2),
    [name.facility]: facilityCode,
    ...(period === undefined ? {} : { kyQT: period }),
  };
  if (convention === 'header-json') {
    const body = {
      ...fields,
      password: account.passwordMd5,
      [name.type]: Number(recordType),
      [name.file]: file,
    };
    const headers = { 'Content-Type': JSON_TYPE, ...sessionHeaders(account, token) };
    return { path, headers, body: Buffer.from(JSON.stringify(body)) };
  }
  if (convention === 'header-form') {
    const headers = { 'Content-Type': FORM, ...sessionHeaders(account, token) };
    return { path, headers, body: formWithFile(fields, name.file, file) };
  }
  const { maTinh: _none, ...inBody } = fields;
  const secrets = { token: token.accessToken, id_token: token.idToken, password: account.passwordMd5 };
  return {
    path,
    headers: { 'Content-Type': FORM },
    body: formWithFile({ ...inBody, ...secrets }, name.file, file),
  };
}

function formWithFile(fields: Readonly<Record<string, string>>, name: string, base64: string): Buffer {
  // An unescaped `+` would arrive as a blank and corrupt the file silently. Base64 has only these three to escape,
  // and three replacements are ten times faster on a whole file than encodeURIComponent.
  const escaped = base64.replaceAll('+', '%2B').replaceAll('/', '%2F').replaceAll('=', '%3D');
  return Buffer.from(`${formPairs(fields)}&${name}=${escaped}`, 'latin1');
}

export function formPairs(fields: Readonly<Record<string, string>>): string {
  return Object.entries(fields)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&');
}
