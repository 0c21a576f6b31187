import { createHash } from 'node:crypto';
import type { GatewayAccount, GatewayClient, GatewayClientOptions } from '../../src/gateway/index.ts';
import { createGatewayClient } from '../../src/gateway/index.ts';
import type { SimulatorOptions } from '../../src/gateway/simulator/index.ts';
import { startSimulator } from '../../src/gateway/simulator/index.ts';
import { startSimulatorProcess } from '../harness/simulator.ts';

/** Claims as the protocol describes them, built by hand: these tests must not depend on src/claims. */
const base64 = (text: string) => Buffer.from(text).toString('base64');

export interface ClaimParts {
  readonly maLk: string;
  readonly facility?: string;
  /** Tables by LOAIHOSO; `undefined` leaves a table out. */
  readonly tables?: Readonly<Record<string, string | undefined>>;
  readonly summary?: Readonly<Record<string, string>>;
  readonly count?: number;
  readonly signature?: string;
}

export function summaryOf(
  maLk: string,
  facility: string,
  differs: Readonly<Record<string, string>> = {},
): string {
  const fields = {
    MA_LK: maLk,
    STT: '1',
    NGAY_VAO: '202611230800',
    NGAY_RA: '202611230930',
    T_THUOC: '21000',
    T_VTYT: '0',
    T_TONGCHI_BV: '100000.5',
    T_TONGCHI_BH: '100000.5',
    T_BNTT: '0',
    T_BNCCT: '20000.1',
    T_BHTT: '80000.4',
    T_NGUONKHAC: '0',
    T_BHTT_GDV: '',
    MA_CSKCB: facility,
    ...differs,
  };
  const inner = Object.entries(fields).map(([name, value]) => `<${name}>${value}</${name}>`);
  return `<?xml version="1.0" encoding="utf-8"?><TONG_HOP>${inner.join('')}</TONG_HOP>`;
}

const drugsOf = (maLk: string) =>
  `<CHITIEU_CHITIET_THUOC><DSACH_CHI_TIET_THUOC><CHI_TIET_THUOC><MA_LK>${maLk}</MA_LK><STT>1</STT></CHI_TIET_THUOC></DSACH_CHI_TIET_THUOC></CHITIEU_CHITIET_THUOC>`;

export function recordXml({ maLk, facility = '99001', tables, summary }: ClaimParts): string {
  const all = { XML1: summaryOf(maLk, facility, summary), XML2: drugsOf(maLk), ...tables };
  const files = Object.entries(all).flatMap(([kind, xml]) =>
    xml === undefined
      ? []
      : [`<FILEHOSO><LOAIHOSO>${kind}</LOAIHOSO><NOIDUNGFILE>${base64(xml)}</NOIDUNGFILE></FILEHOSO>`],
  );
  return `<HOSO>${files.join('')}</HOSO>`;
}

export function envelope(
  records: readonly string[],
  facility = '99001',
  count = records.length,
  signature = '',
): Buffer {
  return Buffer.from(
    `<?xml version="1.0" encoding="utf-8"?>\n<GIAMDINHHS xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><THONGTINDONVI><MACSKCB>${facility}</MACSKCB></THONGTINDONVI><THONGTINHOSO><NGAYLAP>20261123</NGAYLAP><SOLUONGHOSO>${count}</SOLUONGHOSO><DANHSACHHOSO>${records.join('')}</DANHSACHHOSO></THONGTINHOSO><CHUKYDONVI>${signature}</CHUKYDONVI></GIAMDINHHS>`,
  );
}

export const claimBytes = (parts: ClaimParts): Buffer =>
  envelope([recordXml(parts)], parts.facility ?? '99001', parts.count ?? 1, parts.signature ?? '');

export function checkInBytes(maLk: string, facility = '99001'): Buffer {
  return Buffer.from(
    `<CHI_TIEU_TRANG_THAI_KCB><DSACH_TRANG_THAI_KCB><TRANG_THAI_KCB><MA_LK>${maLk}</MA_LK><MA_CSKCB>${facility}</MA_CSKCB></TRANG_THAI_KCB></DSACH_TRANG_THAI_KCB><CHUKYDONVI></CHUKYDONVI></CHI_TIEU_TRANG_THAI_KCB>`,
  );
}

export const md5 = (password: string): string =>
  createHash('md5').update(password).digest('hex').toUpperCase();

export function account(facility = '99001', password = `SIM-${facility}`): GatewayAccount {
  return { username: `${facility}_BV`, passwordMd5: md5(password) };
}

/** Our clock in these tests: stands still until it is moved. */
class TestClock {
  private ms = Date.parse('2026-11-23T02:00:00Z');
  now(): Date {
    return new Date(this.ms);
  }
  advance(seconds: number): void {
    this.ms += seconds * 1000;
  }
}

interface Report {
  readonly records: { readonly active: number; readonly replaced: number };
  readonly checkIns: number;
  readonly transactions: number;
  readonly money: Readonly<Record<string, string>>;
  readonly calls: Readonly<Record<string, number>>;
  readonly answers: Readonly<Record<string, number>>;
  readonly flags: Readonly<Record<string, number>>;
}

interface Version {
  readonly maGiaoDich: string;
  readonly sha256: string;
  readonly state: string;
  readonly status: string;
  readonly errors: readonly { readonly maLoi: string }[];
}

/** A client and a simulator on real ports, with clocks that stand still and move together. */
export interface Rig {
  readonly clock: TestClock;
  readonly url: string;
  readonly controlUrl: string;
  readonly client: GatewayClient;
  newClient(options?: Partial<GatewayClientOptions>): GatewayClient;
  /** Both clocks go on. */
  advance(seconds: number): Promise<void>;
  /** The simulator as at its start, on our time. */
  reset(): Promise<void>;
  /** A call of the control API; an error answer throws. */
  control(method: string, path: string, body?: unknown): Promise<unknown>;
  report(): Promise<Report>;
  tokenCalls(): Promise<number>;
  claimCalls(): Promise<number>;
  versions(maLk: string): Promise<readonly Version[]>;
  stop(): Promise<void>;
}

/** @param inside run in this process with these options; absent: in a process of its own, as it comes */
export async function startRig(inside?: Partial<SimulatorOptions>): Promise<Rig> {
  const clock = new TestClock();
  const simulator = inside
    ? await startSimulator({ port: 0, controlPort: 0, clock, ...inside })
    : await startSimulatorProcess();
  const { url, controlUrl } = simulator;
  const clients: GatewayClient[] = [];
  const newClient = (more: Partial<GatewayClientOptions> = {}) => {
    const client = createGatewayClient({ baseUrl: url, clock, timeouts: { submitMs: 10_000 }, ...more });
    clients.push(client);
    return client;
  };
  async function control(method: string, path: string, body?: unknown): Promise<unknown> {
    const request = body === undefined ? { method } : { method, body: JSON.stringify(body) };
    const response = await fetch(`${controlUrl}/__sim/${path}`, request);
    const answer: unknown = await response.json();
    if (!response.ok) throw new Error(`${response.status} ${JSON.stringify(answer)}`);
    return answer;
  }
  const report = async () => (await control('GET', 'report')) as Report;
  const callsOf = async (path: string) => (await report()).calls[path] ?? 0;
  const onOurTime = () => control('POST', 'clock', { now: clock.now().toISOString(), frozen: true });
  if (!inside) await onOurTime();
  return {
    clock,
    url,
    controlUrl,
    async advance(seconds) {
      clock.advance(seconds);
      if (!inside) await control('POST', 'clock', { advanceSeconds: seconds });
    },
    async reset() {
      await control('POST', 'reset');
      if (!inside) await onOurTime();
    },
    client: newClient(),
    newClient,
    control,
    report,
    tokenCalls: () => callsOf('/api/token/take'),
    claimCalls: () => callsOf('/api/qd130/guiHoSoXmlQD3176'),
    async versions(maLk) {
      const records = (await control('GET', `records?maLk=${encodeURIComponent(maLk)}`)) as {
        versions: Version[];
      }[];
      return records.flatMap((record) => record.versions);
    },
    async stop() {
      for (const client of clients) client.close();
      await simulator.stop();
    },
  };
}
