/**
 * UTF-8 written from the front into one buffer that grows and is used again. Text goes in unit by unit, judged while it
 * is written: a unit that is not `allowed` takes the whole text back.
 */
export interface Bytes {
  /** Forgets what was written. */
  clear(): void;
  put(bytes: Uint8Array): void;
  /** @returns false, with nothing written, when the text holds a unit that is not allowed */
  putAllowed(text: string, allowed: Uint8Array): boolean;
  putText(text: string): void;
  /** A copy of what was written. */
  taken(): Buffer;
  base64(): string;
}

/** Kept between documents; a larger buffer is given back after the document that needed it. */
const USUAL = 256 * 1024;

export function createBytes(): Bytes {
  let buffer = Buffer.allocUnsafe(USUAL);
  let length = 0;

  function reserve(more: number): void {
    if (length + more <= buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(buffer.length * 2, length + more));
    buffer.copy(larger, 0, 0, length);
    buffer = larger;
  }

  return {
    clear() {
      length = 0;
      if (buffer.length > USUAL * 16) buffer = Buffer.allocUnsafe(USUAL);
    },
    put(bytes) {
      reserve(bytes.length);
      buffer.set(bytes, length);
      length += bytes.length;
    },
    putAllowed(text, allowed) {
      reserve(text.length * 3);
      let at = length;
      for (let index = 0; index < text.length; index += 1) {
        const unit = text.charCodeAt(index);
        if (allowed[unit] !== 1) return false;
        if (unit < 0x80) buffer[at++] = unit;
        else if (unit < 0x800) {
          buffer[at++] = 0xc0 | (unit >> 6);
          buffer[at++] = 0x80 | (unit & 0x3f);
        } else {
          buffer[at++] = 0xe0 | (unit >> 12);
          buffer[at++] = 0x80 | ((unit >> 6) & 0x3f);
          buffer[at++] = 0x80 | (unit & 0x3f);
        }
      }
      length = at;
      return true;
    },
    putText(text) {
      reserve(text.length * 3);
      length += buffer.write(text, length, 'utf8');
    },
    taken: () => Buffer.from(buffer.subarray(0, length)),
    base64: () => buffer.toString('base64', 0, length),
  };
}
