import { Agent, request } from 'node:http';

export interface ApiAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly etag: string | null;
}

/** The API as other software uses it: HTTP, a token, JSON. Connections are kept open. */
export interface ApiClient {
  call(
    method: string,
    path: string,
    token: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<ApiAnswer>;
  close(): void;
}

export function createApiClient(baseUrl: string, connections: number): ApiClient {
  const { hostname, port } = new URL(baseUrl);
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  return {
    call(method, path, token, body, headers = {}) {
      const payload = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
      return new Promise((answered, failed) => {
        const call = request(
          {
            agent,
            hostname,
            port,
            method,
            path,
            headers: {
              Authorization: `Bearer ${token}`,
              ...(payload ? { 'Content-Type': 'application/json', 'Content-Length': payload.length } : {}),
              ...headers,
            },
          },
          (response) => {
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
