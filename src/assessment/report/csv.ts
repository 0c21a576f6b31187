import type { Language } from '../../messages/index.ts';
import { type Cell, FINDING_SHEET, type Listed } from './columns.ts';

/** So that Excel reads it as UTF-8. */
const BOM = '\uFEFF';
const SPECIAL = /[",\r\n]/;
/** A spreadsheet would run a cell that begins so, and what stands in a claim comes from anybody. */
const FORMULA = /^[=+\-@\t\r]/;

/** The findings as CSV (RFC 4180), piece by piece. */
export async function* csvOf(
  found: AsyncIterable<Listed> | Iterable<Listed>,
  language: Language,
): AsyncGenerator<string> {
  yield BOM + lineOf(FINDING_SHEET.head(language));
  for await (const one of found) yield lineOf(FINDING_SHEET.cells(one, language).map(plain));
}

const plain = (cell: Cell): string => ('number' in cell ? cell.number : harmless(cell.text));

/** Text with a quote before it is no formula. */
export const harmless = (text: string): string => (FORMULA.test(text) ? `'${text}` : text);

const lineOf = (cells: readonly string[]): string =>
  `${cells.map((cell) => (SPECIAL.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',')}\r\n`;
