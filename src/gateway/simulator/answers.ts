import type { IncomingHttpHeaders } from 'node:http';
import type { CallEntry } from './call-log.ts';
import type { Reply } from './wire.ts';
import { htmlPage } from './wire.ts';
import type { World } from './world.ts';

/** A call whose body has been read. */
export interface ArrivedCall {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly ip: string;
  readonly contentType: string;
  readonly headers: IncomingHttpHeaders;
  readonly fields: ReadonlyMap<string, string> | null;
  readonly entry: CallEntry;
}

/** An answer that goes out before the checks are through. */
export class Stop extends Error {
  readonly reply: Reply;
  constructor(reply: Reply) {
    super(`answered ${reply.maKetQua ?? reply.status}`);
    this.reply = reply;
  }
}

/** An answer in the gateway's JSON, in the letter case and number form that the settings ask for. */
export function jsonReply(
  world: World,
  maKetQua: string,
  fields: Readonly<Record<string, unknown>>,
  status = 200,
): Reply {
  const code = world.settings['answer.numericCodes'] ? Number(maKetQua) : maKetQua;
  const isPascal = world.settings['answer.case'] === 'pascal';
  const named = Object.entries({ maKetQua: code, ...fields }).map(([name, value]) => [
    isPascal ? name[0]?.toUpperCase() + name.slice(1) : name,
    value,
  ]);
  return { status, type: 'json', body: JSON.stringify(Object.fromEntries(named)), maKetQua };
}

export function refuse(world: World, maKetQua: string, detail: string): never {
  const thongDiep = `[SIM] ${detail}`;
  throw new Stop(jsonReply(world, maKetQua, { maGiaoDich: null, thoiGianTiepNhan: null, thongDiep }));
}

export function oversize(world: World): Stop {
  const shape = world.settings['submit.oversize'];
  if (shape === 'http413') return new Stop(htmlPage(413, 'Request Entity Too Large'));
  if (shape === 'http404') return new Stop(htmlPage(404, 'Not Found'));
  return new Stop(jsonReply(world, '1001', { thongDiep: '[SIM] file too large' }));
}
