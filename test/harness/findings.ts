import { readdirSync, readFileSync } from 'node:fs';
import {
  blocksByKey,
  builtInsOf,
  checkSources,
  type Finding,
  lookAtBlock,
  sharedKeys,
} from '../../src/assessment/files.ts';
import { ALL_RULES, checkFiles, FILE_RULES } from '../../src/assessment/index.ts';
import { loadPolicy } from '../../src/benefits/index.ts';
import { type TableCode, tableOf } from '../../src/claims/dictionary.ts';
import { type ClaimSource, sourcesInBytes } from '../../src/claims/foreign.ts';
import type { ClaimRow, ClaimTables } from '../../src/claims/tables.ts';
import { type Random, randomFrom } from '../../src/demo/visits/random.ts';
import { HOSTILE } from '../hostile-xml/corpus.ts';
import { monthCatalogues, outpatientClaim, stayClaim } from './month.ts';

/** What all rules say of files that are kept or made here: the same before and after the engine is changed. */

const GOLDEN = new URL('../golden/', import.meta.url);
const TODAY = '2026-11-24';

/** Every claim file of the golden ones, by its path. */
export function goldenClaims(): readonly (readonly [name: string, bytes: Buffer])[] {
  return ['130', '1931', '3176', '4750'].flatMap((edition) =>
    readdirSync(new URL(`${edition}/`, GOLDEN))
      .toSorted()
      .flatMap((name) =>
        ['claim.xml', 'check-in.xml'].flatMap((file) => {
          const path = new URL(`${edition}/${name}/${file}`, GOLDEN);
          try {
            return [[`${edition}/${name}/${file}`, readFileSync(path)] as const];
          } catch {
            return [];
          }
        }),
      ),
  );
}

/** Those that are no archives, and small. */
export const hostileFiles = (): readonly (readonly [name: string, bytes: Buffer])[] =>
  HOSTILE.map(({ name, bytes }) => [name, Buffer.from(bytes())] as const).filter(
    ([, bytes]) => bytes.length < 200_000 && bytes[0] !== 0x50 && bytes[0] !== 0x1f,
  );

/** Values that somebody might write by mistake, whatever the field. */
const WRONG = [
  '',
  '0',
  '-1',
  '1.555',
  '999999',
  'x',
  '202608320830',
  '202607010830',
  '20260815',
  'A;;B',
  ' 9 ',
];

/** Well-recorded claims, several values of each of them changed. */
export function spoiltClaims(count: number, seed = 1): readonly ClaimTables[] {
  const random = randomFrom('spoilt', seed);
  return Array.from({ length: count }, (_, at) => {
    let claim = at % 10 === 9 ? stayClaim(at % 40) : outpatientClaim(at % 40);
    for (let change = at % 7; change > 0; change -= 1) claim = changed(claim, random);
    return claim;
  });
}

function changed(claim: ClaimTables, random: Random): ClaimTables {
  const tables = Object.keys(claim);
  const table = random.pick(tables) as keyof ClaimTables;
  const rows = claim[table]!;
  const at = random.int(0, rows.length - 1);
  const field = random.pick(Object.keys(rows[at]!).filter((name) => name !== 'MA_LK'));
  const other = random.pick(rows)[field] ?? '';
  const value = random.int(0, 2) === 0 ? other : random.pick(WRONG);
  return {
    ...claim,
    [table]: rows.map((row, index): ClaimRow => (index === at ? { ...row, [field]: value } : row)),
  };
}

const makeOptions = () => ({
  builtIns: builtInsOf(loadPolicy()),
  catalogues: monthCatalogues(),
  rules: ALL_RULES,
  fileRules: FILE_RULES.map(({ id }) => id),
  today: TODAY,
});
let made: ReturnType<typeof makeOptions> | undefined;
/** Made once: reading the law and the catalogues takes longer than checking a few claims. */
const options = () => {
  made ??= makeOptions();
  return made;
};

/** All rules over files as one set. */
export async function findingsIn(files: readonly (readonly [name: string, bytes: Buffer])[]) {
  const sources: ClaimSource[] = [];
  for (const [name, bytes] of files) sources.push(...(await sourcesInBytes(bytes, name)));
  const found: { file: string; finding: Finding }[] = [];
  for await (const { name, findings } of checkSources(sources, options()))
    for (const finding of findings) found.push({ file: name, finding });
  return found;
}

/** All rules over claims as one set. */
export function findingsOf(claims: readonly ClaimTables[]): readonly Finding[] {
  const files = claims.map((claim) => ({
    facilityCode: claim.XML1?.[0]?.MA_CSKCB ?? '',
    madeOn: '2026-09-01',
    records: [claim],
  }));
  return [...checkFiles(files, options())].flat();
}

/** A file as somebody might write it who does not look at what stands in it: our writer refuses wrong values. */
export function writtenAnyhow(claims: readonly ClaimTables[], facilityCode: string): Buffer {
  const elements = (row: ClaimRow) =>
    Object.entries(row)
      .map(([name, value]) => `<${name}>${value}</${name}>`)
      .join('');
  const files = (claim: ClaimTables) =>
    Object.entries(claim).map(([code, rows = []]) => {
      const { root, list, row } = tableOf(code as TableCode);
      const body = rows.map((one) => `<${row}>${elements(one)}</${row}>`).join('');
      const inner = list === null ? body : `<${root}><${list}>${body}</${list}></${root}>`;
      const content = Buffer.from(inner).toString('base64');
      return `<FILEHOSO><LOAIHOSO>${code}</LOAIHOSO><NOIDUNGFILE>${content}</NOIDUNGFILE></FILEHOSO>`;
    });
  const dossiers = claims.map((claim) => `<HOSO>${files(claim).join('')}</HOSO>`).join('');
  return Buffer.from(
    `<GIAMDINHHS><THONGTINDONVI><MACSKCB>${facilityCode}</MACSKCB></THONGTINDONVI><THONGTINHOSO><NGAYLAP>20260901</NGAYLAP>` +
      `<SOLUONGHOSO>${claims.length}</SOLUONGHOSO><DANHSACHHOSO>${dossiers}</DANHSACHHOSO></THONGTINHOSO><CHUKYDONVI/></GIAMDINHHS>`,
  );
}

/** All rules over files in blocks, as threads do it, in the order of the files. */
export async function findingsInBlocks(
  files: readonly (readonly [name: string, bytes: Buffer])[],
  size: number,
) {
  const blocks: Awaited<ReturnType<typeof lookAtBlock>>[] = [];
  for (let at = 0; at < files.length; at += size) {
    const sources: ClaimSource[] = [];
    for (const [name, bytes] of files.slice(at, at + size))
      sources.push(...(await sourcesInBytes(bytes, name)));
    blocks.push(await lookAtBlock(sources));
  }
  const looked = blocks.map((one) => one.looked);
  const firsts = looked.map((_, at) => looked.slice(0, at).reduce((sum, { claims }) => sum + claims, 0));
  const shared = blocksByKey(sharedKeys(looked));
  const guests = blocks.flatMap(({ block }, at) => block.guests(shared, at, firsts[at]!));
  const found: { file: string; finding: Finding }[] = [];
  for (const [at, { block }] of blocks.entries()) {
    const whole = {
      total: looked.reduce((sum, { claims }) => sum + claims, 0),
      facilities: looked.flatMap(({ facilities }) => facilities),
      first: firsts[at]!,
      guests: guests.filter(({ to }) => to === at).map(({ packed }) => packed),
    };
    for await (const { name, findings } of block.check(whole, options()))
      for (const finding of findings) found.push({ file: name, finding });
  }
  return { found, guests: guests.length };
}
