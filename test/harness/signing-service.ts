import { constants, type KeyObject, privateEncrypt } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * A signing service that keeps the contract of docs/remote-signing.md: gets digests, gives RSA signatures. What it
 * does wrong is said by `behaviour`.
 */
export interface SigningService {
  readonly url: string;
  readonly token: string;
  readonly asked: {
    readonly facility: string;
    readonly certificateSerial: string;
    readonly digests: string[];
  }[];
  behaviour: 'good' | 'silent' | 'no-json' | 'wrong-signature' | 'too-few' | keyof typeof STATUSES;
  stop(): Promise<void>;
}

/** Answers without signatures. */
const STATUSES = { broken: 503, late: 408, busy: 429, moved: 307, 'no-key': 404, forbidden: 403 } as const;

/** DER of `DigestInfo` for SHA-256, before the digest: what PKCS#1 v1.5 signs. */
const DIGEST_INFO = Buffer.from('3031300d060960864801650304020105000420', 'hex');

export async function startSigningService(
  keyOf: (facility: string) => KeyObject | undefined,
): Promise<SigningService> {
  const token = 'ma-truy-cap-thu';
  const held: ServerResponse[] = [];
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  const say = (response: ServerResponse, status: number, body: unknown) => {
    response.writeHead(status, { 'Content-Type': 'application/json' });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (request.headers.authorization !== `Bearer ${token}`) return say(response, 401, {});
    if (request.method !== 'POST' || request.url !== '/v1/signatures') return say(response, 404, {});
    const body = JSON.parse(Buffer.concat(chunks).toString()) as SigningService['asked'][number];
    service.asked.push(body);
    if (service.behaviour === 'silent') return void held.push(response);
    if (service.behaviour === 'no-json') return say(response, 200, '<html>');
    const status = STATUSES[service.behaviour as keyof typeof STATUSES];
    if (status) response.setHeader('Location', `${service.url}/v1/signatures`);
    if (status) return say(response, status, {});
    const key = keyOf(body.facility);
    if (!key) return say(response, 404, {});
    const signatures = body.digests.map((digest) => signatureOf(Buffer.from(digest, 'base64'), key));
    if (service.behaviour === 'wrong-signature') signatures[0] = signatureOf(Buffer.alloc(32), key);
    if (service.behaviour === 'too-few') signatures.pop();
    say(response, 200, { signatures });
  }
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const service: SigningService = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token,
    asked: [],
    behaviour: 'good',
    async stop() {
      for (const response of held) response.destroy();
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
  return service;
}

function signatureOf(digest: Buffer, key: KeyObject): string {
  const padding = constants.RSA_PKCS1_PADDING;
  return privateEncrypt({ key, padding }, Buffer.concat([DIGEST_INFO, digest])).toString('base64');
}
