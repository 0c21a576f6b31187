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

/** @throws the operating system's error (EADDRINUSE, EACCES …) when the port cannot be had */
export async function listen(app: Express, host: string, port: number): Promise<Listening> {
  const server = app.listen(port, host);
  server.keepAliveTimeout = 65_000; // longer than the usual 60 s of a proxy, so that the proxy closes first
  server.requestTimeout = 60_000;
  await new Promise<void>((ready, failed) => {
    server.once('listening', ready);
    server.once('error', failed);
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
