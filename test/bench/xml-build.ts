import { readFileSync } from 'node:fs';
import { sameAsBuilt } from '../../src/claims/compare.ts';
import { dictionary, tableOf } from '../../src/claims/dictionary.ts';
import { buildClaimFile } from '../../src/claims/files.ts';
import { projectClaim } from '../../src/claims/project.ts';
import type { ClaimSnapshot } from '../../src/claims/snapshot.ts';
import type { ClaimRow, ClaimTables } from '../../src/claims/tables.ts';

export interface XmlBuildBench {
  readonly claims: number;
  readonly bytes: number;
  /** Time of our writer ÷ time of the plain template, same bytes, same run; medians. */
  readonly ratioToTemplate: number;
  readonly buildPerSecond: number;
  readonly templatePerSecond: number;
  readonly projectPerSecond: number;
  readonly rereadMsPerClaim: number;
}

const HEAD = { facilityCode: '40101', madeOn: '2026-08-15' };

/** One claim of usual size: 9 charged rows (3 drugs, 6 services), 5 results, 1 note. */
export function usualClaim(): ClaimSnapshot {
  const path = new URL('../golden/3176/commune-tests-and-notes/input.json', import.meta.url);
  const { visit, settlement } = JSON.parse(readFileSync(path, 'utf8')) as ClaimSnapshot;
  const [exam, lab, imaging, drug] = visit.lines;
  const wanted = [exam!, lab!, lab!, lab!, imaging!, imaging!, drug!, drug!, drug!];
  const renamed = (id: string, at: number) => `${id.slice(0, -2)}${String(at).padStart(2, '0')}`;
  const lines = wanted.map((line, at) => ({ ...line, id: renamed(line.id, at) }));
  const results = wanted.map((line, at) => ({
    ...settlement!.lines.find((result) => result.lineId === line.id)!,
    lineId: renamed(line.id, at),
  }));
  const observations = [0, 1, 2, 3, 4].map((at) => ({
    ...visit.observations[at % 3]!,
    id: renamed(visit.observations[0]!.id, at),
    lineId: lines[at + 1]!.id,
  }));
  return { visit: { ...visit, lines, observations }, settlement: { ...settlement!, lines: results } };
}

/**
 * What a program would do that knows nothing but the shape: one template literal per row, no checks, no escapes, and the
 * same base64 envelope. The templates are made as source text from the dictionary, so they are as plain as hand-written.
 */
function plainTemplate(): (record: ClaimTables) => Buffer {
  const templates = new Map(
    dictionary().envelope.fileOrder.map((code) => {
      const { fields, row } = tableOf(code);
      const body = fields.map(({ name }) => `<${name}>\${r.${name}}</${name}>`).join('');
      // oxlint-disable-next-line typescript/no-implied-eval
      return [code, new Function('r', `return \`<${row}>${body}</${row}>\`;`) as (r: ClaimRow) => string];
    }),
  );
  const declaration = '<?xml version="1.0" encoding="utf-8"?>';
  return (record) => {
    let files = '';
    for (const code of dictionary().envelope.fileOrder) {
      const rows = record[code];
      if (!rows) continue;
      const { root, list } = tableOf(code);
      let body = '';
      for (const row of rows) body += templates.get(code)!(row);
      const inner =
        list === null
          ? `${declaration}${body}`
          : `${declaration}<${root}><${list}>${body}</${list}></${root}>`;
      files += `<FILEHOSO><LOAIHOSO>${code}</LOAIHOSO><NOIDUNGFILE>${Buffer.from(inner).toString('base64')}</NOIDUNGFILE></FILEHOSO>`;
    }
    return Buffer.from(
      `${declaration}<GIAMDINHHS><THONGTINDONVI><MACSKCB>${HEAD.facilityCode}</MACSKCB></THONGTINDONVI><THONGTINHOSO>` +
        `<NGAYLAP>20260815</NGAYLAP><SOLUONGHOSO>1</SOLUONGHOSO><DANHSACHHOSO><HOSO>${files}</HOSO></DANHSACHHOSO>` +
        '</THONGTINHOSO><CHUKYDONVI></CHUKYDONVI></GIAMDINHHS>',
      'latin1',
    );
  };
}

function millisecondsOf(work: () => void): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

function runAll(set: readonly ClaimTables[], work: (record: ClaimTables) => unknown): void {
  for (const record of set) work(record);
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!;

/** Builds the same set of claims with the writer and with the plain template, in turns, and compares. */
export function benchXmlBuild(claims = 1_000, rounds = 9): XmlBuildBench {
  const snapshot = usualClaim();
  const one = projectClaim(snapshot);
  const set = Array.from({ length: claims }, (_, at) => ({
    ...one,
    XML1: [{ ...one.XML1![0]!, HO_TEN: `Lê Thị Bưởi ${at}`, MA_BN: `BN${at}` }],
  }));
  const template = plainTemplate();
  const built = buildClaimFile([set[0]!], HEAD);
  if (!template(set[0]!).equals(built)) throw new Error('the plain template does not give the same bytes');
  const times = {
    build: [] as number[],
    template: [] as number[],
    project: [] as number[],
    reread: [] as number[],
  };
  for (let round = 0; round < rounds; round += 1) {
    times.template.push(millisecondsOf(() => runAll(set, template)));
    times.build.push(millisecondsOf(() => runAll(set, (record) => buildClaimFile([record], HEAD))));
    times.project.push(millisecondsOf(() => runAll(set, () => projectClaim(snapshot))));
  }
  for (let round = 0; round < 3; round += 1) {
    times.reread.push(
      millisecondsOf(() => {
        for (let at = 0; at < claims; at += 1) {
          if (!sameAsBuilt(built, [set[0]!])) throw new Error('the claim reads back differently');
        }
      }),
    );
  }
  const perSecond = (ms: readonly number[]) => Math.round((claims * 1_000) / median(ms));
  return {
    claims,
    bytes: built.length,
    ratioToTemplate: Number((median(times.build) / median(times.template)).toFixed(2)),
    buildPerSecond: perSecond(times.build),
    templatePerSecond: perSecond(times.template),
    projectPerSecond: perSecond(times.project),
    rereadMsPerClaim: Number((median(times.reread) / claims).toFixed(3)),
  };
}
