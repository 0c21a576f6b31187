import type { IncomingMessage } from 'node:http';
import { Problem, type ProblemPlace } from '../problem.ts';
import { hasForbiddenCharacter } from '../text.ts';
import { step } from './validation.ts';

/** So much of a refused body is still read and thrown away, so that its sender comes to read the answer. */
const DISCARD_BYTES = 8 * 1024 * 1024;

/**
 * What the headers say of the body, before a byte of it is read.
 * @throws unsupported-media-type, body-too-large
 */
export function checkBodyHeaders(
  req: IncomingMessage,
  limit: number,
  contentTypes: readonly string[] = ['application/json'],
): void {
  const encoding = req.headers['content-encoding'] ?? 'identity';
  const [type = ''] = (req.headers['content-type'] ?? '').split(';', 1);
  if (!contentTypes.includes(type.trim().toLowerCase()) || encoding !== 'identity')
    throw new Problem('unsupported-media-type', { expected: contentTypes.join(', ') });
  if (Number(req.headers['content-length'] ?? 0) > limit) throw tooLarge(limit);
}

/**
 * The bytes of the body.
 * @throws body-too-large as soon as more than `limit` bytes came; bad-json when the sender went away half way
 */
export function readBody(req: IncomingMessage, limit: number): Promise<Buffer> {
  return new Promise((read, refuse) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const leave = () => req.off('data', take).off('end', whole).off('error', cut).off('close', cut);
    const take = (chunk: Buffer) => {
      size += chunk.length;
      chunks.push(chunk);
      if (size <= limit) return;
      leave();
      refuse(tooLarge(limit));
    };
    const whole = () => {
      leave();
      read(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks));
    };
    const cut = () => {
      leave();
      refuse(new Problem('bad-json'));
    };
    if (req.destroyed) return cut();
    req.on('data', take).on('end', whole).on('error', cut).on('close', cut);
  });
}

/** After a refusal: lets the rest of the body run into the sand, up to a limit; beyond it the line is cut. */
export function discardRest(req: IncomingMessage): void {
  if (req.complete || req.destroyed) return;
  let left = DISCARD_BYTES;
  req.on('error', () => undefined);
  req.on('data', (chunk: Buffer) => {
    left -= chunk.length;
    if (left < 0) req.destroy();
  });
}

function tooLarge(limit: number): Problem {
  return new Problem('body-too-large', { limitKb: Math.floor(limit / 1024) });
}

/** Deeper than any body of ours, shallow enough to walk through. */
const DEEPEST = 32;
const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * The value of a JSON text in UTF-8, its strings in normal form C.
 * @throws bad-json; invalid-body for characters that no XML can hold
 */
export function parseJson(raw: Uint8Array): unknown {
  let source: string;
  let value: unknown;
  try {
    source = utf8.decode(raw);
    value = JSON.parse(source);
  } catch (error) {
    throw new Problem('bad-json', {}, whereBroken(error));
  }
  // A part of a clean text is clean, unless it was written as an escape: then every string is looked at.
  if (!/\\[bfu]/.test(source) && cleanText(source) === source) return value;
  const places: ProblemPlace[] = [];
  const clean = cleaned(value, '', places, 0);
  if (places.length > 0) throw new Problem('invalid-body', {}, places.slice(0, 20));
  return clean;
}

/** One text from outside, in normal form C. @returns undefined when it has characters that cannot be held */
export function cleanText(text: string): string | undefined {
  return hasForbiddenCharacter(text) ? undefined : text.normalize('NFC');
}

function cleaned(value: unknown, pointer: string, places: ProblemPlace[], depth: number): unknown {
  if (typeof value === 'string') {
    const clean = cleanText(value);
    if (clean === undefined) places.push({ pointer, message: 'problem.place.character' });
    return clean;
  }
  if (value === null || typeof value !== 'object') return value;
  if (depth === DEEPEST)
    throw new Problem('invalid-body', {}, [
      { pointer, message: 'problem.place.tooDeep', values: { limit: DEEPEST } },
    ]);
  const entries = Object.entries(value).map(
    ([name, entry]) => [name, cleaned(entry, pointer + step(name), places, depth + 1)] as const,
  );
  return Array.isArray(value) ? entries.map(([, entry]) => entry) : Object.fromEntries(entries);
}

/** Line and column, when the parser gives them; never its message, which quotes the text. */
function whereBroken(error: unknown): ProblemPlace[] {
  const found = error instanceof SyntaxError ? /line (\d+) column (\d+)/.exec(error.message) : null;
  if (!found) return [];
  const [line = '', column = ''] = found.slice(1);
  return [{ pointer: '', message: 'problem.place.jsonBroken', values: { line, column } }];
}
