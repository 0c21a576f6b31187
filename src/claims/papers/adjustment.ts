import type { LocalDate } from '../../platform/dates.ts';
import { compareVersions, type VersionDifference } from '../compare-versions.ts';
import { ClaimWriteError } from '../errors.ts';
import type { ClaimFileHead, ClaimRow, ClaimTables } from '../tables.ts';
import { elementText } from '../text.ts';
import { date8 } from '../values.ts';

/**
 * Form 09/BH: what is to be changed in a record that was assessed already. One record per file.
 *
 * Known of it: the names of its parts, that it speaks of rows of XML2 and XML3, and that a state of 1 or 2 and a reason
 * stand with each (gateway description of TT 12/2026/TT-BTC). Inferred, until a real form is seen: the root's name, and
 * that a changed row is written twice, as it was (2) and as it is to be (1), as in the catalogue forms.
 */
const ROOT = 'HSDC09BH';
const TABLES = { XML2: '2', XML3: '3' } as const;
const AS_IT_IS_TO_BE = '1';
const FALLS_AWAY = '2';
/** What of XML1 says whose record it is. */
const WHOSE = ['MA_LK', 'MA_BN', 'HO_TEN', 'NGAY_SINH', 'GIOI_TINH', 'MA_THE_BHYT', 'NGAY_VAO', 'NGAY_RA'];

export interface AdjustmentHead extends ClaimFileHead {
  readonly madeOn: LocalDate;
  readonly reason: string;
}

export interface Adjustment {
  /** `yyyyMM` of the settlement in which the record stands. */
  readonly period: string;
  readonly rows: number;
  /**
   * The form, unsigned, with the empty place that profile B fills; the same id always gives the same bytes.
   * @param id names the signed element; of letters, digits, `.`, `-` and `_`, never used twice
   * @throws RangeError for an id that XML does not allow
   */
  readonly build: (id: string) => Buffer;
}

/**
 * The form for what differs between the version that was assessed and the one that is right.
 * @returns null when nothing differs that the form can say: it knows rows of XML2 and XML3 alone
 * @throws ClaimWriteError for text that XML cannot hold
 */
export function buildAdjustment(
  assessed: ClaimTables,
  right: ClaimTables,
  head: AdjustmentHead,
): Adjustment | null {
  const rows = rowsOf(assessed, right, compareVersions(assessed, right).differences);
  const main = right.XML1?.[0];
  if (rows.length === 0 || !main) return null;
  const period = periodOf(assessed.XML1?.[0] ?? main);
  const form = element(
    'TT_MAU',
    text('MAU_SO', '09/BH') +
      text('MA_CSKCB', head.facilityCode) +
      text('KYQT', period) +
      text('NGAYLAP', date8(head.madeOn)),
  );
  const whose = element('TT_XML1', WHOSE.map((name) => text(name, main[name] ?? '')).join(''));
  const changes = rows.map(({ table, state, row }, index) =>
    element(
      'DIEUCHINH',
      text('STT', String(index + 1)) +
        text('SOBANG_XML', TABLES[table]) +
        text('TRANGTHAI', state) +
        text('LYDO', head.reason) +
        element(
          'DULIEU',
          Object.entries(row)
            .map(([name, value]) => text(name, value))
            .join(''),
        ),
    ),
  );
  const inside = form + whose + element('TT_DIEUCHINH', changes.join(''));
  return { period, rows: rows.length, build: (id) => fileOf(inside, id) };
}

/** The root holds the record and the place of the signature, nothing else. */
function fileOf(inside: string, id: string): Buffer {
  if (!/^[A-Za-z0-9._-]{1,100}$/.test(id)) throw new RangeError('not an id for XML');
  const signed = `<TT_HOSO Id="Id-${id}">${inside}</TT_HOSO>`;
  return Buffer.from(
    `<?xml version="1.0" encoding="UTF-8"?><${ROOT}>${signed}<CHUKYDONVI></CHUKYDONVI></${ROOT}>`,
    'utf8',
  );
}

/** The month in which the insurer counts it, as the month's summary does. */
const periodOf = (row: ClaimRow): string => `${row.NAM_QT ?? ''}${(row.THANG_QT ?? '').padStart(2, '0')}`;

interface AdjustedRow {
  readonly table: keyof typeof TABLES;
  readonly state: typeof AS_IT_IS_TO_BE | typeof FALLS_AWAY;
  readonly row: ClaimRow;
}

function rowsOf(
  assessed: ClaimTables,
  right: ClaimTables,
  differences: readonly VersionDifference[],
): AdjustedRow[] {
  const seen = new Set<string>();
  return differences.flatMap(({ table, oldRow, newRow }) => {
    const place = `${table} ${oldRow} ${newRow}`;
    if (!(table === 'XML2' || table === 'XML3') || seen.has(place)) return [];
    seen.add(place);
    const [old, now] = [at(assessed[table], oldRow), at(right[table], newRow)];
    return [
      ...(old ? [{ table, state: FALLS_AWAY, row: old } as const] : []),
      ...(now ? [{ table, state: AS_IT_IS_TO_BE, row: now } as const] : []),
    ];
  });
}

const at = (rows: readonly ClaimRow[] = [], row: number | null): ClaimRow | undefined =>
  row === null ? undefined : rows[row - 1];
const element = (name: string, content: string): string => `<${name}>${content}</${name}>`;
const text = (name: string, value: string): string =>
  element(
    name,
    elementText(value, Number.POSITIVE_INFINITY, (finding, values) => {
      throw new ClaimWriteError(finding, { field: name }, values);
    }),
  );
