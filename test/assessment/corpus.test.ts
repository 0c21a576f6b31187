import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { MUTATIONS } from '../../fixtures/assessment/mutations/index.ts';
import { CLEAN } from '../../fixtures/assessment/source/clean.ts';
import {
  type CorpusFile,
  cleanFiles,
  plantedFiles,
  spokenOfFiles,
} from '../../fixtures/assessment/source/corpus.ts';
import type { Style } from '../../fixtures/assessment/source/file.ts';
import {
  builtIns,
  catalogueJson,
  EVERY_RULE,
  fileCatalogues,
  judge,
} from '../../fixtures/assessment/source/judge.ts';
import { expectedRules, planted } from '../../fixtures/assessment/source/plant.ts';
import { MADE_ON } from '../../fixtures/assessment/source/world.ts';
import { checkSources } from '../../src/assessment/files.ts';
import { ruleFacts } from '../../src/assessment/index.ts';
import { sourcesInBytes } from '../../src/claims/foreign.ts';
import { buildClaimFile, readClaimFile } from '../../src/claims/index.ts';
import type { ClaimTables } from '../../src/claims/tables.ts';
import { readsOf } from '../harness/reads.ts';

const corpus = new URL('../../fixtures/assessment/', import.meta.url);
const stored = (name: string) => readFileSync(new URL(name, corpus), 'utf8');
const names = (folder: string) => readdirSync(new URL(folder, corpus)).toSorted();
const clean = Object.entries(CLEAN).map(([name, make]) => [name, make()] as const);
const watched = EVERY_RULE.map(readsOf);
const rulesIn = (findings: readonly { readonly rule: string }[]) =>
  [...new Set(findings.map(({ rule }) => rule))].toSorted();

/** What `his check` finds in files, with the catalogue file of the corpus. */
async function foundIn(files: readonly CorpusFile[]) {
  const sources = await Promise.all(
    files.map(({ name, text }) => sourcesInBytes(Buffer.from(text, 'utf8'), name)),
  );
  const findings = [];
  const options = { builtIns, catalogues: fileCatalogues, today: MADE_ON };
  for await (const file of checkSources(sources.flat(), options)) findings.push(...file.findings);
  return findings;
}

describe('well-recorded claims', () => {
  test('are there of every kind of visit, with every table', () => {
    const types = new Set(clean.map(([, claim]) => claim.XML1![0]!.MA_LOAI_KCB));
    const wanted = ['01', '02', '03', '04', '05', '06', '07', '08', '09'];
    expect(wanted.filter((type) => !types.has(type))).toEqual([]);
    const tables = new Set(clean.flatMap(([, claim]) => Object.keys(claim)));
    const listed = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 15].map((number) => `XML${number}`);
    expect(listed.filter((table) => !tables.has(table))).toEqual([]);
  });

  test.each(clean)('%s: no rule says anything, with every rule on and every catalogue', (_name, claim) => {
    expect(judge([claim])).toEqual([]);
  });

  // At an order only the rules are asked that look at what was changed: here they look at more than in their own cases.
  test('no rule looks at anything that is not named of it', () => {
    expect(
      judge(
        clean.map(([, claim]) => claim),
        { rules: watched },
      ),
    ).toEqual([]);
  });

  test('all of them together neither', () => {
    expect(judge(clean.map(([, claim]) => claim))).toEqual([]);
  });

  test.each(clean)('%s: is what the writer of claim files writes', (name, claim) => {
    const facilityCode = claim.XML1![0]!.MA_CSKCB!;
    const written = buildClaimFile([claim as ClaimTables], { facilityCode, madeOn: MADE_ON });
    expect(readClaimFile(Buffer.from(stored(`clean/${name}.xml`)))).toEqual(readClaimFile(written));
  });

  test.each(['plain', 'vendor'] as const)('as files, written %s, nothing either', async (style) => {
    expect(await foundIn(cleanFiles(style))).toEqual([]);
  });
});

describe('one planted mistake', () => {
  test('is there for every rule', () => {
    const wanted = ruleFacts().filter(({ absent }) => absent === undefined);
    expect(MUTATIONS.map(({ rule }) => rule).toSorted()).toEqual(wanted.map(({ id }) => id).toSorted());
  });

  test('says why another rule speaks, too', () => {
    expect(MUTATIONS.flatMap(({ relatives = {} }) => Object.values(relatives)).filter((why) => !why)).toEqual(
      [],
    );
  });

  test.each(MUTATIONS.filter(({ file }) => !file).map((one) => [one.rule, one] as const))(
    '%s: with every rule on, it speaks and nothing else but its relatives',
    (_rule, mutation) => {
      expect(rulesIn(judge(planted(mutation), mutation))).toEqual(expectedRules(mutation));
    },
  );

  describe.each(['plain', 'vendor'] as const satisfies Style[])('in files written %s', (style) => {
    // What is done to the file itself is done to the plain form of it.
    const judged = MUTATIONS.filter(({ file }) => style === 'plain' || !file);
    test.each(judged.map((one) => [one.rule, one] as const))('%s', async (_rule, mutation) => {
      const found = await foundIn(plantedFiles(mutation, style));
      expect(rulesIn(found)).toEqual(spokenOfFiles(mutation));
    });
  });
});

describe('the files of the corpus', () => {
  test('are those that its script writes', () => {
    const made = (files: readonly CorpusFile[]) =>
      Object.fromEntries(files.map(({ name, text }) => [name, text]));
    const kept = (folder: string) =>
      Object.fromEntries(names(folder).map((name) => [name, stored(`${folder}/${name}`)]));
    expect(kept('clean') as object).toEqual(made(cleanFiles()));
    expect(kept('planted') as object).toEqual(made(MUTATIONS.flatMap((one) => plantedFiles(one))));
    expect(stored('catalogues.json')).toBe(catalogueJson);
  });
});
