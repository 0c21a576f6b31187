import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { PdfMaker } from 'pdfmake';

/** A piece of a document, in pdfmake's words. */
export type Content = string | { readonly [name: string]: unknown };
export interface Cell {
  readonly text: string;
  readonly wordBreak?: 'break-all';
  readonly [name: string]: unknown;
}
export interface PdfDocument {
  readonly content: readonly Content[];
  readonly [name: string]: unknown;
}

/** Loaded when the first paper is asked for: it takes a third of a second. */
let maker: Promise<PdfMaker> | undefined;

async function load(): Promise<PdfMaker> {
  const require = createRequire(import.meta.url);
  const fonts = require.resolve('pdfmake/fonts/Roboto.js');
  const { default: pdfmake } = await import('pdfmake');
  pdfmake.addFonts(require(fonts) as Parameters<PdfMaker['addFonts']>[0]);
  // Nothing is fetched and no file is read but the fonts, whatever stands in a document.
  const folder = join(dirname(fonts), 'Roboto');
  pdfmake.setUrlAccessPolicy(() => false);
  pdfmake.setLocalAccessPolicy((path) => path.startsWith(folder));
  return pdfmake;
}

export async function pdfBytes(document: PdfDocument): Promise<Buffer> {
  maker ??= load();
  return (await maker).createPdf(document).getBuffer();
}

const LONGEST_WORD = 18;

/**
 * Text of people for paper: composed, without what no font can show. A word longer than a column is wide may break
 * anywhere, other text only between words.
 */
export function breakable(given: string, more: Readonly<Record<string, unknown>> = {}): Cell {
  const text = given.normalize('NFC').replace(/\p{C}+/gu, ' ');
  const isLong = text.split(/\s/).some((word) => word.length > LONGEST_WORD);
  return { text, ...(isLong ? { wordBreak: 'break-all' } : {}), ...more };
}

export const MM = 72 / 25.4;

/** Thin lines everywhere, little air: the tables of our forms. */
export const GRID = {
  hLineWidth: () => 0.5,
  vLineWidth: () => 0.5,
  paddingLeft: () => 2,
  paddingRight: () => 2,
  paddingTop: () => 1,
  paddingBottom: () => 1,
};
