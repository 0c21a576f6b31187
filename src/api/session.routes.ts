import type { SignIn, TokenRequest } from '../../schemas/api/identity.ts';
import {
  beginSecondFactor,
  confirmSecondFactor,
  issueMachineToken,
  type OpenedSession,
  passSecondFactor,
  readSession,
  renewRecoveryCodes,
  setPassword,
  signIn,
  signOut,
  switchFacility,
} from '../identity/index.ts';
import { text } from '../messages/index.ts';
import { ANYBODY, page, type Reply, SIGNED_IN } from '../platform/http/index.ts';
import { Problem } from '../platform/problem.ts';
import { callerOf, cookieText, type DoorContext, type DoorRoute, inDoor } from './door.ts';

const SESSION = '/api/v1/session';
const OIDC = '/auth/oidc';
const OIDC_COOKIE = 'lt_oidc';
const OIDC_COOKIE_SECONDS = 600;

const opened = (context: DoorContext, session: OpenedSession, status: number): Reply => ({
  status,
  body: session.view,
  headers: context.cookie(session.token),
});

interface Shape {
  readonly body?: string;
  readonly query?: string;
  readonly answer?: string;
  readonly contentType?: string;
  readonly status?: number;
  readonly permission?: string;
}

function door(
  method: 'GET' | 'POST',
  path: string,
  operationId: string,
  shape: Shape,
  handle: DoorRoute['handle'],
): DoorRoute {
  const { body, query, answer, contentType, status = 200, permission = SIGNED_IN } = shape;
  return {
    method,
    path,
    operationId,
    summary: `api.${operationId}`,
    permission,
    ...(body ? { body: { schemaId: body } } : {}),
    ...(query ? { query: { schemaId: query } } : {}),
    responses: {
      [status]: { ...(answer ? { schemaId: answer } : {}), ...(contentType ? { contentType } : {}) },
    },
    // A repeated sign-in step either does the same again or is refused by the state of the session.
    idempotent: 'none',
    changes: method === 'GET' ? 'reads' : 'updates',
    handle,
  };
}

const session: readonly DoorRoute[] = [
  door(
    'POST',
    SESSION,
    'signIn',
    { body: 'SignIn', answer: 'Session', status: 201, permission: ANYBODY },
    async ({ context, body }) =>
      opened(context, await signIn(context.door, context.acting, body as SignIn), 201),
  ),
  door('GET', SESSION, 'readSession', { answer: 'Session' }, async ({ context }) => ({
    status: 200,
    body: await inDoor(context, (tx) => readSession(tx, context.door, callerOf(context))),
  })),
  door(
    'POST',
    `${SESSION}/second-factor`,
    'passSecondFactor',
    { body: 'SecondFactorCode', answer: 'Session' },
    async ({ context, body }) => {
      const { code } = body as { code: string };
      return opened(
        context,
        await passSecondFactor(context.door, context.acting, callerOf(context), code),
        200,
      );
    },
  ),
  door(
    'POST',
    `${SESSION}/facility`,
    'switchFacility',
    { body: 'SwitchFacility', answer: 'Session' },
    async ({ context, body }) => {
      const { facilityCode } = body as { facilityCode: string | null };
      const moved = await inDoor(context, (tx) =>
        switchFacility(tx, context.door, callerOf(context), facilityCode),
      );
      return opened(context, moved, 200);
    },
  ),
  ...[false, true].map((everywhere) =>
    door(
      'POST',
      `${SESSION}/${everywhere ? 'end-all' : 'end'}`,
      everywhere ? 'signOutEverywhere' : 'signOut',
      { body: 'Nothing', answer: 'SignedOut' },
      async ({ context }) => ({
        status: 200,
        body: {
          ended: await inDoor(context, (tx) => signOut(tx, context.door, callerOf(context), everywhere)),
        },
        headers: { ...context.cookie(null), 'Clear-Site-Data': '"cache", "storage"' },
      }),
    ),
  ),
  door(
    'POST',
    `${SESSION}/password`,
    'setPassword',
    { body: 'SetPassword', answer: 'Session' },
    async ({ context, body }) => {
      const input = body as { current?: string; next: string };
      return opened(context, await setPassword(context.door, context.acting, callerOf(context), input), 200);
    },
  ),
];

const secondFactor: readonly DoorRoute[] = [
  door(
    'POST',
    `${SESSION}/second-factor/enrolment`,
    'beginSecondFactor',
    { body: 'SecondFactorBegin', answer: 'Enrolment' },
    async ({ context, body }) => {
      const { current } = body as { current?: string };
      const enrolment = await beginSecondFactor(context.door, context.acting, callerOf(context), current);
      return { status: 200, body: enrolment };
    },
  ),
  door(
    'POST',
    `${SESSION}/second-factor/confirmation`,
    'confirmSecondFactor',
    { body: 'SecondFactorCode', answer: 'SecondFactorSet' },
    async ({ context, body }) => {
      const { code } = body as { code: string };
      const { token, view, recoveryCodes } = await inDoor(context, (tx) =>
        confirmSecondFactor(tx, context.door, callerOf(context), code),
      );
      return { status: 200, body: { session: view, recoveryCodes }, headers: context.cookie(token) };
    },
  ),
  door(
    'POST',
    `${SESSION}/recovery-codes`,
    'renewRecoveryCodes',
    { body: 'Nothing', answer: 'RecoveryCodes' },
    async ({ context }) => ({
      status: 200,
      body: { recoveryCodes: await inDoor(context, (tx) => renewRecoveryCodes(tx, callerOf(context))) },
    }),
  ),
];

const machines: readonly DoorRoute[] = [
  door(
    'POST',
    '/api/v1/token',
    'issueToken',
    { body: 'TokenRequest', answer: 'Token', permission: ANYBODY },
    async ({ context, body }) => ({
      status: 200,
      body: await issueMachineToken(context.door, context.acting, body as TokenRequest),
    }),
  ),
];

const provider: readonly DoorRoute[] = [
  door('GET', OIDC, 'beginOidc', { status: 302, permission: ANYBODY }, async ({ context }) => {
    const { provider: oidc, publicUrl } = providerOf(context);
    const { url, state } = await oidc.begin(context.acting);
    const secure = publicUrl.startsWith('https:');
    const cookie = cookieText(OIDC_COOKIE, state, OIDC_COOKIE_SECONDS, 'Lax', secure);
    return { status: 302, location: url, headers: { 'Set-Cookie': cookie } };
  }),
  door(
    'GET',
    `${OIDC}/callback`,
    'finishOidc',
    { query: 'OidcCallback', contentType: 'text/html', permission: ANYBODY },
    async ({ context, query }) => {
      const { provider: oidc, publicUrl } = providerOf(context);
      const url = new URL(`${OIDC}/callback`, publicUrl);
      for (const [name, value] of Object.entries(query as Record<string, string>))
        url.searchParams.set(name, value);
      const found = new RegExp(`(?:^|;\\s*)${OIDC_COOKIE}=([\\w-]+)`).exec(context.meta.cookies)?.[1];
      const { token } = await oidc.finish(context.acting, url, found);
      // A page of our own leads on: the strict cookie is not sent while the browser still comes from elsewhere.
      const { language } = context.meta;
      const words = text(language, 'home.signedIn');
      const html = page(
        language,
        words,
        `<meta http-equiv="refresh" content="0;url=/"><p><a href="/">${words}</a></p>`,
      );
      return {
        status: 200,
        bytes: Buffer.from(html),
        contentType: 'text/html; charset=utf-8',
        headers: context.cookie(token),
      };
    },
  ),
];

function providerOf({ oidc }: DoorContext): NonNullable<DoorContext['oidc']> {
  if (!oidc) throw new Problem('not-found', { what: 'route' });
  return oidc;
}

/** Everything that happens at the door, before and around the work itself. */
export const sessionRoutes: readonly DoorRoute[] = [...session, ...secondFactor, ...machines, ...provider];
