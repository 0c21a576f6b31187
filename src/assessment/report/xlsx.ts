import { type Language, text } from '../../messages/index.ts';
import { type Cell, FINDING_SHEET, type Listed } from './columns.ts';

/** Widths in letters, by column; the others are as Excel has them. */
const WIDTHS: Readonly<Record<number, number>> = { 0: 24, 1: 30, 2: 26, 8: 80, 9: 20, 10: 16, 12: 20 };

/**
 * The findings as an Excel workbook, piece by piece: memory does not grow with their number; what is more than a sheet
 * holds goes on another. Text is text, whatever it begins with.
 */
export async function* xlsxOf(
  found: AsyncIterable<Listed> | Iterable<Listed>,
  language: Language,
): AsyncGenerator<Uint8Array> {
  const { writeXlsxStream } = await import('hucre/xlsx');
  const columns = FINDING_SHEET.head(language).map((header, at) => ({
    header,
    ...(WIDTHS[at] === undefined ? {} : { width: WIDTHS[at] }),
  }));
  const rows = rowsOf(found, language);
  yield* writeXlsxStream(rows, {
    name: text(language, 'check.sheet'),
    columns,
    freezePane: { rows: 1 },
  });
}

async function* rowsOf(found: AsyncIterable<Listed> | Iterable<Listed>, language: Language) {
  for await (const one of found) yield FINDING_SHEET.cells(one, language).map(cellValue);
}

/** A sheet holds numbers as Excel does, so nothing exact is lost that it could show. */
const cellValue = (cell: Cell): string | number | null =>
  'number' in cell ? Number(cell.number) : cell.text === '' ? null : cell.text;
