import { XMLBuilder } from 'fast-xml-parser';
import { dictionary, type TableCode, tableOf } from '../../src/claims/dictionary.ts';
import { CURRENT_EDITION, type EditionId } from '../../src/claims/editions.ts';
import type { ClaimFileHead, ClaimRow, ClaimTables } from '../../src/claims/tables.ts';

/**
 * The same documents made by fast-xml-parser's builder from plain objects: slow, general, and not ours. The compiled
 * writer must give the same bytes.
 */
// Not written in place: the library reads `entities` but its type does not name it.
const options = {
  ignoreAttributes: false,
  suppressEmptyNode: false,
  format: false,
  processEntities: true,
  entities: [
    { regex: /&/g, val: '&amp;' },
    { regex: /</g, val: '&lt;' },
    { regex: />/g, val: '&gt;' },
    { regex: /\r/g, val: '&#13;' },
  ],
};
const builder = new XMLBuilder(options);
const declaration = { '?xml': { '@_version': '1.0', '@_encoding': 'utf-8' } };

const composed = (row: ClaimRow, code: TableCode, edition: EditionId) =>
  Object.fromEntries(tableOf(code, edition).fields.map(({ name }) => [name, row[name]!.normalize('NFC')]));

export function referenceTable(code: TableCode, rows: readonly ClaimRow[], edition: EditionId): string {
  const { root, list, row } = tableOf(code, edition);
  const body = rows.map((r) => composed(r, code, edition));
  return builder.build({ ...declaration, [root]: list === null ? body[0] : { [list]: { [row]: body } } });
}

export function referenceClaimFile(
  records: readonly ClaimTables[],
  head: ClaimFileHead,
  edition: EditionId = CURRENT_EDITION,
): Buffer {
  const HOSO = records.map((record) => ({
    FILEHOSO: dictionary(edition)
      .envelope.fileOrder.filter((code) => (record[code]?.length ?? 0) > 0)
      .map((code) => ({
        LOAIHOSO: code,
        NOIDUNGFILE: Buffer.from(referenceTable(code, record[code]!, edition), 'utf8').toString('base64'),
      })),
  }));
  const xml = builder.build({
    ...declaration,
    GIAMDINHHS: {
      THONGTINDONVI: { MACSKCB: head.facilityCode },
      THONGTINHOSO: {
        NGAYLAP: head.madeOn.replaceAll('-', ''),
        SOLUONGHOSO: String(records.length),
        DANHSACHHOSO: { HOSO },
      },
      CHUKYDONVI: '',
    },
  });
  return Buffer.from(xml, 'utf8');
}

export function referenceCheckInFile(
  rows: readonly ClaimRow[],
  edition: EditionId = CURRENT_EDITION,
): Buffer {
  const xml = builder.build({
    ...declaration,
    CHI_TIEU_TRANG_THAI_KCB: {
      DSACH_TRANG_THAI_KCB: { TRANG_THAI_KCB: rows.map((row) => composed(row, 'XML0', edition)) },
      CHUKYDONVI: '',
    },
  });
  return Buffer.from(xml, 'utf8');
}
