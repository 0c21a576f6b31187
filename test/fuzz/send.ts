import { type Agent, request } from 'node:http';
import { connect } from 'node:net';
import { credentialsOf } from './callers.ts';
import type { Draft } from './requests.ts';
import type { World } from './world.ts';

export interface Wire {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | null;
}

export interface Answer {
  /** 0 = none came: the connection was closed, or the time was over. */
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  readonly ms: number;
  readonly failed: 'late' | 'cut' | 'not-sent' | null;
}

/** Longer than this is a hang. */
export const LONGEST_MS = 10_000;
const DEEP = 20_000;
/** Of a refused body the server reads 8 MB more and then cuts the line; beyond that there is nothing to learn. */
const LARGEST_BODY = 4 * 1024 * 1024;

/** Long texts are written out, as far as there is room: a body may hold the same one many times. */
function written(text: string): string {
  let left = LARGEST_BODY;
  return text.replace(/\{\{long:(\d+)\}\}/g, (_, length: string) => {
    const size = Math.min(Number(length), left);
    left -= size;
    return 'x'.repeat(size);
  });
}

/** The draft with ids and versions of the living province. */
export function onTheWire(world: World, draft: Draft): Wire {
  const { caller } = draft;
  const withIds = (text: string, path: string) =>
    text.replace(/\{\{(\w+):(own|other|nobody):(\d+)\}\}/g, (_, kind: string, whose: string, place: string) =>
      world.idFor(caller, path, kind, whose, Number(place)),
    );
  const path = written(withIds(draft.path, draft.path));
  const headers = { ...credentialsOf(caller), ...draft.headers };
  for (const [name, value] of Object.entries(headers))
    headers[name] = value.replace('{{version}}', () => world.versionOf(path));
  const body = draft.body === undefined ? null : bytesOf(written(withIds(draft.body, path)));
  return { method: draft.method, path, headers, body: body?.subarray(0, LARGEST_BODY) ?? null };
}

function bytesOf(text: string): Buffer {
  if (text === '{{nested-arrays}}') return Buffer.from('['.repeat(DEEP) + ']'.repeat(DEEP));
  if (text === '{{nested-objects}}') return Buffer.from(`${'{"a":'.repeat(DEEP)}1${'}'.repeat(DEEP)}`);
  const [before, after] = text.split('{{not-utf8}}');
  if (after === undefined) return Buffer.from(text);
  return Buffer.concat([Buffer.from(before!), Buffer.from([0xff, 0xc0, 0x80]), Buffer.from(after)]);
}

export function send(agent: Agent, url: string, wire: Wire): Promise<Answer> {
  const { hostname, port } = new URL(url);
  const startedAt = performance.now();
  return new Promise((answered) => {
    const done = (answer: Partial<Answer>) =>
      answered({
        status: 0,
        headers: {},
        text: '',
        failed: null,
        ...answer,
        ms: performance.now() - startedAt,
      });
    let call: ReturnType<typeof request>;
    try {
      const length = wire.body ? { 'Content-Length': String(wire.body.length) } : {};
      const headers = { ...wire.headers, ...length };
      call = request({ agent, hostname, port, method: wire.method, path: wire.path, headers });
    } catch {
      done({ failed: 'not-sent' }); // Node's own client refuses such a header or path
      return;
    }
    const late = setTimeout(() => {
      done({ failed: 'late' });
      call.destroy();
    }, LONGEST_MS);
    call.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', () => undefined);
      response.on('close', () => {
        clearTimeout(late);
        const text = Buffer.concat(chunks).toString('utf8');
        const { statusCode: status = 0, headers } = response;
        done({ status, headers, text, failed: response.complete ? null : 'cut' });
      });
    });
    call.on('error', () => {
      clearTimeout(late);
      done({ failed: 'cut' });
    });
    call.end(wire.body ?? undefined);
  });
}

/** Writes the lines as they are and reads whatever comes; the server may close without a word, but not hang. */
export function sendRaw(url: string, raw: string): Promise<Answer> {
  const { hostname, port } = new URL(url);
  const startedAt = performance.now();
  return new Promise((answered) => {
    const chunks: Buffer[] = [];
    const socket = connect({ host: hostname, port: Number(port) });
    const late = setTimeout(() => socket.destroy(new Error('late')), LONGEST_MS);
    let failed: Answer['failed'] = null;
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', (error) => {
      if (error.message === 'late') failed = 'late';
    });
    socket.on('close', () => {
      clearTimeout(late);
      const text = Buffer.concat(chunks).toString('utf8');
      const statuses = [...text.matchAll(/^HTTP\/1\.1 (\d{3})/gm)].map(([, status]) => Number(status));
      answered({
        status: Math.max(0, ...statuses),
        headers: {},
        text,
        failed,
        ms: performance.now() - startedAt,
      });
    });
    // Half closed: the server learns that no more will come.
    socket.end(Buffer.from(raw, 'latin1'));
  });
}
