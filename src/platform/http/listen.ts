import type { AddressInfo } from 'node:net';
import type { Express } from 'express';

export interface Listening {
  readonly url: string;
  readonly port: number;
  /** Takes no new connection, lets requests in hand finish, cuts what is left after the grace. */
  stop(graceMs?: number): Promise<void>;
}

export async function listen(app: Express, host: string, port: number): Promise<Listening> {
  const server = app.listen(port, host);
  server.keepAliveTimeout = 65_000;
  await new Promise<void>((ready, failed) => {
    server.once('listening', ready);
    server.once('error', failed);
  });
  const bound = (server.address() as AddressInfo).port;
  return {
    url: `http://${host}:${bound}`,
    port: bound,
    stop(graceMs = 10_000) {
      return new Promise((stopped) => {
        const cut = setTimeout(() => server.closeAllConnections(), graceMs);
        server.close(() => {
          clearTimeout(cut);
          stopped();
        });
        server.closeIdleConnections();
      });
    },
  };
}
