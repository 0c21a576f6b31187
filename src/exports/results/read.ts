import { type Money, money } from '../../platform/money.ts';
import { hasForbiddenCharacter } from '../../platform/text.ts';
import type { PortalPayment, PortalStatus, ResultColumn, ResultLayout } from './layout.ts';
import { type Cell, ResultFileError, type TableRow, tableRows } from './table.ts';

/** What the portal says of one record; what its row does not say, or says unreadably, is null. */
export interface PortalRow {
  /** Of the sheet, from 1; null = it came from no sheet. */
  readonly number: number | null;
  readonly transactionId: string | null;
  readonly claimKey: string | null;
  readonly facilityCode: string | null;
  readonly status: PortalStatus | null;
  readonly payment: PortalPayment | null;
  readonly amount: Money | null;
  readonly sentAt: string | null;
  readonly code: string | null;
  readonly text: string | null;
  /** Columns whose value could not be read. */
  readonly unreadable: readonly ResultColumn[];
}

/** The headings stand under a title or two. */
const HEADINGS_WITHIN = 30;
/** An Excel number keeps so many digits; a longer id in one is another id. */
const EXACT_DIGITS = 15;
const LONGEST = { transactionId: 100, claimKey: 100, facilityCode: 5, sentAt: 50, code: 50, text: 2_000 };

type Columns = ReadonlyMap<ResultColumn, number>;

/**
 * The records of the portal's export, in the order of its rows.
 * @throws ResultFileError when it is no table, or no headings stand in it that name a status and a record
 */
export async function* readPortalExport(bytes: Buffer, layout: ResultLayout): AsyncGenerator<PortalRow> {
  let columns: Columns | null = null;
  let looked = 0;
  for await (const row of tableRows(bytes)) {
    if (columns) {
      yield portalRow(row, columns, layout);
      continue;
    }
    columns = headingsIn(row, layout);
    looked += 1;
    if (!columns && looked === HEADINGS_WITHIN) break;
  }
  if (!columns) throw new ResultFileError('no-headings');
}

function headingsIn({ cells }: TableRow, layout: ResultLayout): Columns | null {
  const found = new Map<ResultColumn, number>();
  for (const [at, cell] of cells.entries()) {
    const column = typeof cell === 'string' ? layout.column(cell) : undefined;
    if (column && !found.has(column)) found.set(column, at);
  }
  return found.has('status') && (found.has('transactionId') || found.has('claimKey')) ? found : null;
}

function portalRow({ number, cells }: TableRow, columns: Columns, layout: ResultLayout): PortalRow {
  const unreadable: ResultColumn[] = [];
  const read = <T>(column: ResultColumn, meaning: (cell: Exclude<Cell, null>) => T | undefined): T | null => {
    const at = columns.get(column);
    const cell = at === undefined ? null : (cells[at] ?? null);
    if (cell === null || (typeof cell === 'string' && cell.trim() === '')) return null;
    const value = meaning(cell);
    if (value === undefined) unreadable.push(column);
    return value ?? null;
  };
  const words = (column: keyof typeof LONGEST) => read(column, (cell) => wordsIn(cell, LONGEST[column]));
  return {
    number,
    transactionId: words('transactionId'),
    claimKey: words('claimKey'),
    facilityCode: words('facilityCode'),
    status: read('status', (cell) => layout.status(String(cell))),
    payment: read('payment', (cell) => layout.payment(String(cell))),
    amount: read('amount', amountIn),
    sentAt: words('sentAt'),
    code: words('code'),
    text: words('text'),
    unreadable,
  };
}

function wordsIn(cell: Exclude<Cell, null>, longest: number): string | undefined {
  if (cell instanceof Date) return Number.isNaN(cell.getTime()) ? undefined : cell.toISOString();
  const word = String(cell).normalize('NFC').trim();
  if (typeof cell === 'number' && !new RegExp(`^\\d{1,${EXACT_DIGITS}}$`).test(word)) return undefined;
  if (hasForbiddenCharacter(word)) return undefined;
  return word.length <= longest ? word : undefined;
}

/** `215000`, `215.000`, `215,000`, `215.000,50`, `215,000.50`; a group of three digits is never a fraction. */
function amountIn(cell: Exclude<Cell, null>): Money | undefined {
  const word = String(cell).replace(/[\s\u00a0]|đ$|vnd$/gi, '');
  if (typeof cell === 'number' || /^\d{1,15}$/.test(word))
    return /^\d{1,15}(\.\d{1,2})?$/.test(word) ? money(word) : undefined;
  for (const [group, fraction] of [
    ['.', ','],
    [',', '.'],
  ] as const) {
    const [whole = '', cents, ...more] = word.split(fraction);
    const isWhole = new RegExp(`^(\\d{1,3}(\\${group}\\d{3})*|\\d{1,15})$`).test(whole);
    const isFraction = cents === undefined || /^\d{1,2}$/.test(cents);
    if (more.length === 0 && isWhole && isFraction && whole.length <= 20)
      return money(
        cents === undefined ? whole.replaceAll(group, '') : `${whole.replaceAll(group, '')}.${cents}`,
      );
  }
  return undefined;
}
