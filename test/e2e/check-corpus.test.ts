import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { MUTATIONS } from '../../fixtures/assessment/mutations/index.ts';
import { cleanFiles, plantedFiles, spokenOfFiles } from '../../fixtures/assessment/source/corpus.ts';
import { catalogueJson } from '../../fixtures/assessment/source/judge.ts';
import { his } from '../harness/his.ts';

/** Mistakes whose claims can stand in one set: each is of a patient, a doctor and a paper of its own. */
const TOGETHER = ['PAT_PHONE', 'MON_SUM_BHTT', 'SUP_NAME', 'XML7_LEAVE_DAYS', 'SVC_TRANSPORT', 'NOTE_AUTHOR'];

describe('his check on a folder as other software writes it', () => {
  const chosen = TOGETHER.map((rule) => MUTATIONS.find((one) => one.rule === rule)!);
  let folder = '';
  const write = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  let catalogues = '';

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'his-corpus-'));
    mkdirSync(join(folder, 'claims'));
    catalogues = write('catalogues.json', catalogueJson);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const check = async () => {
    const { code, out } = await his(['check', join(folder, 'claims'), '--catalogues', catalogues, '--json']);
    const { findings, claims } = JSON.parse(out) as {
      findings: { file: string; rule: string }[];
      claims: number;
    };
    return { code, claims, findings };
  };

  test('well-recorded claims of every kind have no finding', async () => {
    const files = cleanFiles('vendor');
    for (const { name, text } of files) write(`claims/${name}`, text);
    expect(await check()).toEqual({ code: 0, claims: files.length, findings: [] });
  });

  test('a wrong one in the place of a good one has its own, and only its own', async () => {
    for (const mutation of chosen)
      for (const { text } of plantedFiles(mutation, 'vendor')) write(`claims/${mutation.base}.xml`, text);
    const { code, findings } = await check();
    expect(code).toBe(1);
    const found = chosen.map(({ base }) => ({
      base,
      rules: [
        ...new Set(findings.filter(({ file }) => file.endsWith(`/${base}.xml`)).map(({ rule }) => rule)),
      ],
    }));
    expect(found).toEqual(chosen.map((one) => ({ base: one.base, rules: spokenOfFiles(one) })));
    expect(findings.filter(({ file }) => !chosen.some(({ base }) => file.endsWith(`/${base}.xml`)))).toEqual(
      [],
    );
  });

  test('several records in one file of several facilities are read alike', async () => {
    const records = cleanFiles('vendor')
      .filter(({ text }) => text.includes('<MACSKCB>40021<'))
      .map(({ text }) => /<HOSO>.*<\/HOSO>/s.exec(text)![0]);
    rmSync(join(folder, 'claims'), { recursive: true });
    mkdirSync(join(folder, 'claims'));
    const whole = cleanFiles('vendor')[0]!
      .text.replace(/<SOLUONGHOSO>1</, `<SOLUONGHOSO>${records.length}<`)
      .replace(/<HOSO>.*<\/HOSO>/s, () => records.join('\n'));
    write('claims/all.xml', whole);
    expect(await check()).toEqual({ code: 0, claims: records.length, findings: [] });
  });
});
