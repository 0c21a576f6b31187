import { gunzipSync, gzipSync } from 'node:zlib';
import { CURRENT_EDITION, dictionary } from './dictionary.ts';

const LEVEL = 6;

/**
 * A document as it is stored: gzip, cut where the signature will stand. What stands before is the same in the signed
 * document, and need not be compressed again for it.
 */
export function packDocument(bytes: Buffer): Buffer {
  const mark = `<${dictionary(CURRENT_EDITION).envelope.signature}>`;
  const at = bytes.lastIndexOf(mark);
  return at < 0
    ? gzip(bytes)
    : Buffer.concat([gzip(bytes.subarray(0, at + mark.length)), ending(bytes, at + mark.length)]);
}

/**
 * @param packed the unsigned document as it is stored
 * @param unsigned the same, unpacked
 * @param signed what it has in common with the signed one, and what follows there instead
 */
export function packSigned(
  packed: Buffer,
  unsigned: Buffer,
  signed: { readonly head: Buffer; readonly ending: Buffer },
): Buffer {
  const tail = ending(unsigned, signed.head.length);
  const isCutThere = packed.subarray(packed.length - tail.length).equals(tail);
  const head = isCutThere ? packed.subarray(0, packed.length - tail.length) : gzip(signed.head);
  return Buffer.concat([head, gzip(signed.ending)]);
}

export function documentBytes(compressed: Uint8Array): Buffer {
  return gunzipSync(compressed);
}

const endings = new Map<string, Buffer>();

/** The few bytes after the signature's place: the same in nearly every document. */
function ending(bytes: Buffer, from: number): Buffer {
  const text = bytes.subarray(from).toString('latin1');
  const known = endings.get(text);
  if (known) return known;
  const made = gzip(bytes.subarray(from));
  if (endings.size < 100) endings.set(text, made);
  return made;
}

function gzip(bytes: Buffer): Buffer {
  return gzipSync(bytes, { level: LEVEL });
}
