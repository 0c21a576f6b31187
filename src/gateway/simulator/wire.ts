/** What travels: form bodies, base64, and the shapes of answers. */

export interface Reply {
  readonly status: number;
  readonly type: 'json' | 'html';
  /** A text that goes out as it stands, or the fields beside the result code, named as the claims' answers name them. */
  readonly content: string | Readonly<Record<string, unknown>>;
  /** The result code; absent where there is none that can be read. */
  readonly maKetQua?: string;
  readonly retryAfterSeconds?: number;
}

/** A reply as it goes out. */
export interface WrittenReply extends Omit<Reply, 'content'> {
  readonly body: Buffer;
}

/** Fields of a form or JSON body; null when it cannot be read as such. */
export function readFields(contentType: string, body: Buffer): ReadonlyMap<string, string> | null {
  try {
    return contentType === 'application/json' ? jsonFields(body) : formFields(body.toString('latin1'));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof URIError) return null;
    throw error;
  }
}

function jsonFields(body: Buffer): ReadonlyMap<string, string> | null {
  const value: unknown = JSON.parse(body.toString('utf8'));
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  return new Map(Object.entries(value).map(([name, content]) => [name, String(content)]));
}

/** As a form parser does: `+` is a blank, also in base64 that somebody forgot to escape. */
function formFields(body: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const pair of body.split('&')) {
    if (pair === '') continue;
    const cut = pair.indexOf('=');
    const name = decodeFormText(cut < 0 ? pair : pair.slice(0, cut));
    if (!fields.has(name)) fields.set(name, cut < 0 ? '' : decodeFormText(pair.slice(cut + 1)));
  }
  return fields;
}

function decodeFormText(raw: string): string {
  const text = raw.includes('+') ? raw.replaceAll('+', ' ') : raw;
  if (!text.includes('%')) return text;
  // The three escapes of base64 first: a file is megabytes of them, and decodeURIComponent is slow there.
  const plain =
    text.length < 200
      ? text
      : text.replaceAll(/%2B/gi, '+').replaceAll(/%2F/gi, '/').replaceAll(/%3D/gi, '=');
  return plain.includes('%') ? decodeURIComponent(plain) : plain;
}

/** Strict base64: no blanks, no line breaks, right padding; null otherwise. */
export function decodeBase64(text: string): Buffer | null {
  if (text.length % 4 !== 0) return null;
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const bytes = Buffer.from(text, 'base64');
  // Node skips what is not base64, so a strange character shows as missing bytes; `-` and `_` it takes for base64url.
  const complete = bytes.length === (text.length / 4) * 3 - padding;
  return complete && !text.includes('-') && !text.includes('_') ? bytes : null;
}

export function htmlPage(status: number, title: string): Reply {
  const content = `<!DOCTYPE html><html><head><title>${title}</title></head><body><h1>${title}</h1><p>[SIM]</p></body></html>`;
  return { status, type: 'html', content };
}
