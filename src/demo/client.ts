import { Agent, request } from 'node:http';

export interface ApiAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly etag: string | null;
}

/** A person's session: the cookie and the forgery token, kept as a browser would keep them. */
export interface Session {
  headers(): Readonly<Record<string, string>>;
  /** @param setCookie the Set-Cookie headers of an answer */
  keep(setCookie: readonly string[] | undefined): void;
}

/** A machine's bearer token, or a person's session; '' = not signed in. */
export type Credential = string | Session;

/** The API as other software and browsers use it: HTTP and JSON, bytes as they are. Connections are kept open. */
export interface ApiClient {
  call(
    method: string,
    path: string,
    credential: Credential,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<ApiAnswer>;
  close(): void;
}

export function createApiClient(baseUrl: string, connections: number): ApiClient {
  const { hostname, port } = new URL(baseUrl);
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  return {
    call(method, path, credential, body, headers = {}) {
      const isFile = Buffer.isBuffer(body);
      const payload = body === undefined ? undefined : isFile ? body : Buffer.from(JSON.stringify(body));
      const type = isFile ? 'application/octet-stream' : 'application/json';
      return new Promise((answered, failed) => {
        const call = request(
          {
            agent,
            hostname,
            port,
            method,
            path,
            headers: {
              ...signedBy(credential),
              ...(payload ? { 'Content-Type': type, 'Content-Length': payload.length } : {}),
              ...headers,
            },
          },
          (response) => {
            if (typeof credential !== 'string') credential.keep(response.headers['set-cookie']);
            const chunks: Buffer[] = [];
            response.on('data', (chunk: Buffer) => chunks.push(chunk));
            response.on('error', failed);
            response.on('end', () => {
              const text = Buffer.concat(chunks).toString('utf8');
              const isJson = /json/.test(response.headers['content-type'] ?? '');
              answered({
                status: response.statusCode ?? 0,
                body: isJson && text !== '' ? (JSON.parse(text) as unknown) : text,
                etag: response.headers.etag ?? null,
              });
            });
          },
        );
        call.on('error', failed);
        call.end(payload);
      });
    },
    close: () => agent.destroy(),
  };
}

function signedBy(credential: Credential): Readonly<Record<string, string>> {
  if (typeof credential !== 'string') return credential.headers();
  return credential === '' ? {} : { Authorization: `Bearer ${credential}` };
}

const COOKIE = /^(lt_session=[\w-]*)/;

/** Signs a person in with a password. @throws Error when the sign-in does not open a working session */
export async function signIn(
  api: ApiClient,
  username: string,
  password: string,
  facilityCode?: string | null,
): Promise<Session> {
  let cookie = '';
  let csrfToken = '';
  const session: Session = {
    headers: (): Record<string, string> =>
      cookie === '' ? {} : { Cookie: cookie, 'X-CSRF-Token': csrfToken },
    keep(setCookie) {
      for (const text of setCookie ?? []) cookie = COOKIE.exec(text)?.[1] ?? cookie;
    },
  };
  const body = { username, password, ...(facilityCode === undefined ? {} : { facilityCode }) };
  const answer = await api.call('POST', '/api/v1/session', session, body);
  const view = answer.body as { state?: string; csrfToken?: string };
  if (answer.status !== 201 || view.state !== 'active')
    throw new Error(`${username}: ${answer.status} ${JSON.stringify(answer.body)}`);
  csrfToken = view.csrfToken ?? '';
  return session;
}
