import { isUtf8 } from 'node:buffer';
import type { Money } from '../../platform/money.ts';
import { money, moneyText } from '../../platform/money.ts';
import type { SimulatorSettings } from './settings.ts';
import { decodeBase64 } from './wire.ts';
import type { XmlElement } from './xml-reader.ts';
import { child, readXml, XmlError } from './xml-reader.ts';

/** Amounts of XML1 the simulator adds up. */
export const MONEY_FIELDS = [
  'T_THUOC',
  'T_VTYT',
  'T_TONGCHI_BV',
  'T_TONGCHI_BH',
  'T_BNTT',
  'T_BNCCT',
  'T_BHTT',
  'T_NGUONKHAC',
  'T_BHTT_GDV',
] as const;
export type MoneyField = (typeof MONEY_FIELDS)[number];
/** Without these there is nothing to pay for; the others may be empty. */
const COMPULSORY_MONEY: readonly MoneyField[] = ['T_TONGCHI_BV', 'T_TONGCHI_BH', 'T_BNCCT', 'T_BHTT'];

/** A file the gateway does not take, with its result code. */
export class Refusal extends Error {
  readonly code: string;
  constructor(code: string, detail: string) {
    super(detail);
    this.code = code;
  }
}

export interface ContentError {
  readonly maLoi: string;
  readonly moTaLoi: string;
}

/** One HOSO as the simulator keeps it: no names, no card numbers, only keys, amounts and counts. */
export interface ParsedRecord {
  readonly maLk: string;
  readonly tables: readonly string[];
  /** Amounts as text with two decimals; an empty element is absent, not zero. */
  readonly money: Readonly<Partial<Record<MoneyField, string>>>;
  /** What the gateway finds after taking the file. */
  readonly errors: readonly ContentError[];
}

export interface ParsedDocument {
  readonly records: readonly ParsedRecord[];
  readonly isSigned: boolean;
  readonly facilityMismatch: boolean;
}

const TABLE_ROOTS: Readonly<Record<string, string>> = {
  XML1: 'TONG_HOP',
  XML2: 'CHITIEU_CHITIET_THUOC',
  XML3: 'CHITIEU_CHITIET_DVKT_VTYT',
  XML4: 'CHITIEU_CHITIET_DICHVUCANLAMSANG',
  XML5: 'CHITIEU_CHITIET_DIENBIENLAMSANG',
  XML6: 'CHI_TIEU_HO_SO_BENH_AN_CHAM_SOC_VA_DIEU_TRI_HIV_AIDS',
  XML7: 'CHI_TIEU_DU_LIEU_GIAY_RA_VIEN',
  XML8: 'CHI_TIEU_DU_LIEU_TOM_TAT_HO_SO_BENH_AN',
  XML9: 'CHI_TIEU_DU_LIEU_GIAY_CHUNG_SINH',
  XML10: 'CHI_TIEU_DU_LIEU_GIAY_NGHI_DUONG_THAI',
  XML11: 'CHI_TIEU_DU_LIEU_GIAY_CHUNG_NHAN_NGHI_VIEC_HUONG_BAO_HIEM_XA_HOI',
  XML13: 'CHI_TIEU_GIAYCHUYENTUYEN',
  XML14: 'CHI_TIEU_GIAYHEN_KHAMLAI',
  XML15: 'CHI_TIEU_DIEUTRI_BENHLAO',
};

/** @throws Refusal 201 when the bytes are not one well-formed UTF-8 document without byte order mark and DTD. */
export function readDocument(bytes: Buffer): XmlElement {
  if (!isUtf8(bytes)) throw new Refusal('201', 'not UTF-8');
  try {
    return readXml(bytes.toString('utf8'));
  } catch (error) {
    if (error instanceof XmlError) throw new Refusal('201', error.message);
    throw error;
  }
}

/**
 * A claim file: `GIAMDINHHS` with its records.
 * @param sender the facility whose account sends
 * @throws Refusal 201 (XML), 123 (skeleton, inner tables, facility), 125 (signature absent where it must be there)
 */
export function readClaim(bytes: Buffer, sender: string, settings: SimulatorSettings): ParsedDocument {
  const root = readDocument(bytes);
  expectThat(root.name === 'GIAMDINHHS', `root is ${root.name}, expected GIAMDINHHS`);
  const isSigned = isSignedIn(root);
  const dossier = child(root, 'THONGTINHOSO');
  expectThat(/^\d{8}$/.test(textIn(dossier, 'NGAYLAP')), 'NGAYLAP is not yyyyMMdd');
  const records = (child(dossier, 'DANHSACHHOSO')?.children ?? []).filter((item) => item.name === 'HOSO');
  expectThat(records.length > 0, 'no HOSO');
  expectThat(
    textIn(dossier, 'SOLUONGHOSO') === String(records.length),
    'SOLUONGHOSO is not the number of HOSO',
  );
  const most = settings['submit.maxHoSo'];
  expectThat(most === 0 || records.length <= most, `${records.length} HOSO in one file, at most ${most}`);

  const codes = new Set([textIn(child(root, 'THONGTINDONVI'), 'MACSKCB')]);
  const parsed = records.map((record) => readRecord(record, codes));
  expectThat(
    new Set(parsed.map((record) => record.maLk)).size === parsed.length,
    'one MA_LK twice in one file',
  );
  const facilityMismatch = [...codes].some((code) => code !== sender);
  if (settings['submit.facilityMismatch'] === 'refuse')
    expectThat(!facilityMismatch, 'MACSKCB is not the sender');
  expectSignature(isSigned, settings);
  return { records: parsed, isSigned, facilityMismatch };
}

/**
 * A check-in file: XML0, items in plain XML.
 * @throws Refusal as `readClaim`
 */
export function readCheckIn(bytes: Buffer, sender: string, settings: SimulatorSettings): ParsedDocument {
  const root = readDocument(bytes);
  expectThat(
    root.name === 'CHI_TIEU_TRANG_THAI_KCB',
    `root is ${root.name}, expected CHI_TIEU_TRANG_THAI_KCB`,
  );
  const isSigned = isSignedIn(root);
  const items = (child(root, 'DSACH_TRANG_THAI_KCB')?.children ?? []).filter(
    (row) => row.name === 'TRANG_THAI_KCB',
  );
  expectThat(items.length > 0, 'no TRANG_THAI_KCB');
  const facilityMismatch = items.some((item) => textIn(item, 'MA_CSKCB') !== sender);
  if (settings['submit.facilityMismatch'] === 'refuse')
    expectThat(!facilityMismatch, 'MA_CSKCB is not the sender');
  const records = items.map((item) => {
    const maLk = linkCode(item, 'XML0');
    return { maLk, tables: ['XML0'], money: {}, errors: [] };
  });
  expectSignature(isSigned, settings);
  return { records, isSigned, facilityMismatch };
}

/** `CHUKYDONVI` must be the last child; something inside it counts as a signature. */
function isSignedIn(root: XmlElement): boolean {
  const slot = root.children.at(-1);
  expectThat(slot?.name === 'CHUKYDONVI', 'CHUKYDONVI is not the last element');
  return slot?.children.some((inside) => /(^|:)Signature$/.test(inside.name)) === true;
}

/** The last look at a file: whether it is signed matters only when everything else is right. */
function expectSignature(isSigned: boolean, settings: SimulatorSettings): void {
  if (!isSigned && settings['submit.signature'] !== 'ignore')
    throw new Refusal('125', 'no signature in CHUKYDONVI');
}

function readRecord(record: XmlElement, codes: Set<string>): ParsedRecord {
  const tables = new Map<string, XmlElement>();
  for (const file of record.children) {
    expectThat(file.name === 'FILEHOSO', `${file.name} in HOSO`);
    const kind = textIn(file, 'LOAIHOSO');
    expectThat(!tables.has(kind), `${kind} twice`);
    tables.set(kind, readTable(kind, textIn(file, 'NOIDUNGFILE')));
  }
  const summary = tables.get('XML1');
  if (!summary) throw new Refusal('123', 'XML1 missing');
  const maLk = linkCode(summary, 'XML1');
  for (const [kind, table] of tables) checkLinkCodes(kind, table, maLk);
  codes.add(textIn(summary, 'MA_CSKCB'));
  return { maLk, tables: [...tables.keys()], money: amounts(summary), errors: contentErrors(summary) };
}

function readTable(kind: string, content: string): XmlElement {
  const expected = TABLE_ROOTS[kind];
  expectThat(expected !== undefined, `LOAIHOSO ${kind} unknown`);
  const bytes = decodeBase64(content);
  if (!bytes || bytes.length === 0) throw new Refusal('123', `${kind}: NOIDUNGFILE is not base64`);
  try {
    const root = readDocument(bytes);
    expectThat(root.name === expected, `${kind}: root is ${root.name}, expected ${expected}`);
    return root;
  } catch (error) {
    if (error instanceof Refusal) throw new Refusal('123', `${kind}: ${error.message}`);
    throw error;
  }
}

function linkCode(row: XmlElement, table: string): string {
  const maLk = textIn(row, 'MA_LK');
  expectThat(maLk !== '' && maLk.length <= 100, `${table}: MA_LK missing or longer than 100`);
  return maLk;
}

/** Every row of every table carries the MA_LK of XML1; tables without one (XML7 …) are taken as they are. */
function checkLinkCodes(kind: string, element: XmlElement, maLk: string): void {
  for (const inner of element.children) {
    if (inner.name === 'MA_LK') expectThat(inner.text.trim() === maLk, `${kind}: MA_LK differs from XML1`);
    else if (inner.children.length > 0) checkLinkCodes(kind, inner, maLk);
  }
}

function amounts(summary: XmlElement): Partial<Record<MoneyField, string>> {
  const found: Partial<Record<MoneyField, string>> = {};
  for (const { name, text } of summary.children) {
    const field = MONEY_FIELDS.find((known) => known === name);
    if (field !== undefined && text.trim() !== '') found[field] = moneyText(amount(field, text.trim()));
  }
  for (const field of COMPULSORY_MONEY)
    expectThat(found[field] !== undefined, `XML1: ${field} missing or empty`);
  return found;
}

function amount(field: MoneyField, text: string): Money {
  try {
    return money(text);
  } catch (error) {
    if (error instanceof RangeError) throw new Refusal('123', `XML1: ${field} is not an amount`);
    throw error;
  }
}

/** A few content checks, so that late findings can be rehearsed; the real gateway's are not known. */
function contentErrors(summary: XmlElement): ContentError[] {
  const [start, end] = [textIn(summary, 'NGAY_VAO'), textIn(summary, 'NGAY_RA')];
  const errors: ContentError[] = [];
  for (const [field, value] of [['NGAY_VAO', start] as const, ['NGAY_RA', end] as const]) {
    if (!/^\d{12}$/.test(value))
      errors.push({ maLoi: '202', moTaLoi: `[SIM] XML1: ${field} is not yyyyMMddHHmm` });
  }
  if (errors.length === 0 && end < start)
    errors.push({ maLoi: '124', moTaLoi: '[SIM] XML1: NGAY_RA before NGAY_VAO' });
  return errors;
}

function textIn(element: XmlElement | undefined, name: string): string {
  return child(element, name)?.text.trim() ?? '';
}

function expectThat(holds: boolean, detail: string): asserts holds {
  if (!holds) throw new Refusal('123', detail);
}
