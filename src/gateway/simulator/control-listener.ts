import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { preferredLanguage } from '../../messages/index.ts';
import { FaultError } from './faults.ts';
import { SettingError, withSettings } from './settings.ts';
import { registered } from './signature.ts';
import { statusPage } from './status-page.ts';
import type { RecordVersion } from './store.ts';
import type { World } from './world.ts';

/** What the caller of the control API did wrong. */
class ControlError extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

interface ControlCall {
  readonly world: World;
  /** What stands behind the resource's name in the path, decoded; empty when nothing does. */
  readonly rest: string;
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
}
type Handler = (call: ControlCall) => unknown;

const HANDLERS: Readonly<Record<string, Handler>> = {
  'POST reset': ({ world }) => {
    world.reset();
    return { now: world.now() };
  },
  'GET clock': ({ world }) => ({ now: world.now() }),
  'POST clock': moveClock,
  'GET faults': ({ world }) => world.faults.list(),
  'POST faults': ({ world, body }) => world.faults.add(body),
  'DELETE faults': ({ world, rest }) => {
    world.faults.clear(rest === '' ? undefined : rest);
    return world.faults.list();
  },
  'GET calls': ({ world, query }) => {
    const limit = Number(query.get('limit') ?? '1000');
    if (!Number.isSafeInteger(limit) || limit < 1)
      throw new ControlError(400, 'limit: expected a whole number from 1');
    const wanted = { path: query.get('path'), maCSKCB: query.get('maCSKCB'), maLk: query.get('maLk') };
    return world.log.find(wanted, limit);
  },
  'GET records': ({ world, query }) => {
    const maCSKCB = query.get('maCSKCB');
    return world.store
      .recordsOf(query.get('maLk'))
      .filter((record) => maCSKCB === null || record.maCSKCB === maCSKCB)
      .map((record) => ({ ...record, versions: record.versions.map((version) => checked(world, version)) }));
  },
  'GET transactions': ({ world, rest }) => {
    const found = world.store.transaction(rest);
    if (!found) throw new ControlError(404, `no transaction ${rest}`);
    const isChecked = found.checkedAt <= world.now();
    const errors = isChecked ? found.records.flatMap((record) => record.errors) : [];
    return {
      ...found,
      records: found.records.map(({ errors: _later, ...record }) => record),
      isChecked,
      errors,
    };
  },
  'POST accounts': changeAccount,
  'POST cards': putCard,
  'GET staff': ({ world, query }) => world.people.staffOf(query.get('maCSKCB') ?? ''),
  'POST staff': ({ world, body }) => {
    const { maCSKCB, cccd, hoTen } = body;
    if (typeof maCSKCB !== 'string' || typeof hoTen !== 'string')
      throw new ControlError(400, 'expected maCSKCB, cccd and hoTen');
    if (typeof cccd !== 'string' || !/^\d{12}$/.test(cccd))
      throw new ControlError(400, 'cccd: expected 12 digits');
    world.people.register(maCSKCB, { cccd, hoTen });
    return { maCSKCB, cccd, hoTen };
  },
  'POST payment-requests': ({ world, body }) => {
    const { maCSKCB, maLk } = body;
    if (typeof maCSKCB !== 'string' || typeof maLk !== 'string')
      throw new ControlError(400, 'expected maCSKCB and maLk');
    if (!world.store.requestPayment(maCSKCB, maLk)) throw new ControlError(404, `no record ${maLk}`);
    return { maCSKCB, maLk };
  },
  'GET certificates': ({ world }) =>
    world.certificates.list().map(({ maCSKCB, serial }) => ({ maCSKCB, serial })),
  'POST certificates': addCertificate,
  'GET settings': ({ world }) => world.settings,
  'POST settings': ({ world, body }) => {
    world.settings = withSettings(body, world.settings);
    return world.settings;
  },
  'POST maintenance': ({ world, body }) => {
    if (typeof body.on !== 'boolean') throw new ControlError(400, 'on: expected true or false');
    world.isInMaintenance = body.on;
    return { on: world.isInMaintenance };
  },
  'GET report': ({ world, query }) => world.report(query.get('maCSKCB')),
};

/** The control port: state for assertions, knobs for scenarios, one page for people. */
export function createControlListener(world: World): RequestListener {
  return (request, response) => {
    handle(world, request, response).catch((error: unknown) => {
      if (error instanceof ControlError) return sendJson(response, error.status, { error: error.message });
      if (error instanceof SettingError || error instanceof FaultError || error instanceof SyntaxError) {
        return sendJson(response, 400, { error: error.message });
      }
      throw error;
    });
  };
}

async function handle(world: World, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://control');
  if (url.pathname === '/' && request.method === 'GET') {
    const page = statusPage(world, preferredLanguage(request.headers['accept-language']));
    response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store' });
    response.end(page);
    return;
  }
  const [, prefix, name = '', ...rest] = url.pathname.split('/');
  const handler = prefix === '__sim' ? HANDLERS[`${request.method} ${name}`] : undefined;
  if (!handler)
    throw new ControlError(
      404,
      `no ${request.method} ${url.pathname}; known: ${Object.keys(HANDLERS).join(', ')}`,
    );
  const body = await readJson(request);
  const answer = handler({ world, rest: decodeURIComponent(rest.join('/')), query: url.searchParams, body });
  sendJson(response, 200, answer);
}

function moveClock({ world, body }: ControlCall): unknown {
  // A clock that stands still does so where it was moved to.
  const { now, advanceSeconds, frozen = world.clock.isFrozen } = body;
  if (typeof frozen !== 'boolean') throw new ControlError(400, 'frozen: expected true or false');
  if (typeof advanceSeconds === 'number')
    world.clock.set(world.clock.nowMs() + advanceSeconds * 1000, frozen);
  else if (typeof now === 'string' && !Number.isNaN(Date.parse(now)))
    world.clock.set(Date.parse(now), frozen);
  else throw new ControlError(400, 'expected now (a moment in ISO 8601) or advanceSeconds (a number)');
  return { now: world.now() };
}

function changeAccount({ world, rest, body }: ControlCall): unknown {
  const { locked, password, restricted } = body;
  if (restricted !== undefined && typeof restricted !== 'boolean')
    throw new ControlError(400, 'restricted: expected true or false');
  if (locked !== undefined && typeof locked !== 'boolean')
    throw new ControlError(400, 'locked: expected true or false');
  if (password !== undefined && typeof password !== 'string')
    throw new ControlError(400, 'password: expected text');
  const changes = {
    ...(locked === undefined ? {} : { locked }),
    ...(password === undefined ? {} : { password }),
  };
  if (!world.sessions.change(rest, changes)) throw new ControlError(404, `no account ${rest}`);
  if (locked === false) world.toldLocked.delete(rest);
  if (restricted === true) world.restricted.add(rest);
  if (restricted === false) world.restricted.delete(rest);
  return {
    account: rest,
    locked: world.sessions.account(rest)?.locked,
    restricted: world.restricted.has(rest),
  };
}

/** A person whom the look-ups shall know, or know otherwise. */
function putCard({ world, body }: ControlCall): unknown {
  const {
    maThe,
    hoTen,
    ngaySinh,
    code = '000',
    maTheMoi = null,
    history = null,
    copay = [],
    more = {},
  } = body;
  if (typeof maThe !== 'string' || typeof hoTen !== 'string' || typeof ngaySinh !== 'string')
    throw new ControlError(400, 'expected maThe, hoTen and ngaySinh');
  if (typeof code !== 'string') throw new ControlError(400, 'code: expected text');
  if (!Array.isArray(copay) || !copay.every((sum) => Number.isSafeInteger(sum)))
    throw new ControlError(400, 'copay: expected a list of whole numbers');
  if (history !== null && !Array.isArray(history))
    throw new ControlError(400, 'history: expected a list or null');
  if (maTheMoi !== null && typeof maTheMoi !== 'string')
    throw new ControlError(400, 'maTheMoi: expected text');
  if (typeof more !== 'object' || more === null) throw new ControlError(400, 'more: expected an object');
  const card = {
    code,
    maThe,
    hoTen,
    ngaySinh,
    maTheMoi,
    history,
    copay: copay.map(Number),
    more: { ...more },
  };
  world.people.put(card);
  return card;
}

function addCertificate({ world, body }: ControlCall): unknown {
  const { maCSKCB, pem } = body;
  if (typeof maCSKCB !== 'string' || typeof pem !== 'string')
    throw new ControlError(400, 'expected maCSKCB and pem');
  try {
    const certificate = registered(maCSKCB, pem);
    world.certificates.add(certificate);
    return { maCSKCB, serial: certificate.serial };
  } catch {
    throw new ControlError(400, 'pem: not a certificate');
  }
}

/** A version as the portal would show it at this moment: content errors appear when the check is through. */
function checked(world: World, version: RecordVersion) {
  const { errors, ...shown } = version;
  if (version.checkedAt > world.now()) return { ...shown, status: 'checking', errors: [] };
  return { ...shown, status: errors.length > 0 ? 'error' : 'ok', errors };
}

async function readJson(request: IncomingMessage): Promise<Readonly<Record<string, unknown>>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  if (chunks.length === 0) return {};
  const value: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new ControlError(400, 'expected an object');
  return Object.fromEntries(Object.entries(value));
}

function sendJson(response: ServerResponse, status: number, content: unknown): void {
  const body = Buffer.from(JSON.stringify(content, null, 2));
  response.writeHead(status, {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': String(body.length),
  });
  response.end(body);
}
