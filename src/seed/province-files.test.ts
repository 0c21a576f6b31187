import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, describe, expect, test } from '@jest/globals';
import { PROVINCE_FILES } from '../../schemas/catalogue-files/records.ts';
import { text } from '../messages/index.ts';
import { readProvince } from './province-files.ts';

const fixtures = new URL('../../fixtures/', import.meta.url);
const schemas = new URL('../../schemas/catalogue-files/', import.meta.url);
const scratch = mkdtempSync(join(tmpdir(), 'province-'));
afterAll(() => rmSync(scratch, { recursive: true }));

describe('the demo province', () => {
  const { province, problems } = readProvince(new URL('province/', fixtures));

  test('every line of every file fits its schema and refers to what exists', () => {
    expect(problems).toEqual([]);
    for (const file of Object.keys(PROVINCE_FILES))
      expect(readFileSync(new URL(`province/${file}.jsonl`, fixtures), 'utf8').length).toBeGreaterThan(1000);
  });

  test('has 472 facilities: 15 provincial, 21 district, 436 commune, each with the facts the law reads', () => {
    const tierOf = (code: string) =>
      province.facilities
        .find((line) => line.code === code)
        ?.facts.find((fact) => fact.kind === 'former-tier')?.value;
    const count = (tier: string) => province.facilities.filter((line) => tierOf(line.code) === tier).length;
    expect([count('province'), count('district'), count('commune'), province.facilities.length]).toEqual([
      15, 21, 436, 472,
    ]);
    for (const { code, facts } of province.facilities) {
      expect(code).toMatch(/^40\d{3}$/);
      for (const kind of ['level', 'kind', 'price-list', 'former-tier'])
        expect(facts.map((fact) => fact.kind)).toContain(kind);
    }
    const names = new Set(province.facilities.map((line) => line.name));
    expect(names.size).toBe(472);
    const licences = new Set(province.practitioners.map((line) => line.licenceNumber));
    expect(licences.size).toBe(province.practitioners.length);
  });

  test('prices change on 2026-07-01 and never overlap', () => {
    const exam = province.services.find((line) => line.itemCode === '02.1896');
    const on = (list: string, from: string) =>
      exam?.prices.find((price) => price.priceLists.includes(list) && price.from === from)?.insuredUnitPrice;
    expect([on('commune', '2025-01-01'), on('commune', '2026-07-01')]).toEqual(['36500', '39400']);
    for (const item of [...province.drugs, ...province.services, ...province.supplies])
      for (const list of ['provincial', 'district', 'commune']) {
        const prices = item.prices
          .filter((price) => price.priceLists.includes(list))
          .toSorted((a, b) => a.from.localeCompare(b.from));
        for (const [index, price] of prices.entries()) {
          const next = prices[index + 1];
          if (next) expect((price.through ?? '9999') < next.from).toBe(true);
        }
      }
  });

  test('what is paid at a share is cost group 6, and nothing costs less than the insured price', () => {
    for (const line of province.drugs)
      expect(line.costGroupCode).toBe(line.catalogueRate === '100' ? '4' : '6');
    for (const line of [...province.drugs, ...province.services, ...province.supplies])
      for (const price of line.prices)
        expect(Number(price.insuredUnitPrice)).toBeLessThanOrEqual(Number(price.unitPrice));
  });

  test('is what the generator makes, byte for byte, schemas included', () => {
    execFileSync(process.execPath, [fileURLToPath(new URL('generate.ts', fixtures)), scratch], {
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    for (const [made, kept] of [
      ['province', new URL('province/', fixtures)],
      ['catalogue-files', schemas],
    ] as const)
      for (const file of readdirSync(join(scratch, made)))
        expect([file, readFileSync(join(scratch, made, file), 'utf8')]).toEqual([
          file,
          readFileSync(new URL(file, kept), 'utf8'),
        ]);
  });
});

describe('files of a province that are not right', () => {
  const broken = (change: (folder: string) => void) => {
    const folder = mkdtempSync(join(scratch, 'broken-'));
    cpSync(fileURLToPath(new URL('province/', fixtures)), folder, { recursive: true });
    change(folder);
    return readProvince(pathToFileURL(folder)).problems;
  };
  const replaceLine = (file: string, line: string) => (folder: string) =>
    writeFileSync(
      join(folder, file),
      `${line}\n${readFileSync(join(folder, file), 'utf8').split('\n').slice(1).join('\n')}`,
    );

  test.each([
    ['a missing file', (folder: string) => rmSync(join(folder, 'drugs.jsonl')), 'demo.file.missing'],
    ['a line that is no JSON', replaceLine('wards.jsonl', '{code: 1}'), 'demo.file.notJson'],
    [
      'a field too many',
      replaceLine('diagnoses.jsonl', '{"code":"A00","name":"Tả","colour":"red"}'),
      'demo.file.invalid',
    ],
    [
      'a day that does not exist',
      replaceLine(
        'departments.jsonl',
        '{"facilityCode":"40001","code":"K01","name":"Khoa","from":"2026-02-30"}',
      ),
      'demo.file.invalid',
    ],
    [
      'an unknown facility',
      replaceLine(
        'departments.jsonl',
        '{"facilityCode":"49999","code":"K01","name":"Khoa","from":"2026-01-01"}',
      ),
      'demo.file.unknownReference',
    ],
    [
      'the same line twice',
      replaceLine('diagnoses.jsonl', '{"code":"A06.0","name":"Lỵ amip cấp"}'),
      'demo.file.twice',
    ],
  ])('%s is named', (_, change, message) => {
    const [problem] = broken(change);
    expect(problem?.message).toBe(message);
    for (const language of ['vi', 'en'] as const)
      expect(text(language, message, problem?.values)).not.toMatch(/[{]\w+[}]/);
  });

  test('a province without machines, templates or patients is still a province', () => {
    expect(
      broken((folder) =>
        ['machines', 'result-templates', 'patients'].map((name) => rmSync(join(folder, `${name}.jsonl`))),
      ),
    ).toEqual([]);
  });
});
