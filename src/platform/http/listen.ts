import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Express } from 'express';

export interface Listening {
  readonly url: string;
  readonly port: number;
  /**
   * Takes no new connection, lets requests in hand finish, cuts what is left after the grace.
   * @param graceMs milliseconds, 10 s if nothing is said
   */
  stop(graceMs?: number): Promise<void>;
}

const SWEEP_MS = 50;

/** How long a caller may take to say what they want, in milliseconds; whoever is slower is cut. */
export interface Patience {
  readonly headersMs: number;
  /** Headers and body together. */
  readonly requestMs: number;
  /** How often connections are looked at: the limits hold to within this much. */
  readonly checkMs: number;
}

const PATIENCE: Patience = { headersMs: 20_000, requestMs: 60_000, checkMs: 5_000 };
const KEEP_ALIVE_MS = 65_000; // longer than the usual 60 s of a proxy, so that the proxy closes first

/** @throws the operating system's error (EADDRINUSE, EACCES …) when the port cannot be had */
export async function listen(
  app: Express,
  host: string,
  port: number,
  patience: Patience = PATIENCE,
): Promise<Listening> {
  const server = createServer(
    {
      headersTimeout: patience.headersMs,
      requestTimeout: patience.requestMs,
      connectionsCheckingInterval: patience.checkMs,
      keepAliveTimeout: KEEP_ALIVE_MS,
    },
    app,
  );
  await new Promise<void>((ready, failed) => {
    server.once('listening', ready);
    server.once('error', failed);
    server.listen(port, host);
  });
  const bound = (server.address() as AddressInfo).port;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}`,
    port: bound,
    stop(graceMs = 10_000) {
      return new Promise((stopped) => {
        // A connection kept alive becomes idle only when its request in hand is answered: sweep until all are gone.
        const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
        const cut = setTimeout(() => server.closeAllConnections(), graceMs);
        server.close(() => {
          clearInterval(sweep);
          clearTimeout(cut);
          stopped();
        });
        server.closeIdleConnections();
      });
    },
  };
}
