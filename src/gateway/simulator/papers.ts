import { localDate, localDateTime } from '../../platform/dates.ts';
import { type ArrivedCall, jsonReply, refuse } from './answers.ts';
import { Refusal, readDocument } from './documents.ts';
import { readFile } from './intake.ts';
import { facilityOf } from './sessions.ts';
import { idSignatureProblem } from './signature.ts';
import type { Reply } from './wire.ts';
import type { World } from './world.ts';
import { child, type XmlElement } from './xml-reader.ts';

/** The name of the root, or what stands in it where the name is not known. */
export type RootTest = { readonly root: string } | { readonly holds: string };

/** A kind of paper that is handed in beside claims and check-ins. */
export interface PaperForm {
  /** `loaiHs` → what the file must be. */
  readonly roots: Readonly<Record<string, RootTest>>;
  readonly fields: { readonly facility: string; readonly file: string };
  /** A form about a month. */
  readonly hasPeriod: boolean;
}

/** Takes a paper: signed by `Id`, of the sender, with the root of its type. @throws Stop */
export function acceptPaper(world: World, call: ArrivedCall, form: PaperForm): Reply {
  const text = (name: string) => call.fields?.get(name) ?? '';
  const expected = form.roots[text('loaiHs')];
  if (expected === undefined) refuse('205', 'loaiHs is not of this call');
  const facility = text(form.fields.facility);
  if (facility !== facilityOf(text('username'))) refuse('402', 'facility is not of the account');
  if (form.hasPeriod && !/^\d{4}(0[1-9]|1[0-2])$/.test(text('kyQT'))) refuse('205', 'kyQT is not yyyyMM');
  const file = readFile(world, call, text(form.fields.file));
  checkPaper(world, call, file, expected, facility);
  const receivedAt = world.now();
  const maGiaoDich = world.store.nextTransactionId(facility, localDate(receivedAt));
  world.store.persist({
    kind: 'paper',
    maGiaoDich,
    maCSKCB: facility,
    account: text('username'),
    receivedAt,
    checkedAt: receivedAt,
    sha256: call.entry.sha256 ?? '',
    records: [],
    duplicate: world.settings['submit.duplicate'],
  });
  call.entry.persisted = true;
  call.entry.maGiaoDich = maGiaoDich;
  const time = localDateTime(receivedAt).replace(/\D/g, '');
  return jsonReply('200', { maGiaoDich, thoiGianTiepNhan: time, thongDiep: '[SIM] Thành công' });
}

function checkPaper(
  world: World,
  call: ArrivedCall,
  file: Buffer,
  expected: RootTest,
  facility: string,
): void {
  let root: XmlElement;
  try {
    root = readDocument(file);
  } catch (error) {
    if (error instanceof Refusal) refuse(error.code, error.message);
    throw error;
  }
  const fits = 'root' in expected ? root.name === expected.root : child(root, expected.holds) !== undefined;
  if (!fits) refuse('123', `root ${root.name} is not that of this form`);
  const slot = root.children.at(-1);
  if (slot?.name !== 'CHUKYDONVI') refuse('123', 'CHUKYDONVI is not the last element');
  const unit = child(child(root, 'THONGTINDONVI'), 'MACSKCB')?.text.trim();
  if (unit !== undefined && unit !== facility) refuse('123', 'MACSKCB is not the sender');
  if (slot.children.length === 0) world.log.flag(call.entry, 'unsignedFile');
  const mode = world.settings['submit.signature'];
  if (mode !== 'ignore' && slot.children.length === 0) refuse('125', 'no signature in CHUKYDONVI');
  if (mode !== 'verify') return;
  const problem = idSignatureProblem(file, facility, world.certificates, world.clock.nowMs());
  if (problem === null) return;
  world.log.flag(call.entry, 'badSignature');
  refuse('125', problem);
}
