import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Mishap } from './plan.ts';

/** The way between the workers and the gateway. It never dies, so what went over it is known for certain. */
export interface Network {
  readonly url: string;
  /** Calls that handed in a file with this hash, as the workers made them. */
  callsWith(sha256: string): number;
  /** How often each mishap came about. */
  readonly counts: Readonly<Record<string, number>>;
  /** From now on nothing goes wrong on the way. */
  calm(): void;
  stop(): Promise<void>;
}

interface Reply {
  readonly status: number;
  readonly type: string;
  readonly body: Buffer;
}

const CLAIM_PATH = '/api/qd130/guiHoSoXmlQD3176';

export async function startNetwork(gateway: { port: number }, next: () => Mishap): Promise<Network> {
  const calls = new Map<string, number>();
  const counts: Record<string, number> = {};
  let isCalm = false;
  const carry = async (asked: IncomingMessage, response: ServerResponse) => {
    const body = await bodyOf(asked);
    const isClaim = asked.url === CLAIM_PATH;
    const sha256 = isClaim ? hashOf(body) : null;
    if (sha256) calls.set(sha256, (calls.get(sha256) ?? 0) + 1);
    const mishap: Mishap = isCalm || !isClaim ? { kind: 'none' } : next();
    counts[mishap.kind] = (counts[mishap.kind] ?? 0) + 1;
    if (mishap.kind === 'lostOnTheWay') return void response.destroy();
    if (mishap.kind === 'late') await sleep(mishap.ms);
    const first = await forward(gateway.port, asked, body);
    // As a proxy does that thinks it heard nothing.
    const reply = mishap.kind === 'twice' ? await forward(gateway.port, asked, body) : first;
    // A token that is not known any more: the file was not looked at, and the call is made again with a new one.
    if (sha256 && isTokenRefused(reply)) calls.set(sha256, calls.get(sha256)! - 1);
    if (mishap.kind === 'answerLost') return; // the caller waits until its own time is over
    response.writeHead(reply.status, { 'Content-Type': reply.type, 'Content-Length': reply.body.length });
    if (mishap.kind !== 'answerCut') return void response.end(reply.body);
    response.write(reply.body.subarray(0, Math.floor(reply.body.length / 2)));
    response.destroy();
  };
  const server = createServer((asked, response) => {
    carry(asked, response).catch(() => response.destroy());
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    callsWith: (sha256) => calls.get(sha256) ?? 0,
    counts,
    calm() {
      isCalm = true;
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

function hashOf(body: Buffer): string {
  const file = new URLSearchParams(body.toString('latin1')).get('fileHSBase64') ?? '';
  return createHash('sha256').update(Buffer.from(file, 'base64')).digest('hex');
}

const isTokenRefused = ({ status, body }: Reply): boolean =>
  status === 401 || /"maKetQua"\s*:\s*"?401"?/i.test(body.toString('utf8'));

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Nobody at the other end is an answer too: the 502 of a proxy. */
function forward(port: number, asked: IncomingMessage, body: Buffer): Promise<Reply> {
  const { method, url: path, headers } = asked;
  return new Promise((answered) => {
    const gone = () => answered({ status: 502, type: 'text/html', body: Buffer.from('<html>502</html>') });
    const call = request({ host: '127.0.0.1', port, method, path, headers, agent: false }, (response) => {
      bodyOf(response).then(
        (text) =>
          answered({
            status: response.statusCode ?? 502,
            type: response.headers['content-type'] ?? '',
            body: text,
          }),
        gone,
      );
    });
    call.on('error', gone);
    call.end(body);
  });
}
