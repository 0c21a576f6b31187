import { CURRENT_EDITION, dictionary, tableOf } from '../dictionary.ts';
import { ClaimReadError, type ValueForm } from '../errors.ts';
import type { ClaimRow } from '../tables.ts';
import { child, childrenOf, listOf, parseDocument, rootOf, textOf } from './document.ts';
import { MAX_ENVELOPE_BYTES } from './limits.ts';
import { aroundRows, othersIn, rowsOf, type UnknownPart } from './record.ts';
import type { Children } from './tree.ts';

/** What the envelope says, exactly as it stands there. */
export interface ReadEnvelope {
  readonly facilityCode: string;
  readonly madeOn: string;
  readonly announced: number;
  readonly unknown: readonly UnknownPart[];
}

export interface ReadCheckIn {
  readonly rows: readonly ClaimRow[];
  readonly unknown: readonly UnknownPart[];
}

/**
 * The heads of a file whose dossiers have been cut out, or the rows of a check-in file, which has none to cut.
 * @param count of dossiers that were cut out
 * @param goesOn takes a file that announces another number of them
 * @throws ClaimReadError, also when the file announces another number of dossiers than it has
 */
export function readOutside(bytes: Uint8Array, count: number, goesOn = false): ReadEnvelope | ReadCheckIn {
  const document = parseDocument(bytes, {}, MAX_ENVELOPE_BYTES);
  const { checkIn } = dictionary(CURRENT_EDITION).envelope;
  const table = tableOf(checkIn.table);
  if (!Object.hasOwn(document, table.root)) return envelopeOf(document, count, goesOn);
  const rows = rowsOf(document, table);
  return { rows, unknown: aroundRows(document, table, [checkIn.signature]) };
}

/** @throws ClaimReadError, also for a check-in file */
export function readEnvelope(bytes: Uint8Array, count: number): ReadEnvelope {
  return envelopeOf(parseDocument(bytes, {}, MAX_ENVELOPE_BYTES), count);
}

function envelopeOf(document: Children, count: number, goesOn = false): ReadEnvelope {
  const { root, facility, dossiers, signature } = dictionary(CURRENT_EDITION).envelope;
  const file = rootOf(document, root, {});
  const sender = child(file, facility.group);
  const group = child(file, dossiers.group);
  const list = child(group, dossiers.list);
  const announced = textOf(group, dossiers.count).trim();
  expectForm(announced, /^\d{1,6}$/, dossiers.count, 'count');
  if (listOf(list, dossiers.dossier).length !== count)
    throw new ClaimReadError('not-well-formed', {}, { line: 1 });
  if (Number(announced) !== count && !goesOn) {
    const counts = { expected: Number(announced), count };
    throw new ClaimReadError('wrong-record-count', { field: dossiers.count }, counts);
  }
  return {
    facilityCode: textOf(sender, facility.code),
    madeOn: textOf(group, dossiers.madeOn),
    announced: Number(announced),
    unknown: [
      ...othersIn(file, [facility.group, dossiers.group, signature], null),
      ...othersIn(sender, [facility.code], null),
      ...othersIn(group, [dossiers.madeOn, dossiers.count, dossiers.list], null),
      ...othersIn(childrenOf(list, dossiers.list), [dossiers.dossier], null),
    ],
  };
}

export function expectForm(value: string, pattern: RegExp, field: string, form: ValueForm): void {
  if (!pattern.test(value)) throw new ClaimReadError('bad-format', { field }, { form });
}
