import type { IncomingHttpHeaders } from 'node:http';
import { type ArrivedCall, jsonReply, refuse, Stop } from './answers.ts';
import type { CallEntry } from './call-log.ts';
import { facilityOf } from './sessions.ts';
import type { SimulatorSettings } from './settings.ts';
import type { Reply } from './wire.ts';
import { htmlPage } from './wire.ts';
import type { World } from './world.ts';

/** Where a call carries its credentials. */
export type Convention = 'header' | 'header-json' | 'address' | 'body';

const FORM = 'application/x-www-form-urlencoded';
const JSON_TYPE = 'application/json';

/** Checks 2–7 of a call with a session: maintenance to account state. @throws Stop */
export function authorise(world: World, call: ArrivedCall, convention: Convention): void {
  refuseInMaintenance(world);
  checkContentType(world, call, convention);
  const given = credentials(call, convention);
  const shape = world.settings[convention === 'header-json' ? 'auth.failShapeJson' : 'auth.failShape'];
  const { account, accessToken, idToken, password } = given;
  if (!accessToken || !idToken || !password) refuseSession(shape, 'token, its id or the password missing');
  const age = world.sessions.age(
    { account, accessToken, idToken, ip: call.ip },
    world.clock.nowMs(),
    world.settings,
  );
  call.entry.tokenAgeSeconds = age;
  if (age === null) refuseSession(shape, 'session unknown, over, or of another account or address');
  if (!world.sessions.passwordFits(account, password, world.settings)) refuseSession(shape, 'password');
  if (world.sessions.account(account)?.locked)
    refuseLocked(world, call.entry, account, { thongDiep: '[SIM] account locked' });
}

function checkContentType(world: World, { contentType }: ArrivedCall, convention: Convention): void {
  const isForm = contentType === FORM;
  const isJson = contentType === JSON_TYPE;
  const takesJson = convention === 'header' && world.settings['submit.contentTypes'] === 'form+json';
  const fits = {
    header: isForm || (isJson && takesJson),
    'header-json': isJson,
    // Without a body there is nothing to name a type for.
    address: isForm || isJson || contentType === '',
    body: isForm,
  }[convention];
  if (!fits) refuse('205', `content type ${contentType}`);
}

function credentials({ headers, query, fields }: ArrivedCall, convention: Convention) {
  const inBody = (name: string) => fields?.get(name) ?? '';
  if (convention === 'address' || convention === 'body') {
    const of = convention === 'body' ? inBody : (name: string) => query.get(name) ?? '';
    return {
      account: of('username'),
      accessToken: of('token'),
      idToken: of('id_token'),
      password: of('password'),
    };
  }
  return {
    account: inBody('username'),
    accessToken: headerText(headers, 'accesstoken'),
    idToken: headerText(headers, 'tokenid'),
    password: headerText(headers, 'passwordhash'),
  };
}

function headerText(headers: IncomingHttpHeaders, name: string): string | null {
  const value = headers[name];
  return typeof value === 'string' && value !== '' ? value : null;
}

/** A session that does not hold, in the shape under test. */
function refuseSession(shape: SimulatorSettings['auth.failShape'], detail: string): never {
  if (shape === 'http401-empty') throw new Stop({ status: 401, type: 'json', content: '' });
  const status = shape === 'http200-json' ? 200 : shape === 'http401-json' ? 401 : 400;
  throw new Stop(jsonReply('401', { thongDiep: `[SIM] ${detail}` }, status));
}

function refuseInMaintenance(world: World): void {
  if (world.isInMaintenance)
    throw new Stop({ ...htmlPage(503, 'Service Unavailable'), retryAfterSeconds: 60 });
}

/** The token call's own checks. @throws Stop */
export function authoriseToken(world: World, call: ArrivedCall): void {
  refuseInMaintenance(world);
  const isForm = call.contentType === FORM;
  const isJson = call.contentType === JSON_TYPE && world.settings['token.contentTypes'] === 'form+json';
  const { fields } = call;
  if ((!isForm && !isJson) || !fields) refuse('205', 'content type or body not readable');
  const [name, password] = [fields.get('username') ?? '', fields.get('password') ?? ''];
  if (!/^[0-9a-f]{32}$/i.test(password)) world.log.flag(call.entry, 'plainPassword');
  const account = world.sessions.account(name);
  if (!account || !world.sessions.passwordFits(name, password, world.settings)) {
    throw new Stop(jsonReply('401', { APIKey: null }));
  }
  const facility = fields.get('maCSKCB');
  if (facility !== undefined && facility !== facilityOf(name)) {
    throw new Stop(jsonReply('402', { APIKey: null }));
  }
  if (account.locked) refuseLocked(world, call.entry, name, { APIKey: null });
}

function refuseLocked(
  world: World,
  entry: CallEntry,
  name: string,
  fields: Readonly<Record<string, unknown>>,
): never {
  if (world.toldLocked.has(name)) world.log.flag(entry, 'callAfter403');
  world.toldLocked.add(name);
  throw new Stop(jsonReply('403', fields));
}

export function issueToken(world: World, call: ArrivedCall): Reply {
  const username = call.fields?.get('username') ?? '';
  const token = world.sessions.take(username, call.ip, world.clock.nowMs(), world.settings);
  // Seven fraction digits, as the real answers show.
  const expires = new Date(token.expiresAtMs).toISOString().replace('Z', '0000Z');
  const key = { access_token: token.accessToken, id_token: token.idToken, token_type: 'Bearer', username };
  return jsonReply('200', { APIKey: { ...key, expires_in: expires } });
}
