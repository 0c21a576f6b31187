import { inflateSync } from 'node:zlib';

/** What can be read in a PDF as pdfmake writes it: one text per page, glyphs turned back into letters by the file's own tables. */
export function pdfPages(bytes: Buffer): string[] {
  const objects = objectsOf(bytes);
  const pages = [...objects.values()].filter(({ head }) => /\/Type \/Page\b(?!s)/.test(head));
  return pages.map(({ head }) => {
    const resources = objects.get(Number(/\/Resources (\d+) 0 R/.exec(head)?.[1]))?.head ?? head;
    const fontMap = /\/Font <<([\s\S]*?)>>/.exec(resources)?.[1] ?? '';
    const fonts = new Map(
      [...fontMap.matchAll(/\/(\w+) (\d+) 0 R/g)].map(([, name, id]) => [
        name!,
        lettersOf(objects, Number(id)),
      ]),
    );
    const content = objects.get(Number(/\/Contents (\d+) 0 R/.exec(head)?.[1]))?.stream ?? '';
    return textOf(content, fonts);
  });
}

/** One text without line breaks: a cell of a table breaks where it likes. */
export const pdfText = (bytes: Buffer): string => pdfPages(bytes).join(' ').replace(/\s+/g, ' ');

interface PdfObject {
  readonly head: string;
  readonly stream: string | null;
}

function objectsOf(bytes: Buffer): Map<number, PdfObject> {
  const file = bytes.toString('latin1');
  if (!file.startsWith('%PDF-') || !file.trimEnd().endsWith('%%EOF')) throw new Error('no PDF');
  const table = Number(/startxref\s+(\d+)\s+%%EOF\s*$/.exec(file)?.[1]);
  const places = [...file.slice(table).matchAll(/^(\d{10}) \d{5} n/gm)].map(([, at]) => Number(at));
  const objects = new Map<number, PdfObject>();
  for (const at of places) {
    const id = /^(\d+) 0 obj/.exec(file.slice(at, at + 20))?.[1];
    if (!id) throw new Error(`no object at ${at}`);
    const end = file.indexOf('endobj', at);
    const begin = file.indexOf('stream\n', at);
    const hasStream = begin >= 0 && begin < end;
    const head = file.slice(at, hasStream ? begin : end);
    const length = Number(/\/Length (\d+)/.exec(head)?.[1]);
    const raw = hasStream ? bytes.subarray(begin + 7, begin + 7 + length) : null;
    const isPacked = /\/Filter \/FlateDecode/.test(head);
    objects.set(Number(id), {
      head,
      stream: raw && (isPacked ? inflateSync(raw) : raw).toString('latin1'),
    });
  }
  return objects;
}

/** Glyph number → letters, from the font's ToUnicode table. */
function lettersOf(objects: Map<number, PdfObject>, id: number): Map<number, string> {
  const table = Number(/\/ToUnicode (\d+) 0 R/.exec(objects.get(id)?.head ?? '')?.[1]);
  const letters = new Map<number, string>();
  const cmap = objects.get(table)?.stream ?? '';
  for (const [, first, list] of cmap.matchAll(/<([0-9a-f]+)> <[0-9a-f]+> \[([^\]]*)\]/gi)) {
    const entries = [...(list ?? '').matchAll(/<([0-9a-f ]*)>/gi)];
    for (const [index, [, hex]] of entries.entries())
      letters.set(
        Number.parseInt(first!, 16) + index,
        Buffer.from(hex!.replaceAll(' ', ''), 'hex').swap16().toString('utf16le'),
      );
  }
  return letters;
}

/** A glyph without a letter is one that the font lacks. */
export const MISSING = '\u{FFFD}';

function textOf(content: string, fonts: ReadonlyMap<string, ReadonlyMap<number, string>>): string {
  let font: ReadonlyMap<number, string> | undefined;
  let text = '';
  for (const [, name, shown] of content.matchAll(/\/(\w+) [\d.]+ Tf|\[([^\]]*)\] TJ/g)) {
    if (name) font = fonts.get(name);
    else {
      for (const [, hex] of shown!.matchAll(/<([0-9a-f]+)>/gi))
        for (const glyph of hex!.match(/.{4}/g) ?? []) {
          const number = Number.parseInt(glyph, 16);
          text += number === 0 ? MISSING : (font?.get(number) ?? MISSING);
        }
      text += ' ';
    }
  }
  return text;
}
