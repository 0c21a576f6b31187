import type { RequestListener, Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../../platform/dates.ts';
import { systemClock } from '../../platform/dates.ts';
import { createControlListener } from './control-listener.ts';
import { createGatewayListener } from './gateway-listener.ts';
import { certificatesIn } from './signature.ts';
import { World } from './world.ts';

export interface SimulatorOptions {
  /** Default 127.0.0.1: the control port has no password. */
  readonly host?: string;
  /** 0 = any free port. */
  readonly port: number;
  readonly controlPort: number;
  /** Deviations from the defaults. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Of session ids and random faults. */
  readonly seed?: string;
  /** Facility codes that have an account `<code>_BV`; 'any' (default): every code of five characters has. */
  readonly accounts?: 'any' | readonly string[];
  /** Accepted calls are kept here and read again at the next start. */
  readonly snapshotFile?: string;
  /** Folder with `<facility code>.crt.pem` (and `<facility code>-2.crt.pem` …): certificates that facilities registered. */
  readonly certificatesDir?: string;
  readonly clock?: Clock;
}

export interface Simulator {
  /** Base address of the gateway's calls. */
  readonly url: string;
  /** Base address of the control API and its page. */
  readonly controlUrl: string;
  /** Cuts what is under way and frees both ports; what was accepted stays in the snapshot file. */
  stop(): Promise<void>;
}

/**
 * A stand-in for the assessment gateway on two local ports.
 * @throws SettingError for a setting it does not know or cannot keep; the error of `listen` when a port is taken
 */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const host = options.host ?? '127.0.0.1';
  const world = new World({
    settings: options.settings ?? {},
    seed: options.seed ?? '1',
    accounts: options.accounts ?? 'any',
    snapshotFile: options.snapshotFile ?? null,
    certificates: options.certificatesDir ? certificatesIn(options.certificatesDir) : [],
    clock: options.clock ?? systemClock,
  });
  const stopping = new AbortController();
  const servers: Server[] = [];
  try {
    servers.push(await listen(createGatewayListener(world, stopping.signal), host, options.port));
    servers.push(await listen(createControlListener(world), host, options.controlPort));
  } catch (error) {
    await Promise.all(servers.map(close));
    world.store.close();
    throw error;
  }
  const [url = '', controlUrl = ''] = servers.map((server) => addressOf(server, host));
  const stop = async () => {
    stopping.abort();
    await Promise.all(servers.map(close));
    world.store.close();
  };
  return { url, controlUrl, stop };
}

function listen(listener: RequestListener, host: string, port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer({ keepAliveTimeout: 65_000 }, listener);
    server.once('error', reject);
    server.listen(port, host, 1024, () => {
      server.off('error', reject);
      resolve(server);
    });
  });
}

function addressOf(server: Server, host: string): string {
  const { port } = server.address() as AddressInfo;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
