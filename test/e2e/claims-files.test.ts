import { createWriteStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from '@jest/globals';
import { ZipFile } from 'yazl';
import { dictionary } from '../../src/claims/dictionary.ts';
import { buildCheckInFile, buildClaimFile } from '../../src/claims/files.ts';
import { readCheckInFile } from '../../src/claims/reader.ts';
import { tableXml } from '../../src/claims/writer.ts';
import { foreignFile, foreignRecord } from '../harness/foreign.ts';
import { his, startHis } from '../harness/his.ts';
import { attacker, goldenKey, signedBy } from '../signatures/keys.ts';

const scratch = mkdtempSync(join(tmpdir(), 'his-claims-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
const write = (name: string, content: string | Buffer) => {
  const path = join(scratch, name);
  writeFileSync(path, content);
  return path;
};
async function zip(name: string, entries: Readonly<Record<string, Buffer>>): Promise<string> {
  const archive = new ZipFile();
  for (const [entry, bytes] of Object.entries(entries)) archive.addBuffer(bytes, entry);
  archive.end();
  const path = join(scratch, name);
  await pipeline(archive.outputStream, createWriteStream(path));
  return path;
}
const inner = (xml: string, change: (text: string) => string) =>
  xml.replace(/(<LOAIHOSO>XML1<\/LOAIHOSO><NOIDUNGFILE>)([^<]*)/, (_, head: string, base64: string) => {
    const changed = change(Buffer.from(base64, 'base64').toString('utf8'));
    return head + Buffer.from(changed).toString('base64');
  });

/** With the findings of a medical council, a table that the portal writes and no facility sends. */
const withCouncil = (xml: string) => {
  const fields = dictionary('3176').tables.get('XML12')!.fields;
  const row = Object.fromEntries(fields.map(({ name }) => [name, name === 'HO_TEN' ? 'Lê Văn Mẫu' : '']));
  const content = tableXml('XML12', [row], '3176').toString('base64');
  const file = `<FILEHOSO><LOAIHOSO>XML12</LOAIHOSO><NOIDUNGFILE>${content}</NOIDUNGFILE></FILEHOSO>`;
  return { row, file: xml.replace('</HOSO>', `${file}</HOSO>`) };
};

const two = foreignFile('40101', 'K1', 'K2');
const one = foreignFile('40101', 'K1').toString();

interface Shown {
  readonly macskcb: string | null;
  readonly ngayLap: string | null;
  readonly records: readonly Readonly<Record<string, readonly Readonly<Record<string, string>>[]>>[];
  readonly unknown: readonly object[];
}
interface Verdict {
  readonly edition: string | null;
  readonly structure: { readonly ok: boolean; readonly problems: readonly { readonly problem: string }[] };
  readonly signature: { readonly state: string };
}

describe('his claims show', () => {
  test('says every element as it stands, in file order, of plain, gzipped and zipped files', async () => {
    const paths = [
      write('two.xml', two),
      write('two.xml.gz', gzipSync(two)),
      await zip('two.zip', { 'a.xml': two }),
    ];
    for (const path of paths) {
      const { code, out, err } = await his(['claims', 'show', path, '--json']);
      expect([code, err]).toEqual([0, '']);
      const shown = JSON.parse(out) as Shown;
      expect([shown.macskcb, shown.ngayLap, shown.unknown]).toEqual(['40101', '20260815', []]);
      expect(shown.records.map(({ XML1 }) => XML1![0]!.MA_LK)).toEqual(['K1', 'K2']);
      expect(Object.keys(shown.records[0]!.XML1![0]!).slice(0, 4)).toEqual([
        'MA_LK',
        'STT',
        'MA_BN',
        'HO_TEN',
      ]);
    }
  });

  test('keeps and names what the standard does not have', async () => {
    const strange = inner(one, (xml) => xml.replace('<STT>', '<LA_LUNG> 007 </LA_LUNG><STT>'))
      .replace(
        '</FILEHOSO></HOSO>',
        '</FILEHOSO><FILEHOSO><LOAIHOSO>XML99</LOAIHOSO><NOIDUNGFILE>PHgvPg==</NOIDUNGFILE></FILEHOSO></HOSO>',
      )
      .replace('<MACSKCB>', '<TEN_CSKCB>Viện</TEN_CSKCB><MACSKCB>');
    const { code, out } = await his(['claims', 'show', write('strange.xml', strange), '--json']);
    expect(code).toBe(0);
    const { records, unknown } = JSON.parse(out) as Shown;
    expect(records[0]!.XML1![0]!.LA_LUNG).toBe(' 007 ');
    expect(unknown).toEqual([
      { record: null, table: null, row: null, field: 'TEN_CSKCB', value: 'Viện' },
      { record: 1, table: 'XML99', row: null, field: null, value: '<x/>' },
      { record: 1, table: 'XML1', row: 1, field: 'LA_LUNG', value: ' 007 ' },
    ]);
  });

  test('the table of medical councils too, though facilities do not send it', async () => {
    const { row, file } = withCouncil(one);
    const { code, out } = await his(['claims', 'show', write('council.xml', file), '--json']);
    const { records, unknown } = JSON.parse(out) as Shown;
    expect([code, records[0]!.XML12, unknown]).toEqual([0, [row], []]);
  });

  test('a check-in file has no envelope', async () => {
    const golden = new URL('../golden/3176/commune-tests-and-notes/check-in.xml', import.meta.url);
    const { code, out } = await his(['claims', 'show', fileURLToPath(golden), '--json']);
    const { macskcb, records } = JSON.parse(out) as Shown;
    expect([code, macskcb, Object.keys(records[0]!)]).toEqual([0, null, ['XML0']]);
  });

  test('one dossier that cannot be read does not hide the others: exit 1', async () => {
    const broken = two.toString().replace(/<NOIDUNGFILE>[^<]{8}/, '<NOIDUNGFILE>********');
    const { code, out, err } = await his(['claims', 'show', write('broken.xml', broken), '--json']);
    const { records } = JSON.parse(out) as Shown;
    expect([code, Object.keys(records[0]!), records[1]!.XML1![0]!.MA_LK]).toEqual([1, ['problem'], 'K2']);
    expect(err).toContain('HOSO[1]/XML1');
  });

  test('a table for people, and words for what cannot be opened', async () => {
    const table = await his(['claims', 'show', write('one.xml', one)]);
    expect([table.code, table.out]).toEqual([0, expect.stringMatching(/MA_LK +K1\n/)]);
    expect((await his(['claims', 'show', join(scratch, 'none.xml')])).code).toBe(2);
    expect((await his(['claims', 'show'])).code).toBe(2);
    const both = await zip('both.zip', { 'a.xml': two, 'b.xml': two });
    expect((await his(['claims', 'show', both])).code).toBe(1);
  });
});

describe('his claims verify', () => {
  const certificate = fileURLToPath(new URL('../golden/signed/99001.crt.pem', import.meta.url));
  const verify = async (content: string | Buffer, ...more: string[]) => {
    const { code, out } = await his(['claims', 'verify', write('verify.xml', content), '--json', ...more]);
    return { code, ...(JSON.parse(out) as Verdict) };
  };

  test('a conforming unsigned file: exit 0', async () => {
    expect(await verify(one)).toEqual({
      code: 0,
      edition: expect.stringMatching(/^(3176|1931)$/),
      structure: { ok: true, problems: [] },
      signature: {
        state: 'absent',
        profile: null,
        serial: null,
        subject: null,
        signedAt: null,
        reason: null,
      },
    });
  });

  test('who names a certificate takes no unsigned file', async () => {
    const { code, structure, signature } = await verify(one, '--certificate', certificate);
    expect([code, structure.ok, signature.state]).toEqual([1, true, 'absent']);
  });

  test('of a file too large to be held whole nobody says that it is unsigned', async () => {
    const notes = foreignRecord('40101', 'K1').XML5![0]!;
    const long = { ...notes, DIEN_BIEN_LS: 'x'.repeat(14 * 1024 * 1024) };
    const records = Array.from({ length: 4 }, (_, at) => ({
      ...foreignRecord('40101', `K${at}`),
      XML5: [{ ...long, MA_LK: `K${at}` }],
    }));
    const file = write('large.xml', buildClaimFile(records, { facilityCode: '40101', madeOn: '2026-08-15' }));
    const { code, out } = await his(['claims', 'verify', file, '--certificate', certificate]);
    expect([code, out]).toEqual([1, expect.stringContaining('too large')]);
  });

  test('a table of the standard that is not sent is named so', async () => {
    const { code, structure } = await verify(withCouncil(one).file);
    expect([code, structure.problems]).toEqual([
      1,
      [
        {
          table: 'XML12',
          row: null,
          field: null,
          problem: expect.stringContaining('not part of such a file'),
        },
      ],
    ]);
  });

  test('names table, row and field of what is not as prescribed: exit 1', async () => {
    const wrong = inner(one, (xml) =>
      xml
        .replace(/<MA_BN>[^<]*<\/MA_BN>/, '')
        .replace('<GIOI_TINH>', '<X_LA>1</X_LA><GIOI_TINH>123')
        .replace(/<T_BHTT>[^<]*/, '<T_BHTT>1.234,5')
        .replace(/(<HO_TEN>[^<]*<\/HO_TEN>)(.*)(<T_THUOC>)/, '$2$1$3'),
    );
    const { code, structure } = await verify(wrong);
    expect([code, structure.ok]).toEqual([1, false]);
    const at = (field: string) => ({ table: 'XML1', row: 1, field, problem: expect.stringMatching(/\.$/) });
    expect(structure.problems).toEqual(
      expect.arrayContaining([at('MA_BN'), at('X_LA'), at('GIOI_TINH'), at('T_BHTT'), at('HO_TEN')]),
    );
    expect(structure.problems).toHaveLength(5);
  });

  test('the schema finds what the dictionary lets pass, with element and line', async () => {
    const long = await verify(one.replace('<MACSKCB>40101<', '<MACSKCB>401-01<'));
    expect([long.code, long.structure.problems]).toEqual([
      1,
      [{ table: null, row: null, field: 'MACSKCB', problem: expect.stringMatching(/XML Schema.*line \d+/) }],
    ]);
    const attribute = await verify(inner(one, (xml) => xml.replace('<MA_BN>', '<MA_BN x="1">')));
    expect([attribute.code, attribute.structure.problems]).toEqual([
      1,
      [{ table: 'XML1', row: null, field: 'MA_BN', problem: expect.stringContaining('XML Schema') }],
    ]);
  });

  const signed = {
    A: signedBy(foreignFile('99001', 'K1'), goldenKey()),
    B: signedBy(readFileSync(new URL('../golden/3176/sick-leave/papers.xml', import.meta.url)), goldenKey()),
  };

  test.each(['A', 'B'] as const)(
    'a signed file of profile %s: by its certificate, by another, changed',
    async (profile) => {
      const file = signed[profile];
      const by = await verify(file, '--certificate', certificate);
      expect(by).toMatchObject({
        code: 0,
        structure: { ok: true, problems: [] },
        signature: {
          state: 'valid',
          profile,
          serial: expect.any(String),
          subject: expect.any(String),
          reason: null,
        },
      });
      const alone = await verify(file);
      expect([alone.code, alone.signature.state]).toEqual([0, 'untrusted']);
      const other = write('other.crt.pem', (await attacker()).certificate);
      const byOther = await verify(file, '--certificate', other);
      expect([byOther.code, byOther.signature.state]).toEqual([1, 'untrusted']);
      const changed = await verify(
        file.toString().replace(/<NGAYLAP>\d{8}/, '<NGAYLAP>20260101'),
        '--certificate',
        certificate,
      );
      expect([changed.code, changed.structure.ok, changed.signature.state]).toEqual([1, true, 'invalid']);
    },
  );

  test('a package of papers is held against its schemas', async () => {
    const papers = readFileSync(new URL('../golden/3176/sick-leave/papers.xml', import.meta.url), 'utf8');
    expect(await verify(papers)).toMatchObject({ code: 0, edition: null, structure: { ok: true } });
    const wrong = papers.replace(/(<NOIDUNGFILE>)([^<]*)/, (_, head: string, base64: string) => {
      const text = Buffer.from(base64, 'base64')
        .toString()
        .replace(/<NGAY_SINH>[^<]*<\/NGAY_SINH>/, '');
      return head + Buffer.from(text).toString('base64');
    });
    const { code, structure } = await verify(wrong);
    expect([code, structure.problems]).toEqual([
      1,
      [
        {
          table: expect.stringMatching(/^CT0\d$/),
          row: null,
          field: expect.any(String),
          problem: expect.any(String),
        },
      ],
    ]);
  });

  test('what is no claim file, and a certificate that is none', async () => {
    const none = await verify('<a>');
    expect([none.code, none.edition, none.structure.problems.length]).toEqual([1, null, 1]);
    const pem = write('none.pem', 'x');
    expect((await his(['claims', 'verify', write('one.xml', one), '--certificate', pem])).code).toBe(2);
  });
});

describe('his claims rewrite', () => {
  test('a file of another hand comes back as ours would be, byte for byte', async () => {
    const [to, to2] = [join(scratch, 'again.xml'), join(scratch, 'again2.xml')];
    const other = `\ufeff${two
      .toString()
      .replace(/^<\?xml[^>]*>/, '')
      .replaceAll('><', '>\r\n<')}`;
    expect((await his(['claims', 'rewrite', write('other.xml', other), '--to', to])).code).toBe(0);
    expect(readFileSync(to).equals(two)).toBe(true);
    const golden = new URL('../golden/3176/commune-tests-and-notes/check-in.xml', import.meta.url);
    expect((await his(['claims', 'rewrite', fileURLToPath(golden), '--to', to2])).code).toBe(0);
    const bytes = readFileSync(golden);
    expect(readFileSync(to2).equals(bytes)).toBe(true);
    expect(buildCheckInFile(readCheckInFile(bytes), '2026-08-15').equals(bytes)).toBe(true);
  });

  test('keeps the table of medical councils', async () => {
    const to = join(scratch, 'council-again.xml');
    const { row, file } = withCouncil(one);
    expect((await his(['claims', 'rewrite', write('council.xml', file), '--to', to])).code).toBe(0);
    const { out } = await his(['claims', 'show', to, '--json']);
    expect((JSON.parse(out) as Shown).records[0]!.XML12).toEqual([row]);
  });

  test('writes nothing when something cannot be read', async () => {
    const to = join(scratch, 'never.xml');
    const broken = write('broken.xml', one.replace('<NOIDUNGFILE>', '<NOIDUNGFILE>*'));
    expect((await his(['claims', 'rewrite', broken, '--to', to])).code).toBe(1);
    expect(() => readFileSync(to)).toThrow();
    expect(() => readFileSync(`${to}.part`)).toThrow();
    expect(
      (await his(['claims', 'rewrite', write('one.xml', one), '--to', join(scratch, 'no/where.xml')])).code,
    ).toBe(2);
  });
});

test('commands on claim files load neither the ORM nor the queue', async () => {
  const trace = ['--import', new URL('../harness/loaded.ts', import.meta.url).href];
  for (const command of [['show'], ['verify'], ['rewrite', '--to', join(scratch, 'x.xml')]]) {
    const [name, ...more] = command;
    const { code, err } = await startHis(['claims', name!, write('one.xml', one), ...more], {}, trace).ended;
    const loaded = /^loaded: (.*)$/m.exec(err)?.[1]?.split(' ') ?? [];
    expect([name, code]).toEqual([name, 0]);
    expect(loaded).toContain('libxml2-wasm');
    expect(loaded.filter((one) => /mikro-orm|bullmq|^pg$|^express$|kysely/.test(one))).toEqual([]);
  }
});
