import { CURRENT_EDITION, dictionary, tableOf } from './dictionary.ts';
import { ClaimReadError } from './errors.ts';
import { createCutter } from './reading/cutter.ts';
import { parseDocument } from './reading/document.ts';
import { expectForm, readEnvelope } from './reading/envelope.ts';
import { type ReadLimits, WHOLE_FILE } from './reading/limits.ts';
import { readRecord, rowsOf } from './reading/record.ts';
import type { ClaimFile, ClaimRow, ClaimTables } from './tables.ts';

/**
 * Reads a claim file of any vendor, one dossier or many, that is held in memory. Strict about what is dangerous or
 * ambiguous (document types, ill-formed XML, other encodings, base64, declared against actual number, tables that the
 * standard does not know); unknown elements of a row are kept. Files of any size: `reading/foreign.ts`.
 * @throws ClaimReadError with finding and place
 */
export function readClaimFile(bytes: Uint8Array, limits: ReadLimits = WHOLE_FILE): ClaimFile {
  const { envelope } = dictionary(CURRENT_EDITION);
  const cutter = createCutter(envelope, limits);
  const cut = cutter.push(bytes);
  const end = cutter.end();
  const { facilityCode, madeOn } = readEnvelope(end.envelope, end.count);
  expectForm(facilityCode, new RegExp(envelope.facility.pattern), envelope.facility.code, 'facility-code');
  expectForm(madeOn, /^\d{8}$/, envelope.dossiers.madeOn, 'day');
  return {
    facilityCode,
    madeOn: `${madeOn.slice(0, 4)}-${madeOn.slice(4, 6)}-${madeOn.slice(6, 8)}`,
    records: cut.map((record) => {
      const place = cut.length > 1 ? { record: record.position } : {};
      const { tables, unknown } = readRecord(record, limits, place);
      const strange = unknown.find(({ table, field }) => table !== null && field === null);
      if (strange)
        throw new ClaimReadError('unknown-table', { ...place, table: strange.table!.slice(0, 10) });
      return tables satisfies ClaimTables;
    }),
  };
}

/** Reads a check-in file (XML0). @throws ClaimReadError */
export function readCheckInFile(bytes: Uint8Array, limits: ReadLimits = WHOLE_FILE): readonly ClaimRow[] {
  const table = tableOf(dictionary(CURRENT_EDITION).envelope.checkIn.table);
  return rowsOf(parseDocument(bytes, { table: table.code }, limits.maxBytes), table);
}
