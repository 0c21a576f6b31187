import type { Envelope } from '../dictionary.ts';
import { ClaimReadError } from '../errors.ts';
import { MAX_DEPTH, MAX_ENVELOPE_BYTES, type ReadLimits } from './limits.ts';

/** One dossier as it stands in the file, from its opening tag to its closing tag. */
export interface CutRecord {
  /** 1-based. */
  readonly position: number;
  readonly bytes: Buffer;
  /** Line of the file on which it starts, 1-based. */
  readonly line: number;
}

interface Cutter {
  /** The dossiers that end in this piece. */
  push(chunk: Uint8Array): CutRecord[];
  /** The file without its dossiers: each stands there as an empty element. */
  end(): { readonly envelope: Buffer; readonly count: number };
}

const [LT, GT, SLASH, BANG, QUESTION] = [0x3c, 0x3e, 0x2f, 0x21, 0x3f];
const BOM = Buffer.from([0xef, 0xbb, 0xbf]);
const LONGEST_TAG = 65_536;
/** `<![CDATA[` is the longest beginning that has to be told apart from others. */
const LONGEST_OPENING = 9;
const SECTIONS = [
  { opening: Buffer.from('<!--'), closing: Buffer.from('-->') },
  { opening: Buffer.from('<![CDATA['), closing: Buffer.from(']]>') },
  { opening: Buffer.from('<?'), closing: Buffer.from('?>') },
] as const;

/**
 * Cuts the dossiers out of a file that comes in pieces, so that one of them is in memory and not all of them. It knows
 * just enough of XML to see where elements begin and end; whether the pieces are well-formed is asked afterwards: when
 * every dossier by itself is a well-formed document, and the file with empty elements in their places, so is the file.
 * UTF-8 only: there no byte of a longer character looks like `<`.
 * @throws ClaimReadError (too-large, too-deep, too-many-records, document-type, not-utf8, not-well-formed)
 */
export function createCutter({ root, dossiers }: Envelope, limits: ReadLimits): Cutter {
  const place = [root, dossiers.group, dossiers.list].join('/');
  const empty = Buffer.from(`<${dossiers.dossier}/>`);

  let started = false;
  /** Bytes that cannot be told yet: the beginning of a tag, or of the end of a section. */
  let carry: Buffer = Buffer.alloc(0);
  let closing: Buffer | null = null;
  let path: string[] = [];
  const envelope: Buffer[] = [];
  let envelopeBytes = 0;
  /** Parts of the dossier that is open, and how many elements are open inside; null outside of dossiers. */
  let open: { readonly parts: Buffer[]; readonly line: number; bytes: number; depth: number } | null = null;
  let total = 0;
  let lines = 1;
  let count = 0;
  let finished: CutRecord[] = [];

  function keep(part: Buffer): void {
    if (part.length === 0) return;
    lines += lineBreaks(part);
    if (open) {
      open.bytes += part.length;
      if (open.bytes > limits.maxRecordBytes)
        throw new ClaimReadError('too-large', {}, { max: limits.maxRecordBytes });
      open.parts.push(part);
      return;
    }
    envelopeBytes += part.length;
    if (envelopeBytes > MAX_ENVELOPE_BYTES)
      throw new ClaimReadError('too-large', {}, { max: MAX_ENVELOPE_BYTES });
    envelope.push(part);
  }

  function startOf(name: string, isEmpty: boolean): void {
    if (open) {
      if (!isEmpty) open.depth += 1;
    } else if (name === dossiers.dossier && path.join('/') === place) {
      if (count >= limits.maxRecords)
        throw new ClaimReadError('too-many-records', {}, { max: limits.maxRecords, count: count + 1 });
      envelope.push(empty);
      envelopeBytes += empty.length;
      open = { parts: [], line: lines, bytes: 0, depth: isEmpty ? 0 : 1 };
    } else if (!isEmpty) path.push(name);
    if (path.length + (open?.depth ?? 0) > MAX_DEPTH) throw new ClaimReadError('too-deep', {});
  }

  function finish(): void {
    const { parts, line } = open!;
    count += 1;
    finished.push({ position: count, bytes: parts.length === 1 ? parts[0]! : Buffer.concat(parts), line });
    open = null;
  }

  /** Reads tag by tag. @returns how far it could be told */
  function walk(data: Buffer, isLast: boolean): number {
    let kept = 0;
    const keepTo = (to: number): void => {
      keep(data.subarray(kept, to));
      kept = to;
    };
    let at = 0;
    for (;;) {
      if (closing) {
        const end = data.indexOf(closing, at);
        if (end < 0) {
          // What may be the first bytes of its end stays for the next piece.
          keepTo(isLast ? data.length : Math.max(at, data.length - closing.length + 1));
          return kept;
        }
        at = end + closing.length;
        closing = null;
      }
      const tag = data.indexOf(LT, at);
      if (tag < 0) {
        keepTo(data.length);
        return kept;
      }
      if (!isLast && data.length - tag < LONGEST_OPENING) {
        keepTo(tag);
        return kept;
      }
      const section = sectionAt(data, tag);
      if (section) {
        closing = section.closing;
        at = tag + section.opening.length;
        continue;
      }
      const end = endOfTag(data, tag);
      if (end < 0) {
        if (isLast || data.length - tag > LONGEST_TAG)
          throw new ClaimReadError('not-well-formed', {}, { line: lines });
        keepTo(tag);
        return kept;
      }
      at = end + 1;
      if (data[tag + 1] === SLASH) {
        if (!open) path.pop();
        else open.depth -= 1;
      } else {
        const isEmpty = data[end - 1] === SLASH;
        if (!open) keepTo(tag);
        startOf(open ? '' : nameAt(data, tag + 1, end), isEmpty);
      }
      if (open?.depth === 0) {
        keepTo(at);
        finish();
      }
    }
  }

  function take(chunk: Buffer, isLast: boolean): CutRecord[] {
    const data: Buffer = carry.length === 0 ? chunk : Buffer.concat([carry, chunk]);
    if (!started && !isLast && data.length < 4) {
      carry = data;
      return [];
    }
    const clean = started ? data : opened(data);
    started = true;
    finished = [];
    carry = clean.subarray(walk(clean, isLast));
    return finished;
  }

  return {
    push(chunk) {
      total += chunk.byteLength;
      if (total > limits.maxBytes) throw new ClaimReadError('too-large', {}, { max: limits.maxBytes });
      return take(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength), false);
    },
    end() {
      const last = take(Buffer.alloc(0), true);
      // A dossier can only end with a tag that was whole already, unless it is cut short.
      if (open || closing || last.length > 0)
        throw new ClaimReadError('not-well-formed', {}, { line: lines });
      path = [];
      return { envelope: Buffer.concat(envelope), count };
    },
  };
}

/** A byte-order mark is dropped. @throws ClaimReadError for what does not even begin like XML in UTF-8 */
function opened(data: Buffer): Buffer {
  const isOfTwoBytes = (data[0] === 0xff && data[1] === 0xfe) || (data[0] === 0xfe && data[1] === 0xff);
  if (isOfTwoBytes || (data[0] === LT && data[1] === 0) || (data[0] === 0 && data[1] === LT))
    throw new ClaimReadError('not-utf8', {});
  const clean = data.subarray(0, 3).equals(BOM) ? data.subarray(3) : data;
  const first = clean.find((byte) => byte !== 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d);
  if (first !== undefined && first !== LT) throw new ClaimReadError('not-well-formed', {}, { line: 1 });
  return clean;
}

/** @throws ClaimReadError for a document type, an entity or anything else that is declared */
function sectionAt(data: Buffer, tag: number): (typeof SECTIONS)[number] | undefined {
  const next = data[tag + 1];
  if (next !== BANG && next !== QUESTION) return undefined;
  const found = SECTIONS.find(({ opening }) => data.subarray(tag, tag + opening.length).equals(opening));
  if (!found) throw new ClaimReadError('document-type', {});
  return found;
}

/** Where the tag ends that begins here: at the first `>` outside of quotes; -1 when it does not end in these bytes. */
function endOfTag(data: Buffer, tag: number): number {
  const end = data.indexOf(GT, tag);
  if (end < 0) return -1;
  let quote = 0;
  for (let at = tag + 1; at < data.length; at += 1) {
    const byte = data[at]!;
    if (quote !== 0) {
      if (byte === quote) quote = 0;
    } else if (byte === GT) return at;
    else if (byte === 0x22 || byte === 0x27) quote = byte;
    if (at - tag > LONGEST_TAG) return -1;
  }
  return -1;
}

function nameAt(data: Buffer, from: number, end: number): string {
  return /^[^\s/>]*/.exec(data.toString('latin1', from, Math.min(end, from + 200)))![0];
}

function lineBreaks(part: Buffer): number {
  let breaks = 0;
  for (let at = part.indexOf(10); at >= 0; at = part.indexOf(10, at + 1)) breaks += 1;
  return breaks;
}
