import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Provider } from 'oidc-provider';

/**
 * A real OpenID Connect provider for tests, in a process of its own: `node provider.ts <port> <client> <secret>
 * <redirect>`. It says its address in one line. Whoever opens `/interaction/<uid>/login?sub=…&name=…&amr=…` is that
 * person; nobody is asked for consent.
 */
const [port = '0', clientId = '', clientSecret = '', redirectUri = ''] = process.argv.slice(2);
const names = new Map<string, string>();
let provider: Provider;

const server = createServer((request, response) => {
  const url = new URL(request.url ?? '/', 'http://provider');
  if (!/^\/interaction\/[\w-]+\/login$/.test(url.pathname)) {
    void provider.callback()(request, response);
    return;
  }
  const [accountId, name] = [url.searchParams.get('sub') ?? '', url.searchParams.get('name')];
  if (name) names.set(accountId, name);
  const amr = url.searchParams.getAll('amr');
  const result = accountId ? { login: { accountId, amr } } : { error: 'access_denied' };
  void provider.interactionFinished(request, response, result);
});
await new Promise<void>((done) => server.listen(Number(port), '127.0.0.1', done));
const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
provider = new Provider(issuer, {
  clients: [{ client_id: clientId, client_secret: clientSecret, redirect_uris: [redirectUri] }],
  claims: { openid: ['sub', 'amr'], profile: ['preferred_username'] },
  pkce: { required: () => true },
  features: { devInteractions: { enabled: false } },
  interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
  findAccount: (_ctx, sub) => ({
    accountId: sub,
    claims: async () => ({ sub, preferred_username: names.get(sub) }),
  }),
  async loadExistingGrant(ctx) {
    const { client, session } = ctx.oidc;
    const grant = new ctx.oidc.provider.Grant({ clientId: client?.clientId, accountId: session?.accountId });
    grant.addOIDCScope('openid profile');
    await grant.save();
    return grant;
  },
});
process.stdout.write(`${issuer}\n`);
