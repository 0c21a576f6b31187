import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { localDate, localDateTime } from '../../platform/dates.ts';
import type { CallEntry } from './call-log.ts';
import type { ParsedDocument } from './documents.ts';
import { Refusal, readCheckIn, readClaim } from './documents.ts';
import { facilityOf } from './sessions.ts';
import { signatureProblem } from './signature.ts';
import type { Reply } from './wire.ts';
import { decodeBase64, htmlPage } from './wire.ts';
import type { World } from './world.ts';

/** The calls the simulator knows, with the record type they must name. */
export const ROUTES: Readonly<Record<string, 'token' | 'checkIn' | 'claim'>> = {
  '/api/token/take': 'token',
  '/api/qd130/checkInKcbQd3176': 'checkIn',
  '/api/qd130/checkInKcbQd4750': 'checkIn',
  '/api/qd130/guiHoSoXmlQD3176': 'claim',
  '/api/qd130/guiHoSoXmlQD4750': 'claim',
  '/api/qd130/guiHoSoXmlQD130': 'claim',
};
const RECORD_TYPE = { checkIn: '0', claim: '130' } as const;

/** A call whose body has been read. */
export interface ArrivedCall {
  readonly kind: 'token' | 'checkIn' | 'claim';
  readonly path: string;
  readonly ip: string;
  readonly contentType: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly fields: ReadonlyMap<string, string> | null;
  readonly entry: CallEntry;
}

/** An answer that goes out before the checks are through. */
export class Stop extends Error {
  readonly reply: Reply;
  readonly maKetQua: string | null;
  constructor(reply: Reply, maKetQua: string | null) {
    super(`answered ${maKetQua ?? reply.status}`);
    this.reply = reply;
    this.maKetQua = maKetQua;
  }
}

export interface Intake {
  /** Checks 2–7: maintenance to account state. @throws Stop */
  authorise(call: ArrivedCall): void;
  /** Checks 8–17, or issuing the token; the answer to send. @throws Stop */
  accept(call: ArrivedCall): Reply;
}

export function createIntake(world: World): Intake {
  return {
    authorise: (call) =>
      call.kind === 'token' ? authoriseToken(world, call) : authoriseSubmission(world, call),
    accept: (call) => (call.kind === 'token' ? issueToken(world, call) : acceptFile(world, call, call.kind)),
  };
}

/** An answer in the gateway's JSON, in the letter case and number form that the settings ask for. */
export function jsonReply(
  world: World,
  maKetQua: string,
  fields: Readonly<Record<string, unknown>>,
  status = 200,
): Reply {
  const code = world.settings['answer.numericCodes'] ? Number(maKetQua) : maKetQua;
  const isPascal = world.settings['answer.case'] === 'pascal';
  const named = Object.entries({ maKetQua: code, ...fields }).map(([name, value]) => [
    isPascal ? name[0]?.toUpperCase() + name.slice(1) : name,
    value,
  ]);
  return { status, type: 'json', body: JSON.stringify(Object.fromEntries(named)) };
}

function refuse(world: World, maKetQua: string, detail: string): never {
  const thongDiep = `[SIM] ${detail}`;
  throw new Stop(
    jsonReply(world, maKetQua, { maGiaoDich: null, thoiGianTiepNhan: null, thongDiep }),
    maKetQua,
  );
}

/** A session that does not hold, in the shape under test. */
function refuseSession(world: World, detail: string): never {
  const shape = world.settings['auth.failShape'];
  if (shape === 'http401-empty') throw new Stop({ status: 401, type: 'json', body: '' }, null);
  const status = shape === 'http200-json' ? 200 : shape === 'http401-json' ? 401 : 400;
  throw new Stop(jsonReply(world, '401', { thongDiep: `[SIM] ${detail}` }, status), '401');
}

function refuseInMaintenance(world: World): void {
  if (world.isInMaintenance)
    throw new Stop({ ...htmlPage(503, 'Service Unavailable'), retryAfterSeconds: 60 }, null);
}

function authoriseToken(world: World, call: ArrivedCall): void {
  refuseInMaintenance(world);
  const isForm = call.contentType === 'application/x-www-form-urlencoded';
  const isJson =
    call.contentType === 'application/json' && world.settings['token.contentTypes'] === 'form+json';
  const { fields } = call;
  if ((!isForm && !isJson) || !fields) refuse(world, '205', 'content type or body not readable');
  const [name, password] = [fields.get('username') ?? '', fields.get('password') ?? ''];
  if (!/^[0-9a-f]{32}$/i.test(password)) world.log.flag(call.entry, 'plainPassword');
  const account = world.sessions.account(name);
  if (!account || !world.sessions.passwordFits(name, password, world.settings)) {
    throw new Stop(jsonReply(world, '401', { APIKey: null }), '401');
  }
  const facility = fields.get('maCSKCB');
  if (facility !== undefined && facility !== facilityOf(name)) {
    throw new Stop(jsonReply(world, '402', { APIKey: null }), '402');
  }
  if (account.locked) refuseLocked(world, call.entry, name, { APIKey: null });
}

function refuseLocked(
  world: World,
  entry: CallEntry,
  name: string,
  fields: Readonly<Record<string, unknown>>,
): never {
  if (world.toldLocked.has(name)) world.log.flag(entry, 'callAfter403');
  world.toldLocked.add(name);
  throw new Stop(jsonReply(world, '403', fields), '403');
}

function issueToken(world: World, call: ArrivedCall): Reply {
  const username = call.fields?.get('username') ?? '';
  const token = world.sessions.take(username, call.ip, world.clock.nowMs(), world.settings);
  // Seven fraction digits, as the real answers show.
  const expires = new Date(token.expiresAtMs).toISOString().replace('Z', '0000Z');
  const key = { access_token: token.accessToken, id_token: token.idToken, token_type: 'Bearer', username };
  return jsonReply(world, '200', { APIKey: { ...key, expires_in: expires } });
}

function authoriseSubmission(world: World, call: ArrivedCall): void {
  refuseInMaintenance(world);
  const isForm = call.contentType === 'application/x-www-form-urlencoded';
  const isJson =
    call.contentType === 'application/json' && world.settings['submit.contentTypes'] === 'form+json';
  if (!isForm && !isJson) refuse(world, '205', `content type ${call.contentType}`);
  const accessToken = headerText(call.headers, 'accesstoken');
  const idToken = headerText(call.headers, 'tokenid');
  const passwordHash = headerText(call.headers, 'passwordhash');
  if (!accessToken || !idToken || !passwordHash)
    refuseSession(world, 'accessToken, tokenId or passwordHash missing');
  const account = call.fields?.get('username') ?? '';
  const age = world.sessions.age(
    { account, accessToken, idToken, ip: call.ip },
    world.clock.nowMs(),
    world.settings,
  );
  call.entry.tokenAgeSeconds = age;
  if (age === null) refuseSession(world, 'session unknown, over, or of another account or address');
  if (!world.sessions.passwordFits(account, passwordHash, world.settings))
    refuseSession(world, 'passwordHash');
  if (world.sessions.account(account)?.locked) {
    refuseLocked(world, call.entry, account, { thongDiep: '[SIM] account locked' });
  }
}

function headerText(headers: IncomingHttpHeaders, name: string): string | null {
  const value = headers[name];
  return typeof value === 'string' && value !== '' ? value : null;
}

function acceptFile(world: World, call: ArrivedCall, kind: 'checkIn' | 'claim'): Reply {
  const fields = call.fields ?? new Map<string, string>();
  for (const name of ['loaiHoSo', 'maTinh', 'maCSKCB', 'fileHSBase64']) {
    if (!fields.has(name)) refuse(world, '205', `${name} missing`);
  }
  if (fields.get('loaiHoSo') !== RECORD_TYPE[kind])
    refuse(world, '205', `loaiHoSo must be ${RECORD_TYPE[kind]}`);
  const account = fields.get('username') ?? '';
  const facility = fields.get('maCSKCB') ?? '';
  const isOwn = facility === facilityOf(account);
  if (!isOwn) world.log.flag(call.entry, 'facilityMismatch');
  if (!isOwn && world.settings['submit.facilityMismatch'] === 'refuse')
    refuse(world, '402', 'maCSKCB is not of the account');

  const file = readFile(world, call, fields.get('fileHSBase64') ?? '');
  const document = readRecords(world, call.entry, kind, file, facility);
  const { records } = document;
  const errors = records.flatMap((record) => record.errors);
  const [firstError] = errors;
  if (firstError && world.settings['submit.validation'] === 'sync')
    refuse(world, firstError.maLoi, firstError.moTaLoi);
  const duplicate = world.settings['submit.duplicate'];
  if (
    kind === 'claim' &&
    duplicate === 'reject' &&
    records.some(({ maLk }) => world.store.hasActive(facility, maLk))
  ) {
    refuse(world, '124', 'MA_LK was received before');
  }
  return persist(world, call, kind, facility, account, records);
}

/** Checks 10–12; also remembers size and hash. */
function readFile(world: World, call: ArrivedCall, base64: string): Buffer {
  const most = world.settings['submit.maxBase64Chars'];
  if (base64.length > most) throw oversize(world);
  const file = decodeBase64(base64);
  if (!file) return refuse(world, '205', 'fileHSBase64 is not base64');
  if (file.length === 0) return refuse(world, '204', 'file is empty');
  call.entry.fileBytes = file.length;
  const sha256 = createHash('sha256').update(file).digest('hex');
  call.entry.sha256 = sha256;
  if (world.log.isRepeated(sha256, world.settings['flags.samePayload']))
    world.log.flag(call.entry, 'samePayload');
  return file;
}

export function oversize(world: World): Stop {
  const shape = world.settings['submit.oversize'];
  if (shape === 'http413') return new Stop(htmlPage(413, 'Request Entity Too Large'), null);
  if (shape === 'http404') return new Stop(htmlPage(404, 'Not Found'), null);
  return new Stop(jsonReply(world, '1001', { thongDiep: '[SIM] file too large' }), '1001');
}

function readRecords(
  world: World,
  entry: CallEntry,
  kind: 'checkIn' | 'claim',
  file: Buffer,
  facility: string,
) {
  let document: ParsedDocument;
  try {
    const read = kind === 'claim' ? readClaim : readCheckIn;
    document = read(file, facility, world.settings);
  } catch (error) {
    if (error instanceof Refusal) {
      if (error.code === '125') world.log.flag(entry, 'unsignedFile');
      refuse(world, error.code, error.message);
    }
    throw error;
  }
  entry.maLks = document.records.map((record) => record.maLk);
  if (world.settings['submit.signature'] === 'verify') {
    const problem = signatureProblem(file, facility, world.certificates, world.clock.nowMs());
    if (problem) {
      world.log.flag(entry, 'badSignature');
      refuse(world, '125', problem);
    }
  }
  if (!document.isSigned) world.log.flag(entry, 'unsignedFile');
  if (document.facilityMismatch) world.log.flag(entry, 'facilityMismatch');
  if (kind === 'claim' && document.records.length > 1) world.log.flag(entry, 'moreThanOneHoSo');
  return document;
}

function persist(
  world: World,
  call: ArrivedCall,
  kind: 'checkIn' | 'claim',
  maCSKCB: string,
  account: string,
  records: ParsedDocument['records'],
): Reply {
  const { entry } = call;
  const receivedAt = world.now();
  const sha256 = entry.sha256 ?? '';
  const maGiaoDich = world.store.nextTransactionId(maCSKCB, localDate(receivedAt));
  const delayMs = world.settings['submit.validationSeconds'] * 1000;
  const checkedAt = new Date(world.clock.nowMs() + delayMs).toISOString();
  const duplicate = world.settings['submit.duplicate'];
  world.store.persist({
    kind,
    maGiaoDich,
    maCSKCB,
    account,
    receivedAt,
    checkedAt,
    sha256,
    records,
    duplicate,
  });
  entry.persisted = true;
  entry.maGiaoDich = maGiaoDich;
  const thoiGianTiepNhan = localDateTime(receivedAt).replace(/\D/g, '');
  return jsonReply(world, '200', { maGiaoDich, thoiGianTiepNhan, thongDiep: '[SIM] Thành công' });
}

/** MA_LK values of a file for fault rules, without judging it. */
export function peekLinkCodes(
  kind: 'checkIn' | 'claim',
  fields: ReadonlyMap<string, string> | null,
  world: World,
): string[] {
  const file = decodeBase64(fields?.get('fileHSBase64') ?? '');
  if (!file) return [];
  try {
    const lenient = {
      ...world.settings,
      'submit.signature': 'ignore',
      'submit.facilityMismatch': 'accept',
    } as const;
    const read = kind === 'claim' ? readClaim : readCheckIn;
    return read(file, '', { ...lenient, 'submit.maxHoSo': 0 }).records.map((record) => record.maLk);
  } catch (error) {
    if (error instanceof Refusal) return []; // the checks will say so
    throw error;
  }
}
