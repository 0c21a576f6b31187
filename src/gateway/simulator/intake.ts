import { createHash } from 'node:crypto';
import { localDate, localDateTime } from '../../platform/dates.ts';
import { type ArrivedCall, jsonReply, oversize, refuse } from './answers.ts';
import type { CallEntry } from './call-log.ts';
import type { ParsedDocument } from './documents.ts';
import { Refusal, readCheckIn, readClaim } from './documents.ts';
import { facilityOf } from './sessions.ts';
import { signatureProblem } from './signature.ts';
import type { Reply } from './wire.ts';
import { decodeBase64 } from './wire.ts';
import type { World } from './world.ts';

/** The record type that each call must name. */
const RECORD_TYPE = { checkIn: '0', claim: '130' } as const;

/** Checks 8–17 of a claim or check-in file; the answer to send. @throws Stop */
export function acceptFile(world: World, call: ArrivedCall, kind: 'checkIn' | 'claim'): Reply {
  const fields = call.fields ?? new Map<string, string>();
  for (const name of ['loaiHoSo', 'maTinh', 'maCSKCB', 'fileHSBase64']) {
    if (!fields.has(name)) refuse('205', `${name} missing`);
  }
  if (fields.get('loaiHoSo') !== RECORD_TYPE[kind]) refuse('205', `loaiHoSo must be ${RECORD_TYPE[kind]}`);
  const account = fields.get('username') ?? '';
  const facility = fields.get('maCSKCB') ?? '';
  const isOwn = facility === facilityOf(account);
  if (!isOwn) world.log.flag(call.entry, 'facilityMismatch');
  if (!isOwn && world.settings['submit.facilityMismatch'] === 'refuse')
    refuse('402', 'maCSKCB is not of the account');

  const file = readFile(world, call, fields.get('fileHSBase64') ?? '');
  const document = readRecords(world, call.entry, kind, file, facility);
  const { records } = document;
  const errors = records.flatMap((record) => record.errors);
  const [firstError] = errors;
  if (firstError && world.settings['submit.validation'] === 'sync')
    refuse(firstError.maLoi, firstError.moTaLoi);
  const duplicate = world.settings['submit.duplicate'];
  if (
    kind === 'claim' &&
    duplicate === 'reject' &&
    records.some(({ maLk }) => world.store.hasActive(facility, maLk))
  ) {
    refuse('124', 'MA_LK was received before');
  }
  if (
    kind === 'claim' &&
    world.settings['submit.afterPaymentRequest'] === 'refuse' &&
    records.some(({ maLk }) => world.store.isPaymentRequested(facility, maLk))
  ) {
    refuse('124', 'payment was requested for this MA_LK');
  }
  return persist(world, call, kind, facility, account, records);
}

/** Checks 10–12; also remembers size and hash. */
export function readFile(world: World, call: ArrivedCall, base64: string): Buffer {
  const most = world.settings['submit.maxBase64Chars'];
  if (base64.length > most) oversize(world);
  const file = decodeBase64(base64);
  if (!file) return refuse('205', 'fileHSBase64 is not base64');
  if (file.length === 0) return refuse('204', 'file is empty');
  call.entry.fileBytes = file.length;
  const sha256 = createHash('sha256').update(file).digest('hex');
  call.entry.sha256 = sha256;
  if (world.log.isRepeated(sha256, world.settings['flags.samePayload']))
    world.log.flag(call.entry, 'samePayload');
  return file;
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
      refuse(error.code, error.message);
    }
    throw error;
  }
  entry.maLks = document.records.map((record) => record.maLk);
  if (world.settings['submit.signature'] === 'verify') {
    const problem = signatureProblem(file, facility, world.certificates, world.clock.nowMs());
    if (problem) {
      world.log.flag(entry, 'badSignature');
      refuse('125', problem);
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
  return jsonReply('200', { maGiaoDich, thoiGianTiepNhan, thongDiep: '[SIM] Thành công' });
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
