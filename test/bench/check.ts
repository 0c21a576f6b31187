import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { XMLParser } from 'fast-xml-parser';
import { checkerOf } from '../../src/assessment/check.ts';
import { claimOf } from '../../src/assessment/claim.ts';
import { ALL_RULES, builtInsOf } from '../../src/assessment/index.ts';
import { claimSet } from '../../src/assessment/neighbours.ts';
import { loadPolicy } from '../../src/benefits/index.ts';
import { buildClaimFile } from '../../src/claims/files.ts';
import { type ClaimSource, foreignRecords, scanFile } from '../../src/claims/foreign.ts';
import type { ClaimTables } from '../../src/claims/tables.ts';
import { monthCatalogues, outpatientClaim, stayClaim } from '../harness/month.ts';
import { median } from './places.ts';

interface CheckFigures {
  readonly lines: number;
  readonly claims: number;
  readonly checkedPerSecond: number;
  readonly readPerSecond: number;
  /** Time to check ÷ time to read the same file; same run, medians. */
  readonly ratioToReading: number;
  /** The same by the parser that everybody uses, without any check of the file. */
  readonly anyParserPerSecond: number;
  readonly ratioToAnyParser: number;
  readonly findingsPerClaim: number;
}

export interface CheckBench {
  readonly rules: number;
  /** Wall time of `his check` of one small file, from starting the command to its exit, median. */
  readonly startMs: number;
  readonly outpatient: CheckFigures;
  readonly stay: CheckFigures;
}

const MADE_ON = '2026-09-01';

/** All rules with neighbours and catalogues, against reading the same claims from one file, in turns on one core. */
export async function benchCheck(): Promise<CheckBench> {
  return {
    rules: ALL_RULES.length,
    startMs: startOfCommand(),
    outpatient: await figuresOf(outpatientClaim, 300, 21),
    stay: await figuresOf(stayClaim, 30, 21),
  };
}

function startOfCommand(rounds = 7): number {
  const file = fileURLToPath(new URL('../../fixtures/assessment/clean/', import.meta.url));
  const claim = join(file, readdirSync(file).find((name) => name.endsWith('.xml'))!);
  const his = fileURLToPath(new URL('../../src/his.js', import.meta.url));
  const times = Array.from({ length: rounds }, () => {
    const startedAt = performance.now();
    const { status, stderr } = spawnSync(process.execPath, [his, 'check', claim], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`his check ended with ${status}: ${stderr}`);
    return performance.now() - startedAt;
  });
  return Math.round(median(times));
}

async function figuresOf(
  claimOfNumber: (at: number) => ClaimTables,
  claims: number,
  rounds = 9,
): Promise<CheckFigures> {
  const made = Array.from({ length: claims }, (_, at) => claimOfNumber(at));
  const bytes = buildClaimFile(made, { facilityCode: '40001', madeOn: MADE_ON });
  const source: ClaimSource = {
    name: 'bench',
    async *open() {
      for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536);
    },
  };
  const options = { builtIns: builtInsOf(loadPolicy()), catalogues: monthCatalogues(), rules: ALL_RULES };
  const times = { read: [] as number[], parse: [] as number[], check: [] as number[] };
  let [findings, records] = [0, [] as ClaimTables[]];
  for (let round = 0; round < rounds; round += 1) {
    times.read.push(
      await processorMs(async () => {
        records = await read(source);
      }),
    );
    if (records.length !== claims) throw new Error(`${records.length} of ${claims} claims were read`);
    times.parse.push(await processorMs(async () => parseAll(bytes)));
    times.check.push(
      await processorMs(async () => {
        findings = check(records, options);
      }),
    );
  }
  const perSecond = (ms: readonly number[]) => Math.round((claims * 1_000) / median(ms));
  return {
    lines: (made[0]!.XML2?.length ?? 0) + (made[0]!.XML3?.length ?? 0),
    claims,
    checkedPerSecond: perSecond(times.check),
    readPerSecond: perSecond(times.read),
    ratioToReading: Number((median(times.check) / median(times.read)).toFixed(2)),
    anyParserPerSecond: perSecond(times.parse),
    ratioToAnyParser: Number((median(times.check) / median(times.parse)).toFixed(2)),
    findingsPerClaim: Number((findings / claims).toFixed(2)),
  };
}

async function processorMs(work: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

const CONTENT = /<NOIDUNGFILE>([^<]*)/g;

function parseAll(bytes: Buffer): void {
  const parser = new XMLParser({ parseTagValue: false });
  const whole = bytes.toString();
  parser.parse(whole);
  for (const [, base64 = ''] of whole.matchAll(CONTENT))
    parser.parse(Buffer.from(base64, 'base64').toString());
}

async function read(source: ClaimSource): Promise<ClaimTables[]> {
  const records: ClaimTables[] = [];
  for await (const { record, error } of foreignRecords(source, await scanFile(source))) {
    if (error) throw error;
    records.push(record.tables);
  }
  return records;
}

/** As `his check` does it: the set first, then one claim after the other among all. @returns number of findings */
function check(records: readonly ClaimTables[], options: Parameters<typeof checkerOf>[0]): number {
  const set = claimSet();
  const facility = (tables: ClaimTables) => tables.XML1![0]!.MA_CSKCB!;
  for (const tables of records) set.add(claimOf(facility(tables), tables));
  const checker = checkerOf(options, set.size);
  return records.reduce(
    (sum, tables, at) => sum + checker.claim(claimOf(facility(tables), tables), MADE_ON, set.at(at)).length,
    0,
  );
}
