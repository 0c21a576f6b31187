import type { ClientRequest, IncomingMessage } from 'node:http';
import * as http from 'node:http';
import * as https from 'node:https';
import type { Socket } from 'node:net';
import type { Failure } from './classify.ts';

/** One POST and what came of it, before anybody reads meaning into it. */
export interface Exchange {
  readonly bodySent: boolean;
  readonly failure: Failure | null;
  readonly httpStatus: number | null;
  readonly retryAfterSeconds: number | null;
  /** What arrived of the body, at most `MAX_ANSWER_BYTES`; empty when nothing came. */
  readonly answer: string;
  /** Address of this machine from which the call left; null when it did not. */
  readonly leftFrom: string | null;
}

export interface Line {
  /** @param timeoutMs for all of it, from the first step to the last byte of the answer */
  post(
    path: string,
    headers: Readonly<Record<string, string>>,
    body: Buffer,
    timeoutMs: number,
  ): Promise<Exchange>;
  close(): void;
}

export interface LineOptions {
  readonly baseUrl: string;
  readonly connectTimeoutMs: number;
  /** Local address to leave from: the gateway binds tokens to it. */
  readonly localAddress?: string;
  readonly nowMs: () => number;
}

/** An answer is a few hundred bytes; what is longer is somebody else's page. */
const MAX_ANSWER_BYTES = 1024 * 1024;
/** Free connections are closed before a server or firewall usually does, which would look like a lost answer. */
const IDLE_MS = 20_000;

/**
 * Keep-alive connections to one gateway. node:http instead of fetch: a third of the CPU per call, and it tells whether
 * the body had left when the connection broke, which decides between "not sent" and "unknown".
 */
export function createLine(options: LineOptions): Line {
  const base = new URL(options.baseUrl);
  const secure = base.protocol === 'https:';
  const agent = new (secure ? https.Agent : http.Agent)({
    keepAlive: true,
    scheduling: 'lifo',
    timeout: IDLE_MS,
    maxFreeSockets: 64,
  });
  const open = secure ? https.request : http.request;
  const target = {
    agent,
    method: 'POST',
    protocol: base.protocol,
    hostname: base.hostname.replace(/^\[|\]$/g, ''),
    port: base.port || (secure ? 443 : 80),
    ...(options.localAddress === undefined ? {} : { localAddress: options.localAddress }),
  };
  const prefix = base.pathname.replace(/\/$/, '');

  function post(path: string, headers: Readonly<Record<string, string>>, body: Buffer, timeoutMs: number) {
    const request = open({
      ...target,
      path: prefix + path,
      headers: { ...headers, 'Content-Length': String(body.length) },
    });
    const done = watch(request, secure, options, timeoutMs);
    request.end(body);
    return done;
  }
  return { post, close: () => agent.destroy() };
}

function watch(
  request: ClientRequest,
  secure: boolean,
  options: LineOptions,
  timeoutMs: number,
): Promise<Exchange> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    let connected = false;
    let bodySent = false;
    let timedOut = false;
    let response: IncomingMessage | undefined;
    let leftFrom: string | null = null;
    let timer: NodeJS.Timeout | undefined;
    const startedAt = performance.now();

    const finish = (failure: Failure | null) => {
      clearTimeout(timer);
      resolve({
        bodySent,
        failure,
        httpStatus: response?.statusCode ?? null,
        retryAfterSeconds: retryAfter(response?.headers['retry-after'], options.nowMs()),
        // The answer is kept as text, and PostgreSQL keeps none with a zero in it.
        answer: Buffer.concat(chunks).toString('utf8').replaceAll('\0', '\uFFFD'),
        leftFrom,
      });
    };
    const limit = (ms: number) => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        timedOut = true;
        request.destroy();
      }, ms);
    };
    const onConnected = () => {
      connected = true;
      leftFrom = request.socket?.localAddress ?? null;
      limit(Math.max(1, timeoutMs - (performance.now() - startedAt)));
    };
    request.once('socket', (socket: Socket) => {
      if (request.reusedSocket) return onConnected();
      limit(Math.min(options.connectTimeoutMs, timeoutMs));
      socket.once(secure ? 'secureConnect' : 'connect', onConnected);
    });
    request.once('finish', () => {
      bodySent = true;
    });
    request.on('error', () =>
      finish(!connected ? 'connect' : timedOut ? 'timeout' : response ? 'truncated' : 'reset'),
    );
    request.once('response', (arriving) => {
      response = arriving;
      arriving.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size <= MAX_ANSWER_BYTES) chunks.push(chunk);
        else request.destroy();
      });
      arriving.once('end', () => finish(null));
      // 'end' did not come: cut by the far side, by our time limit or by our size limit.
      arriving.once('close', () =>
        finish(timedOut ? 'timeout' : size > MAX_ANSWER_BYTES ? 'garbled' : 'truncated'),
      );
      arriving.on('error', () => undefined); // its 'close' follows and tells the rest
    });
  });
}

/** Seconds from a `Retry-After` header, which is a number of seconds or a date. */
function retryAfter(header: string | undefined, nowMs: number): number | null {
  if (header === undefined) return null;
  if (/^\d{1,6}$/.test(header)) return Number(header);
  const at = Date.parse(header);
  return Number.isNaN(at) ? null : Math.max(0, Math.ceil((at - nowMs) / 1000));
}
