import { CURRENT_EDITION, dictionary } from '../dictionary.ts';
import { ClaimReadError, type ValueForm } from '../errors.ts';
import { child, listOf, parseDocument, rootOf, textOf } from './document.ts';
import { MAX_ENVELOPE_BYTES } from './limits.ts';

/** What the envelope says, exactly as it stands there. */
export interface ReadEnvelope {
  readonly facilityCode: string;
  readonly madeOn: string;
}

/**
 * The heads of a file whose dossiers have been cut out.
 * @param count of dossiers that were cut out
 * @throws ClaimReadError, also when the file announces another number of dossiers than it has
 */
export function readEnvelope(envelope: Uint8Array, count: number): ReadEnvelope {
  const { root, facility, dossiers } = dictionary(CURRENT_EDITION).envelope;
  const file = rootOf(parseDocument(envelope, {}, MAX_ENVELOPE_BYTES), root, {});
  const facilityCode = textOf(child(file, facility.group), facility.code);
  const group = child(file, dossiers.group);
  const madeOn = textOf(group, dossiers.madeOn);
  const announced = textOf(group, dossiers.count);
  expectForm(announced.trim(), /^\d{1,6}$/, dossiers.count, 'count');
  if (listOf(child(group, dossiers.list), dossiers.dossier).length !== count)
    throw new ClaimReadError('not-well-formed', {}, { line: 1 });
  if (Number(announced) !== count) {
    const counts = { expected: Number(announced), count };
    throw new ClaimReadError('wrong-record-count', { field: dossiers.count }, counts);
  }
  return { facilityCode, madeOn };
}

export function expectForm(value: string, pattern: RegExp, field: string, form: ValueForm): void {
  if (!pattern.test(value)) throw new ClaimReadError('bad-format', { field }, { form });
}
