import {
  ClaimReadError,
  type ClaimSource,
  type ForeignRecord,
  foreignRecords,
  type ReadRecord,
  type ScannedFile,
  scanFile,
} from '../claims/foreign.ts';
import { type Checker, type CheckOptions, checkerOf } from './check.ts';
import { claimOf } from './claim.ts';
import { FILE_RULES, fileFinding, findingOf } from './envelope.ts';
import { type ClaimSet, claimSet } from './neighbours.ts';
import { type Finding, isoDay, isRealDay, value } from './rule.ts';
import { innerFindings } from './tables.ts';

/** What was found in a file, or in some claims of a large one. */
export interface CheckedPart {
  /** Of the file. */
  readonly name: string;
  readonly claims: number;
  /** Claims of the whole set. */
  readonly of: number;
  readonly findings: readonly Finding[];
  /** Is the file done? */
  readonly isLast: boolean;
}

export interface ForeignOptions extends CheckOptions {
  /** `yyyy-MM-dd`, for files that do not say when they were made. */
  readonly today: string;
  /** Ids of the rules that judge files and are asked. */
  readonly fileRules?: readonly string[];
  /** Dossiers looked at so far, each once to know it and once to check it; `total` null while they are being counted. */
  readonly onProgress?: (done: number, total: number | null) => void | Promise<void>;
  /** Claims after which a part of a file is handed out. */
  readonly claimsInPart?: number;
}

/** What was read of a file when it was looked at first. */
export interface Seen {
  readonly source: ClaimSource;
  /** Null = there is nothing more to read in it. */
  readonly scanned: ScannedFile | null;
  readonly findings: readonly Finding[];
  /** Place of its first claim in the set. */
  readonly first: number;
  /** Its dossiers, where they are so small that reading them again would be a waste. */
  readonly held: readonly ForeignRecord[] | null;
}

/** Bytes of XML whose dossiers may be held in memory. */
const MOST_HELD = 24 * 1024 * 1024;
/** So many claims of a file are told at once: what was found in a large file need not be held. */
const CLAIMS_IN_PART = 500;
const DEFAULT_FILE_RULES = FILE_RULES.filter(({ isOffByDefault }) => !isOffByDefault).map(({ id }) => id);
/** Said whatever is asked: something was not read, so that nothing is sure of it. */
const UNREAD = ['STR_XML_WELLFORMED', 'STR_LOAIHOSO_UNIQUE', 'STR_CONTENT_DECODES', 'STR_INNER_ROOT'];

/**
 * Files of any vendor as one set, one after the other in the order given. They are walked twice, first to see which
 * claims there are; of large files only one dossier is in memory. What cannot be read is a finding, never an error.
 * @returns the files as they are done, large ones in parts; at the end the number of claims of the whole set
 */
export async function* checkSources(
  sources: readonly ClaimSource[],
  options: ForeignOptions,
): AsyncGenerator<CheckedPart, number> {
  const set = claimSet();
  const seen = await lookThrough(sources, set, MOST_HELD, options.onProgress);
  yield* checkSeen(seen, { set, first: 0, total: set.size }, options);
  return set.size;
}

/** Adds the claims of the files to a set. @param mayHold bytes of XML whose dossiers may be held in memory */
export async function lookThrough(
  sources: readonly ClaimSource[],
  set: Pick<ClaimSet, 'size' | 'add'>,
  mayHold: number,
  onProgress?: ForeignOptions['onProgress'],
): Promise<readonly Seen[]> {
  const seen: Seen[] = [];
  let held = 0;
  for (const source of sources) {
    const one = await firstLook(source, set, mayHold - held, async () => onProgress?.(set.size, null));
    if (one.held) held += one.scanned!.size;
    seen.push(one);
  }
  return seen;
}

/** The set in which files stand that were looked through. */
interface Standing {
  readonly set: ClaimSet;
  /** Position of the first claim of these files. */
  readonly first: number;
  /** Claims of the whole set, with those that are checked elsewhere. */
  readonly total: number;
}

export async function* checkSeen(
  seen: readonly Seen[],
  { set, first: base, total }: Standing,
  options: ForeignOptions,
): AsyncGenerator<CheckedPart, void> {
  const { fileRules = DEFAULT_FILE_RULES, onProgress, today, claimsInPart = CLAIMS_IN_PART } = options;
  const asked = new Set([...fileRules, ...UNREAD]);
  const checker = checkerOf(options, total);
  let done = total;
  for (const { source, scanned, findings: ofFile, first, held: records } of seen) {
    const { name } = source;
    let findings = ofFile.filter(({ rule }) => asked.has(rule));
    const keys = new Set<string>();
    let [claims, inPart] = [0, 0];
    for await (const record of scanned ? (records ?? recordsOf(source, scanned)) : []) {
      const around = { checker, set, position: base + first + claims, keys, today };
      const { ofRecord, ofClaim } = recordFindings(record, scanned!, around);
      findings.push(...ofRecord.filter(({ rule }) => asked.has(rule) || record.error), ...ofClaim);
      if (scanned!.checkIn) continue;
      claims += 1;
      inPart += 1;
      done += 1;
      await onProgress?.(done, 2 * total);
      if (inPart < claimsInPart) continue;
      yield { name, claims: inPart, of: total, findings, isLast: false };
      [findings, inPart] = [[], 0];
    }
    yield { name, claims: inPart, of: total, findings, isLast: true };
  }
}

const recordsOf = (source: ClaimSource, scanned: ScannedFile) =>
  foreignRecords(source, scanned, undefined, true);

/** Is the file whole, and which claims does it have? A dossier that is no XML ends it: then nothing of it is sure. */
async function firstLook(
  source: ClaimSource,
  set: Pick<ClaimSet, 'size' | 'add'>,
  mayHold: number,
  onRecord: () => Promise<void>,
): Promise<Seen> {
  const first = set.size;
  try {
    const scanned = await scanFile(source, undefined, true);
    const held: ForeignRecord[] | null = scanned.size <= mayHold ? [] : null;
    for await (const read of recordsOf(source, scanned)) {
      if (read.error && isNoXml(read.error)) throw read.error;
      held?.push(read);
      if (!scanned.checkIn) set.add(claimOf(facilityOf(scanned), read.record?.tables ?? {}));
      await onRecord();
    }
    return { source, scanned, findings: envelopeFindings(scanned), first, held };
  } catch (error) {
    if (!(error instanceof ClaimReadError)) throw error;
    return { source, scanned: null, findings: [findingOf(error)], first, held: null };
  }
}

const isNoXml = (error: ClaimReadError) => findingOf(error).rule === 'STR_XML_WELLFORMED';

/** Blank where the envelope has none: then no claim differs from it. */
const facilityOf = ({ facilityCode }: ScannedFile): string =>
  /^[0-9A-Z]{5}$/.test(facilityCode ?? '') ? facilityCode! : '';

const dayOf = ({ madeOn }: ScannedFile): string | null => (isRealDay(madeOn ?? '') ? isoDay(madeOn!) : null);

function envelopeFindings(scanned: ScannedFile): readonly Finding[] {
  if (scanned.checkIn) return [];
  const { count, announced, madeOn } = scanned;
  const missing = [
    ...(facilityOf(scanned) === '' ? ['MACSKCB'] : []),
    ...(/^\d{8}$/.test(madeOn ?? '') ? [] : ['NGAYLAP']),
    ...(count === 0 && announced === 0 ? ['HOSO'] : []),
  ];
  const counts = { declared: String(announced), actual: String(count) };
  return [
    ...missing.map((field) => fileFinding('STR_ENVELOPE_PATH', { field, values: { path: field } })),
    ...(count === announced ? [] : [fileFinding('STR_HOSO_COUNT', { field: 'SOLUONGHOSO', values: counts })]),
    ...(count <= 1
      ? []
      : [fileFinding('STR_ONE_RECORD_PER_FILE', { field: 'SOLUONGHOSO', values: { count: String(count) } })]),
  ];
}

interface Around {
  readonly checker: Checker;
  readonly set: ClaimSet;
  readonly position: number;
  /** `MA_LK` of the claims before this one in the file. */
  readonly keys: Set<string>;
  readonly today: string;
}

/** What is wrong with a dossier as a part of the file, and what the rules say of the claim in it. */
function recordFindings(
  { record, error }: ForeignRecord,
  scanned: ScannedFile,
  { checker, set, position, keys, today }: Around,
): { readonly ofRecord: readonly Finding[]; readonly ofClaim: readonly Finding[] } {
  if (!record) return { ofRecord: [findingOf(error)], ofClaim: [] };
  const day = dayOf(scanned) ?? today;
  const claim = claimOf(facilityOf(scanned), record.tables, keys);
  if (scanned.checkIn) return { ofRecord: [], ofClaim: checker.checkIn(claim, day, set.around(claim)) };
  const key = value(claim.xml1, 'MA_LK');
  const { findings, broken } = innerFindings(record satisfies ReadRecord, key || null);
  const ofClaim = checker.claim(claim, day, set.at(position), broken);
  keys.add(key);
  return { ofRecord: findings, ofClaim };
}
