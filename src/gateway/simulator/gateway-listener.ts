import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ArrivedCall, jsonReply, oversize, Stop, written } from './answers.ts';
import type { CallEntry } from './call-log.ts';
import type { Armed, FaultAction, FaultMoment } from './faults.ts';
import { ROUTES, type Route } from './routes.ts';
import { facilityOf } from './sessions.ts';
import type { Reply, WrittenReply } from './wire.ts';
import { htmlPage, readFields } from './wire.ts';
import type { World } from './world.ts';

/** The caller is gone, by a fault or by itself: nobody to answer. */
class Gone extends Error {}

const SECRET_NAMES = ['token', 'id_token', 'password', 'accesstoken', 'tokenid', 'passwordhash'];
const HEADER_NAMES = ['content-type', 'accesstoken', 'tokenid', 'passwordhash'];
const GARBAGE = '\u0000\u0001 [SIM] this is not an answer ';

/** The gateway's own port: every call is logged, goes through the planned faults and the checks, and is answered. */
export function createGatewayListener(world: World, stopping: AbortSignal): RequestListener {
  return (request, response) => {
    const [path = '', query = ''] = (request.url ?? '').split('?', 2);
    const route = request.method === 'POST' ? ROUTES[path] : undefined;
    if (!route) {
      request.resume();
      writeReply(response, written(world, {}, htmlPage(404, 'The resource cannot be found.')));
      return;
    }
    const visit = new Visit(world, stopping, request, response, path, new URLSearchParams(query), route);
    const names = [...new URLSearchParams(query).keys()].map((name) => name.toLowerCase());
    if (!route.isOfAddress && names.some((name) => SECRET_NAMES.includes(name)))
      world.log.flag(visit.entry, 'secretInUrl');
    // A defect of the simulator must not look like a behaviour of the gateway: anything else than Gone ends the process.
    visit.run().catch((error: unknown) => {
      if (!(error instanceof Gone) && !stopping.aborted) throw error;
    });
  };
}

/** One call from its first byte to its last. */
class Visit {
  readonly entry: CallEntry;
  private readonly world: World;
  private readonly stopping: AbortSignal;
  private readonly request: IncomingMessage;
  private readonly response: ServerResponse;
  private readonly path: string;
  private readonly query: URLSearchParams;
  private readonly route: Route;

  constructor(
    world: World,
    stopping: AbortSignal,
    request: IncomingMessage,
    response: ServerResponse,
    path: string,
    query: URLSearchParams,
    route: Route,
  ) {
    this.world = world;
    this.stopping = stopping;
    this.request = request;
    this.response = response;
    this.path = path;
    this.query = query;
    this.route = route;
    const present = HEADER_NAMES.filter((name) => request.headers[name] !== undefined);
    this.entry = world.log.start(path, clientAddress(request), world.now(), present);
  }

  async run(): Promise<void> {
    const { world, path } = this;
    const first = world.faults.arm({ path, maCSKCB: null, maLks: [] }, 'header').at('before-auth');
    const [cut, others] = [first.filter(breaksLine), first.filter((action) => !breaksLine(action))];
    await this.act(cut, 'before-auth', null); // before the body is read
    let armed: Armed = { at: () => [] };
    try {
      const call = await this.arrive();
      armed = world.faults.arm({ path, ...this.subject(call) }, 'body');
      await this.act([...others, ...armed.at('before-auth')], 'before-auth', null);
      await this.answer(await this.countingTokenCalls(() => this.handle(call, armed)), armed);
    } catch (error) {
      if (!(error instanceof Stop)) throw error;
      await this.answer(error.reply, armed);
    }
  }

  private async handle(call: ArrivedCall, armed: Armed): Promise<Reply> {
    this.route.authorise(this.world, call);
    await this.act(armed.at('after-auth'), 'after-auth', null);
    const reply = this.route.accept(this.world, call);
    await this.act(armed.at('after-persist'), 'after-persist', reply);
    return reply;
  }

  private async arrive(): Promise<ArrivedCall> {
    const { world, request, entry, path, query } = this;
    const body = await readBody(request, world.settings['submit.maxBase64Chars'] * 3 + 16_384);
    if (body === null) oversize(world);
    const contentType = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
    const fields = readFields(contentType, body);
    entry.bodyBytes = body.length;
    entry.fieldsPresent = [...(fields?.keys() ?? [])];
    const given = (name: string) => fields?.get(name) ?? query.get(name) ?? undefined;
    entry.account = given('username') ?? null;
    entry.maCSKCB = given('maCSKCB') ?? given('maCskcb') ?? facilityOf(entry.account ?? '');
    return { path, query, ip: entry.ip, contentType, headers: request.headers, fields, entry };
  }

  private subject(call: ArrivedCall) {
    const { linkCodes } = this.route;
    const maLks = linkCodes && this.world.faults.needsLinkCode ? linkCodes(this.world, call) : [];
    return { maCSKCB: this.entry.maCSKCB, maLks };
  }

  /** A sender should never have two token calls of one account under way. */
  private async countingTokenCalls(handle: () => Promise<Reply>): Promise<Reply> {
    const { takingToken, log } = this.world;
    const { account } = this.entry;
    if (!this.route.isTokenCall || account === null) return handle();
    const others = takingToken.get(account) ?? 0;
    if (others > 0) log.flag(this.entry, 'concurrentTokenCalls');
    takingToken.set(account, others + 1);
    try {
      return await handle();
    } finally {
      takingToken.set(account, (takingToken.get(account) ?? 1) - 1);
    }
  }

  /** Performs the faults of one moment. @throws Stop with another answer, Gone when nobody is left to answer */
  private async act(
    actions: readonly FaultAction[],
    moment: FaultMoment,
    reply: Reply | null,
  ): Promise<void> {
    for (const action of actions) {
      this.entry.faults.push(`${moment}:${action.type}`);
      if (action.type === 'delay') await sleep(action.ms, undefined, { signal: this.stopping });
      else if (breaksLine(action)) this.breakLine(action);
      else if (action.type === 'truncate')
        await this.truncate(this.written(reply ?? jsonReply('200', { thongDiep: '[SIM]' })));
      else throw replacement(action);
    }
  }

  private breakLine(action: FaultAction): never {
    if (action.type === 'reset') this.request.socket.resetAndDestroy();
    throw new Gone(); // drop: the caller waits until it gives up
  }

  /** Announces the whole answer, sends half, closes. */
  private async truncate(reply: WrittenReply): Promise<never> {
    const { body } = reply;
    this.response.writeHead(reply.status, headersOf(reply));
    await new Promise((resolve) =>
      this.response.write(body.subarray(0, Math.floor(body.length / 2)), resolve),
    );
    this.request.socket.destroy();
    throw new Gone();
  }

  private written(reply: Reply): WrittenReply {
    return written(this.world, this.route.names ?? {}, reply);
  }

  private async answer(reply: Reply, armed: Armed): Promise<void> {
    const late = armed.at('after-answer-header');
    this.world.log.answered(this.entry, reply);
    if (late.length === 0) return writeReply(this.response, this.written(reply), !this.request.complete);
    await this.answerBadly(reply, late);
  }

  /** The header is out, then something happens. */
  private async answerBadly(reply: Reply, late: readonly FaultAction[]): Promise<void> {
    const sent = this.written(reply);
    const { body } = sent;
    const isCut = late.find((action) => action.type === 'truncate');
    if (isCut) {
      this.entry.faults.push('after-answer-header:truncate');
      await this.truncate(sent);
    }
    this.response.writeHead(sent.status, headersOf(sent));
    this.response.flushHeaders();
    const spoils = late.some((action) => action.type === 'garbage');
    await this.act(
      late.filter((action) => action.type !== 'garbage'),
      'after-answer-header',
      reply,
    );
    if (spoils) this.entry.faults.push('after-answer-header:garbage');
    this.response.end(spoils ? Buffer.alloc(body.length, GARBAGE) : body);
  }
}

const breaksLine = (action: FaultAction) => action.type === 'reset' || action.type === 'drop';

function replacement(action: FaultAction): Stop {
  if (action.type === 'code') {
    const reply = jsonReply(action.maKetQua, { thongDiep: '[SIM] planned fault' });
    return new Stop(reply);
  }
  if (action.type === 'garbage')
    return new Stop({ status: 200, type: 'json', content: action.body ?? GARBAGE });
  const page = htmlPage(action.status, `Error ${action.status}`);
  return new Stop({ ...page, content: action.body ?? page.content });
}

function headersOf(reply: WrittenReply): Record<string, string> {
  return {
    'Content-Type': reply.type === 'json' ? 'application/json; charset=utf-8' : 'text/html; charset=utf-8',
    'Content-Length': String(reply.body.length),
    ...(reply.retryAfterSeconds === undefined ? {} : { 'Retry-After': String(reply.retryAfterSeconds) }),
  };
}

function writeReply(response: ServerResponse, reply: WrittenReply, closeAfter = false): void {
  const close = closeAfter ? { Connection: 'close' } : {};
  response.writeHead(reply.status, { ...headersOf(reply), ...close });
  response.end(reply.body);
}

function clientAddress(request: IncomingMessage): string {
  const claimed = request.headers['x-sim-client-ip'];
  if (typeof claimed === 'string') return claimed;
  return (request.socket.remoteAddress ?? '').replace(/^::ffff:/, '');
}

/** The whole body; null when it is longer than `most`. @throws Gone when the caller leaves in between */
function readBody(request: IncomingMessage, most: number): Promise<Buffer | null> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= most) chunks.push(chunk);
      else {
        request.pause();
        resolve(null);
      }
    });
    request.once('end', () => resolve(Buffer.concat(chunks)));
    request.once('close', () => {
      if (!request.complete) reject(new Gone('caller left'));
    });
    request.on('error', () => undefined); // its 'close' follows
  });
}
