import type { Instant } from '../../platform/dates.ts';
import type { Reply } from './wire.ts';

/** Mistakes of a sender that the simulator points out, whether or not it also refuses. */
const FLAGS = [
  'plainPassword',
  'secretInUrl',
  'samePayload',
  'unsignedFile',
  'badSignature',
  'moreThanOneHoSo',
  'concurrentTokenCalls',
  'callAfter403',
  'facilityMismatch',
] as const;
export type Flag = (typeof FLAGS)[number];

/** One call as it is remembered. Neither token nor password, no content. */
export interface CallEntry {
  readonly number: number;
  readonly arrivedAt: Instant;
  readonly path: string;
  readonly ip: string;
  account: string | null;
  maCSKCB: string | null;
  tokenAgeSeconds: number | null;
  readonly headersPresent: readonly string[];
  fieldsPresent: readonly string[];
  bodyBytes: number;
  fileBytes: number | null;
  sha256: string | null;
  maLks: readonly string[];
  /** HTTP status and `maKetQua`; null when a fault left the caller without one. */
  status: number | null;
  maKetQua: string | null;
  /** The answer in the simulator's own words, also where the gateway's answer has no room for words. */
  detail: string | null;
  maGiaoDich: string | null;
  persisted: boolean;
  /** Faults that acted, as `moment:type`. */
  readonly faults: string[];
  readonly flags: Flag[];
}

/** A day of the province is about 17,000 calls; older ones are forgotten, the counts are not. */
const KEPT_CALLS = 50_000;

export class CallLog {
  private calls: CallEntry[] = [];
  private counted = 0;
  private readonly byPath = new Map<string, number>();
  private readonly byAnswer = new Map<string, number>();
  private readonly flags = new Map<Flag, number>();
  private readonly payloads = new Map<string, number>();

  start(path: string, ip: string, arrivedAt: Instant, headersPresent: readonly string[]): CallEntry {
    this.counted += 1;
    this.byPath.set(path, (this.byPath.get(path) ?? 0) + 1);
    const entry: CallEntry = {
      number: this.counted,
      arrivedAt,
      path,
      ip,
      account: null,
      maCSKCB: null,
      tokenAgeSeconds: null,
      headersPresent,
      fieldsPresent: [],
      bodyBytes: 0,
      fileBytes: null,
      sha256: null,
      maLks: [],
      status: null,
      maKetQua: null,
      detail: null,
      maGiaoDich: null,
      persisted: false,
      faults: [],
      flags: [],
    };
    this.calls.push(entry);
    if (this.calls.length > KEPT_CALLS * 2) this.calls = this.calls.slice(-KEPT_CALLS);
    return entry;
  }

  flag(entry: CallEntry, flag: Flag): void {
    if (entry.flags.includes(flag)) return;
    entry.flags.push(flag);
    this.flags.set(flag, (this.flags.get(flag) ?? 0) + 1);
  }

  /** Counts the bytes of a file; true when they came more often than `most` times. */
  isRepeated(sha256: string, most: number): boolean {
    const times = (this.payloads.get(sha256) ?? 0) + 1;
    this.payloads.set(sha256, times);
    return times > most;
  }

  answered(entry: CallEntry, { status, maKetQua, content }: Reply): void {
    entry.status = status;
    entry.maKetQua = maKetQua ?? null;
    const detail = typeof content === 'string' ? null : content.thongDiep;
    entry.detail = typeof detail === 'string' ? detail : null;
    const name = maKetQua ?? `HTTP ${status}`;
    this.byAnswer.set(name, (this.byAnswer.get(name) ?? 0) + 1);
  }

  /** The newest calls that fit, oldest first. */
  find(
    wanted: { path: string | null; maCSKCB: string | null; maLk: string | null },
    limit: number,
  ): CallEntry[] {
    const found = this.calls.filter(
      (call) =>
        (wanted.path === null || call.path === wanted.path) &&
        (wanted.maCSKCB === null || call.maCSKCB === wanted.maCSKCB) &&
        (wanted.maLk === null || call.maLks.includes(wanted.maLk)),
    );
    return found.slice(-limit);
  }

  counts() {
    return {
      calls: Object.fromEntries(this.byPath),
      answers: Object.fromEntries(this.byAnswer),
      flags: Object.fromEntries(FLAGS.map((flag) => [flag, this.flags.get(flag) ?? 0])) as Record<
        Flag,
        number
      >,
    };
  }

  reset(): void {
    this.calls = [];
    this.counted = 0;
    this.byPath.clear();
    this.byAnswer.clear();
    this.flags.clear();
    this.payloads.clear();
  }
}
