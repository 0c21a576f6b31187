import type { IncomingHttpHeaders } from 'node:http';
import type { CallEntry } from './call-log.ts';
import type { SimulatorSettings } from './settings.ts';
import type { Reply, WrittenReply } from './wire.ts';
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

/** How a family of calls names what the claims' answers name otherwise; null = it tells no such thing. */
export type AnswerNames = Readonly<Record<string, string | null>>;
export const PAPER_NAMES: AnswerNames = {
  maKetQua: 'MaKetQua',
  maGiaoDich: 'MaGD',
  thoiGianTiepNhan: 'ThoiGianTiepNhan',
  thongDiep: null,
};
export const COPAY_NAMES: AnswerNames = {
  maKetQua: 'MaKetQua',
  maGiaoDich: null,
  thoiGianTiepNhan: null,
  thongDiep: 'GhiChu',
};

/** An answer in the gateway's JSON; how it is written depends on the call's family and on the settings. */
export function jsonReply(maKetQua: string, fields: Readonly<Record<string, unknown>>, status = 200): Reply {
  return { status, type: 'json', content: fields, maKetQua };
}

/** The reply in the names of its family, and in the letter case and number form that the settings ask for. */
export function written({ settings }: World, names: AnswerNames, reply: Reply): WrittenReply {
  const { content, ...head } = reply;
  if (typeof content === 'string') return { ...head, body: Buffer.from(content) };
  const code = settings['answer.numericCodes'] ? Number(reply.maKetQua) : reply.maKetQua;
  const named = Object.entries({ maKetQua: code, ...content }).flatMap(([name, value]) => {
    const own = names[name] === undefined ? name : names[name];
    return own === null ? [] : [[inCase(own, settings['answer.case']), value]];
  });
  return { ...head, body: Buffer.from(JSON.stringify(Object.fromEntries(named))) };
}

function inCase(name: string, wanted: SimulatorSettings['answer.case']): string {
  if (wanted === 'documented') return name;
  const first = name.charAt(0);
  return (wanted === 'pascal' ? first.toUpperCase() : first.toLowerCase()) + name.slice(1);
}

export function refuse(maKetQua: string, detail: string): never {
  const thongDiep = `[SIM] ${detail}`;
  throw new Stop(jsonReply(maKetQua, { maGiaoDich: null, thoiGianTiepNhan: null, thongDiep }));
}

/** @throws Stop */
export function oversize(world: World): never {
  const shape = world.settings['submit.oversize'];
  if (shape === 'http413') throw new Stop(htmlPage(413, 'Request Entity Too Large'));
  if (shape === 'http404') throw new Stop(htmlPage(404, 'Not Found'));
  refuse('1001', 'file too large');
}
