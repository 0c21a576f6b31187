import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { ClaimWriteError } from '../errors.ts';
import { viewOf } from '../projection/projection.ts';
import type { ClaimSnapshot } from '../snapshot.ts';
import { buildPaperPackage, PAPERS, projectPapers } from './package.ts';
import { type PaperCode, paperForm, paperPackage } from './paper-form.ts';

const golden = (name: string): ClaimSnapshot =>
  JSON.parse(
    readFileSync(new URL(`../../../test/golden/1931/${name}/input.json`, import.meta.url), 'utf8'),
  ) as ClaimSnapshot;
const HEAD = { facilityCode: '40001', madeOn: '2026-09-12', id: 'a-1' };
const inner = (bytes: Buffer): string[] =>
  [...bytes.toString().matchAll(/<NOIDUNGFILE>([^<]+)/g)].map(([, text]) =>
    Buffer.from(text!, 'base64').toString('utf8'),
  );

describe('every field of a paper has exactly one origin, or a reason to stay empty', () => {
  test.each(PAPERS.map((paper) => [paper.code, paper] as const))('%s', (code, { empty }) => {
    const source = readFileSync(new URL(`./${code.toLowerCase()}.ts`, import.meta.url), 'utf8');
    const named = [...source.matchAll(/^ {4}([A-Z][A-Z0-9_]+): /gm)].map(([, name]) => name);
    const fields = paperForm(code).fields.map((field) => field.name);
    expect(named).toEqual(fields.filter((name) => !(name in empty)));
    expect(Object.keys(empty).filter((name) => !fields.includes(name))).toEqual([]);
  });

  test('each field holds a value in some golden visit, or has a reason', () => {
    const names = [
      'delivery-of-twins',
      'hiv-and-tuberculosis',
      'pregnancy-rest',
      'referred-with-paper',
      'sick-leave',
    ];
    const issued = names.map((name) => projectPapers(golden(name)));
    for (const { code, empty } of PAPERS) {
      const fields = paperForm(code).fields.map((field) => field.name);
      const without = fields.filter((name) => !issued.some((papers) => papers[code]?.[name]));
      expect([code, without]).toEqual([code, Object.keys(empty)]);
    }
  });

  test('all papers of the package, each beside the claim table that says the same', () => {
    expect(paperPackage().papers.map(({ code, table }) => [code, table])).toEqual([
      ['CT03', 'XML7'],
      ['CT04', 'XML8'],
      ['CT06', 'XML10'],
      ['CT07', 'XML11'],
    ]);
    expect(PAPERS.map(({ code }) => code)).toEqual(paperPackage().papers.map(({ code }) => code));
    expect(() => paperForm('CT05' as PaperCode)).toThrow(RangeError);
  });
});

describe('papers of a visit', () => {
  test('those that were issued, no others', () => {
    expect(Object.keys(projectPapers(golden('delivery-of-twins')))).toEqual(['CT03', 'CT04']);
    expect(Object.keys(projectPapers(golden('pregnancy-rest')))).toEqual(['CT04', 'CT06']);
    expect(Object.keys(projectPapers(golden('sick-leave')))).toEqual(['CT03', 'CT07']);
    const { clinical: _, ...bare } = golden('sick-leave');
    expect(projectPapers(bare)).toEqual({});
  });

  test('they say what the claim tables say', () => {
    expect(projectPapers(golden('sick-leave')).CT07).toMatchObject({
      HO_TEN: 'Võ Thị Thu',
      NGAY_SINH: '19970707',
      TU_NGAY: '20260907',
      DEN_NGAY: '20261006',
      NGAY_KCB: '20260907',
      MAU_SO: 'CT07',
      BENH_ICD10_ID: 'O03.4',
      TEKT: '0',
    });
  });

  test('a small child without a card counts as insured; one who is older, or has a card, does not', () => {
    const { visit, ...rest } = golden('sick-leave');
    const mark = (birthDate: string, coverages = visit.coverages.slice(0, 0)) =>
      projectPapers({ ...rest, visit: { ...visit, coverages, patient: { ...visit.patient, birthDate } } })
        .CT07!.TEKT;
    expect(mark('2020-09-08')).toBe('1');
    expect(mark('2020-09-07')).toBe('0');
    expect(mark('2026-01-01', [...visit.coverages])).toBe('0');
  });

  test('a draft leaves empty what is not known', () => {
    const snapshot = golden('delivery-of-twins');
    const { encounter } = snapshot.visit;
    const visit = { ...snapshot.visit, encounter: { ...encounter, endedAt: null, finalDiagnosis: null } };
    expect(projectPapers({ ...snapshot, visit, settlement: null }).CT03).toMatchObject({
      NGAY_RA: '',
      CHAN_DOAN: '',
    });
    expect(PAPERS.map(({ row }) => row(viewOf({ visit, settlement: null })))).toEqual(
      Array(4).fill(undefined),
    );
  });
});

describe('the package', () => {
  const papers = projectPapers(golden('sick-leave'));

  test('one record per visit, the Id on the signed element, an empty signature last; the same bytes again', () => {
    const bytes = buildPaperPackage([papers, projectPapers(golden('delivery-of-twins'))], HEAD);
    const xml = bytes.toString();
    expect(xml).toMatch(
      /^<\?xml version="1.0" encoding="utf-8"\?><HSCHUNGTU><THONGTINDONVI><MACSKCB>40001<\/MACSKCB><\/THONGTINDONVI><THONGTINHOSO Id="Id-a-1"><NGAYLAP>20260912<\/NGAYLAP><SOLUONGHOSO>2<\/SOLUONGHOSO><DANHSACHHOSO><HOSO><FILEHOSO><LOAIHOSO>CT03</,
    );
    expect(xml.endsWith('</THONGTINHOSO><CHUKYDONVI></CHUKYDONVI></HSCHUNGTU>')).toBe(true);
    expect([...xml.matchAll(/<LOAIHOSO>(\w+)/g)].map(([, code]) => code)).toEqual([
      'CT03',
      'CT07',
      'CT03',
      'CT04',
    ]);
    expect(buildPaperPackage([papers, projectPapers(golden('delivery-of-twins'))], HEAD).equals(bytes)).toBe(
      true,
    );
  });

  test('hostile text is escaped and composed', () => {
    const [document] = inner(
      buildPaperPackage(
        [{ CT07: { ...papers.CT07!, HO_TEN: 'Nguye\u0302\u0303n <b>&amp; ]]> "👶\u202e' } }],
        HEAD,
      ),
    );
    expect(document).toContain('<HO_TEN>Nguyễn &lt;b&gt;&amp;amp; ]]&gt; "👶\u202e</HO_TEN>');
  });

  test.each([
    ['control-character', { HO_TEN: 'x\u0001' }, 'HO_TEN'],
    ['bad-format', { NGAY_SINH: '1999-01-01' }, 'NGAY_SINH'],
    ['unknown-field', { EXTRA: '' }, 'EXTRA'],
  ])('%s is refused with its place', (finding, more, field) => {
    const build = () =>
      buildPaperPackage([{ CT07: { ...papers.CT07!, ...more } as Record<string, string> }], HEAD);
    expect(build).toThrow(ClaimWriteError);
    expect(build).toThrow(expect.objectContaining({ finding, place: { table: 'CT07', row: 1, field } }));
  });

  test('a missing field, a facility code and an id that are none', () => {
    const { HO_TEN: _, ...lacking } = papers.CT07!;
    expect(() => buildPaperPackage([{ CT07: lacking }], HEAD)).toThrow(
      expect.objectContaining({
        finding: 'missing-field',
        place: { table: 'CT07', row: 1, field: 'HO_TEN' },
      }),
    );
    expect(() => buildPaperPackage([papers], { ...HEAD, facilityCode: '4<01' })).toThrow(ClaimWriteError);
    expect(() => buildPaperPackage([papers], { ...HEAD, id: 'a"b' })).toThrow(RangeError);
  });
});
