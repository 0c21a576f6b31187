import { ParseOption, XmlDocument } from 'libxml2-wasm';
import { buildClaimFile } from '../../src/claims/files.ts';
import {
  type ClaimSource,
  foreignRecords,
  recogniseEdition,
  scanFile,
  structureProblems,
} from '../../src/claims/foreign.ts';
import { projectClaim } from '../../src/claims/project.ts';
import { readClaimFile } from '../../src/claims/reader.ts';
import { usualClaim } from './xml-build.ts';

export interface XmlReadBench {
  readonly claims: number;
  readonly bytes: number;
  /** Time of our reader ÷ time of libxml2 over the same documents, outer and inner; same run, medians. */
  readonly ratioToLibxml2: number;
  readonly readPerSecond: number;
  readonly libxml2PerSecond: number;
  /** One file of all of them, looked through, read dossier by dossier, recognised and held against the dictionary. */
  readonly streamedPerSecond: number;
}

const HEAD = { facilityCode: '40101', madeOn: '2026-08-15' };
const CONTENT = /<NOIDUNGFILE>([^<]*)/g;

/** What any reader of such files must at least do: parse the envelope, decode base64, parse what was inside. */
function parseAll(file: Buffer): void {
  XmlDocument.fromBuffer(file, { option: ParseOption.XML_PARSE_NO_XXE }).dispose();
  for (const [, base64 = ''] of file.toString('latin1').matchAll(CONTENT))
    XmlDocument.fromBuffer(Buffer.from(base64, 'base64'), { option: ParseOption.XML_PARSE_NO_XXE }).dispose();
}

async function readStreamed(file: Buffer): Promise<number> {
  const source: ClaimSource = {
    name: 'bench',
    async *open() {
      for (let at = 0; at < file.length; at += 65_536) yield file.subarray(at, at + 65_536);
    },
  };
  let records = 0;
  for await (const { record } of foreignRecords(source, await scanFile(source))) {
    if (!record || structureProblems(record, recogniseEdition(record.tables)).length > 0)
      throw new Error('a claim of ours is not as the dictionary says');
    records += 1;
  }
  return records;
}

function eachOf(files: readonly Buffer[], work: (file: Buffer) => unknown): void {
  for (const file of files) work(file);
}

async function millisecondsOf(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!;

/** Reads the same files with our reader and with libxml2 alone, in turns. */
export async function benchXmlRead(claims = 300, rounds = 9): Promise<XmlReadBench> {
  const one = projectClaim(usualClaim());
  const records = Array.from({ length: claims }, (_, at) => ({
    ...one,
    XML1: [{ ...one.XML1![0]!, HO_TEN: `Lê Thị Bưởi ${at}`, MA_BN: `BN${at}` }],
  }));
  const files = records.map((record) => buildClaimFile([record], HEAD));
  const together = buildClaimFile(records, HEAD);
  const times = { read: [] as number[], libxml2: [] as number[], streamed: [] as number[] };
  for (let round = 0; round < rounds; round += 1) {
    times.libxml2.push(await millisecondsOf(() => eachOf(files, parseAll)));
    times.read.push(await millisecondsOf(() => eachOf(files, readClaimFile)));
    times.streamed.push(await millisecondsOf(() => readStreamed(together)));
  }
  const perSecond = (ms: readonly number[]) => Math.round((claims * 1_000) / median(ms));
  return {
    claims,
    bytes: files[0]!.length,
    ratioToLibxml2: Number((median(times.read) / median(times.libxml2)).toFixed(2)),
    readPerSecond: perSecond(times.read),
    libxml2PerSecond: perSecond(times.libxml2),
    streamedPerSecond: perSecond(times.streamed),
  };
}
