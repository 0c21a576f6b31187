import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { EDITION_IDS, type EditionId } from '../../src/claims/editions.ts';
import type { ClaimSnapshot, ClinicalPart } from '../../src/claims/snapshot.ts';

export interface GeneratedVisit {
  readonly edition: EditionId;
  readonly snapshot: ClaimSnapshot;
}

const golden = new URL('../golden/', import.meta.url);
const bases: readonly GeneratedVisit[] = EDITION_IDS.flatMap((edition) =>
  readdirSync(new URL(`${edition}/`, golden)).map((name) => {
    const path = new URL(`${edition}/${name}/input.json`, golden);
    return { edition, snapshot: JSON.parse(readFileSync(path, 'utf8')) as ClaimSnapshot };
  }),
);

/** Text of people, in any of the ways in which it breaks careless code; short, so that it fits every element. */
const anyText = fc
  .array(
    fc.constantFrom(
      '<',
      '>',
      '&',
      '"',
      "'",
      ']]>',
      '<![CDATA[',
      '&amp;',
      '&#13;',
      '\r',
      '\n',
      '\t',
      ' ',
      '\u00a0',
      '\u202e',
      '\u200d',
      '\ufeff',
      '👶',
      '𠮷',
      'e\u0302\u0301',
      'Nguye\u0302\u0303n',
      'đ',
      'ự',
      ';',
      '__proto__',
    ),
    { maxLength: 8 },
  )
  .map((pieces) => pieces.join(''));

/** Keys of a snapshot under which people write what they like. */
const FREE_TEXT = new Set(
  (
    'name address reason admissionReason provisionalDiagnosis finalDiagnosis treatment advice text stage consultation ' +
    'surgery description conclusion instruction cause note course results history clinicalSigns plan condition remark ' +
    'given transport title place issuedBy employer occupationName signerName babyName attendantName writtenByName ' +
    'medicalTreatment surgicalTreatment'
  ).split(' '),
);

/** Replaces free text, one generated piece after the other; what is not known (null) may stay so. */
function rewritten<T>(value: T, next: () => string): T {
  const change = (key: string, part: unknown): unknown => {
    if (typeof part === 'string') return FREE_TEXT.has(key) ? next() : part;
    if (Array.isArray(part)) return part.map((one) => change(key, one));
    if (typeof part !== 'object' || part === null) return part;
    return Object.fromEntries(Object.entries(part).map(([name, inside]) => [name, change(name, inside)]));
  };
  return change('', value) as T;
}

/** Only these parts of what lies beyond the visit record, from any of the visits of that edition. */
function partsOf(edition: EditionId): fc.Arbitrary<ClinicalPart> {
  const given = bases.flatMap((base) =>
    base.edition === edition ? Object.entries(base.snapshot.clinical ?? {}) : [],
  );
  return fc.shuffledSubarray(given).map((parts) => Object.fromEntries(parts) as ClinicalPart);
}

const DISCHARGES = ['1', '2', '3', '4', '5', null];
const CLASSES = ['01', '02', '03', '04', '05', '06', '07', '08', '09'];

/**
 * A visit of any edition: one of the golden visits with other text, kind of care and ending, with fewer lines, notes
 * and diagnoses, settled or still a draft, and with any mix of papers and programmes of that edition.
 */
export const anyVisit: fc.Arbitrary<GeneratedVisit> = fc
  .constantFrom(...bases)
  .chain(({ edition, snapshot }) => {
    const { visit, settlement } = snapshot;
    return fc
      .record({
        texts: fc.array(anyText, { minLength: 1, maxLength: 12 }),
        lines: fc.shuffledSubarray([...visit.lines]),
        notes: fc.shuffledSubarray([...visit.notes]),
        conditions: fc.shuffledSubarray([...visit.conditions]),
        dischargeCode: fc.constantFrom(...DISCHARGES),
        classCode: fc.constantFrom(...CLASSES),
        clinical: partsOf(edition),
        isDraft: fc.boolean(),
      })
      .map(({ texts, lines, notes, conditions, dischargeCode, classCode, clinical, isDraft }) => {
        let at = 0;
        const next = (): string => texts[at++ % texts.length]!;
        const kept = new Set(lines.map((line) => line.id));
        const changed: ClaimSnapshot = {
          visit: {
            ...visit,
            lines,
            notes,
            conditions,
            observations: visit.observations.filter((one) => kept.has(one.lineId)),
            encounter: { ...visit.encounter, dischargeCode, classCode },
          },
          settlement: isDraft || settlement === null ? null : settlement,
          clinical,
        };
        return { edition, snapshot: rewritten(changed, next) };
      });
  });
