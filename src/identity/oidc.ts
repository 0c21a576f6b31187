import * as client from 'openid-client';
import { recordAudit } from '../audit/index.ts';
import type { ActingContext, Transaction } from '../platform/database/index.ts';
import { type Id, sha256 } from '../platform/ids.ts';
import { Problem } from '../platform/problem.ts';
import { type CredentialRow, findByUsername, lockCredential } from './credential.repo.ts';
import { isEqual } from './door.ts';
import { type DoorDependencies, type OpenedSession, openSession } from './session.service.ts';

export interface OidcSettings {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Where the provider sends people back to: our own address and this path. */
  readonly redirectUri: string;
  /** Claim that carries our username, used once to link the accounts; afterwards issuer and subject decide. */
  readonly usernameClaim: string;
}

/** Sign-in at the province's own provider (OpenID Connect, code flow with PKCE). */
export interface Oidc {
  /** @returns where to send the browser, and the state that its cookie must bring back */
  begin(context: ActingContext): Promise<{ readonly url: string; readonly state: string }>;
  /** @param cookieState what the browser's cookie brought @throws sign-in-failed, no-duty */
  finish(context: ActingContext, currentUrl: URL, cookieState: string | undefined): Promise<OpenedSession>;
}

const FLOW_MINUTES = 10;
/** So long a browser waits for the provider behind us. */
const PROVIDER_TIMEOUT_S = 10;
/** Values of the provider's `amr` that say a second factor was asked there (RFC 8176). */
const STRONG = new Set(['mfa', 'otp', 'hwk', 'sc']);

export function createOidc(deps: DoorDependencies, settings: OidcSettings): Oidc {
  let discovered: Promise<client.Configuration> | undefined;
  const configuration = () => {
    discovered ??= discover(settings).catch((error: unknown) => {
      discovered = undefined;
      throw new Problem('provider-unavailable', {}, [], { cause: error });
    });
    return discovered;
  };
  return {
    async begin(context) {
      const config = await configuration();
      const [codeVerifier, state, nonce] = [
        client.randomPKCECodeVerifier(),
        client.randomState(),
        client.randomNonce(),
      ];
      const url = client.buildAuthorizationUrl(config, {
        redirect_uri: settings.redirectUri,
        scope: 'openid profile',
        code_challenge: await client.calculatePKCECodeChallenge(codeVerifier),
        code_challenge_method: 'S256',
        state,
        nonce,
      });
      await deps.database.transaction(context, (tx) => storeFlow(tx, deps, { state, codeVerifier, nonce }));
      return { url: url.href, state };
    },
    async finish(context, currentUrl, cookieState) {
      const state = currentUrl.searchParams.get('state') ?? '';
      if (!cookieState || !isEqual(cookieState, state)) throw new Problem('sign-in-failed');
      const flow = await deps.database.transaction(context, (tx) => takeFlow(tx, deps, state));
      if (!flow) throw new Problem('sign-in-failed');
      const claims = await redeem(await configuration(), currentUrl, state, flow, settings.usernameClaim);
      const subject = { issuer: claims.iss, subject: claims.sub };
      return deps.database.transaction(context, async (tx) => {
        const account = await accountFor(tx, deps, subject, claims[settings.usernameClaim]);
        const amr: readonly unknown[] = Array.isArray(claims.amr) ? claims.amr : [];
        const secondFactor = amr.some((method) => typeof method === 'string' && STRONG.has(method));
        return openSession(tx, deps, account, { ownPassword: true, secondFactor, by: 'oidc' });
      });
    },
  };
}

function discover({ issuer, clientId, clientSecret }: OidcSettings): Promise<client.Configuration> {
  const url = new URL(issuer);
  // Plain HTTP is for a provider on this same machine: tests and rehearsals.
  const isLocal = url.protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
  return client.discovery(url, clientId, clientSecret, undefined, {
    timeout: PROVIDER_TIMEOUT_S,
    ...(isLocal ? { execute: [client.allowInsecureRequests] } : {}),
  });
}

interface Flow {
  readonly codeVerifier: string;
  readonly nonce: string;
}

async function storeFlow(tx: Transaction, deps: DoorDependencies, flow: Flow & { readonly state: string }) {
  const now = deps.clock.now();
  await tx.query('delete from oidc_flow where expires_at < $1', [now.toISOString()]);
  await tx.query(
    'insert into oidc_flow (state_sha256, code_verifier, nonce, expires_at) values ($1, $2, $3, $4)',
    [
      sha256(flow.state),
      flow.codeVerifier,
      flow.nonce,
      new Date(now.getTime() + FLOW_MINUTES * 60_000).toISOString(),
    ],
  );
}

/** A flow is finished once. */
async function takeFlow(tx: Transaction, deps: DoorDependencies, state: string): Promise<Flow | undefined> {
  const rows = await tx.query<Flow>(
    `delete from oidc_flow where state_sha256 = $1 and expires_at > $2
     returning code_verifier as "codeVerifier", nonce`,
    [sha256(state), deps.clock.now().toISOString()],
  );
  return rows[0];
}

/** What the provider says of the person: in the ID token, and the name where it is given only on asking (OpenID Connect Core 5.4). */
async function redeem(
  config: client.Configuration,
  url: URL,
  state: string,
  flow: Flow,
  usernameClaim: string,
): Promise<client.IDToken> {
  try {
    const tokens = await client.authorizationCodeGrant(config, url, {
      pkceCodeVerifier: flow.codeVerifier,
      expectedState: state,
      expectedNonce: flow.nonce,
      idTokenExpected: true,
    });
    const claims = tokens.claims();
    const canAsk = config.serverMetadata().userinfo_endpoint !== undefined;
    if (claims && claims[usernameClaim] === undefined && canAsk) {
      const person = await client.fetchUserInfo(config, tokens.access_token, claims.sub);
      return { ...claims, [usernameClaim]: person[usernameClaim] };
    }
    if (claims) return claims;
  } catch (error) {
    const type = isOutage(error) ? 'provider-unavailable' : 'sign-in-failed';
    throw new Problem(type, {}, [], { cause: error });
  }
  throw new Problem('sign-in-failed');
}

interface Failure {
  readonly message?: string;
  readonly code?: string;
  readonly cause?: Failure;
}
const OUTAGE = new Set(['OAUTH_TIMEOUT', 'OAUTH_RESPONSE_IS_NOT_CONFORM']);

/** The provider was not reached, was too slow, or answered with a trouble of its own: nobody did anything wrong. */
function isOutage(error: unknown): boolean {
  for (let current = error as Failure | undefined; current; current = current.cause)
    if (current.message === 'fetch failed' || OUTAGE.has(current.code ?? '')) return true;
  return false;
}

/** The account that was linked before; else the person of that username, who is linked from now on. */
async function accountFor(
  tx: Transaction,
  deps: DoorDependencies,
  identity: { readonly issuer: string; readonly subject: string },
  username: unknown,
): Promise<CredentialRow> {
  const [known] = await tx.query<{ accountId: Id }>(
    'select account_id as "accountId" from external_identity where issuer = $1 and subject = $2',
    [identity.issuer, identity.subject],
  );
  const account = known
    ? await lockCredential(tx, known.accountId)
    : typeof username === 'string'
      ? await findByUsername(tx, username.toLowerCase())
      : undefined;
  const isUsable = account?.kind === 'person' && account.state === 'active';
  if (!isUsable || (account.isDemo && !deps.settings.allowDemo)) throw new Problem('sign-in-failed');
  if (!known) {
    // Somebody else there who took over the name later is not the person who was linked.
    const [linked] = await tx.query('select 1 from external_identity where issuer = $1 and account_id = $2', [
      identity.issuer,
      account.accountId,
    ]);
    if (linked) throw new Problem('sign-in-failed');
    await tx.query('insert into external_identity (issuer, subject, account_id) values ($1, $2, $3)', [
      identity.issuer,
      identity.subject,
      account.accountId,
    ]);
    recordAudit(tx, {
      action: 'account.externalIdentityLinked',
      subjectType: 'account',
      subjectId: account.accountId,
      detail: { issuer: identity.issuer },
    });
  }
  return account;
}
