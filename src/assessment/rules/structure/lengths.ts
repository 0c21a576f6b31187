import { dictionary, type EditionId, editionOn, type TableCode } from '../../../claims/dictionary.ts';
import {
  type AnyRule,
  arrivalDay,
  type Claim,
  type Found,
  inRow,
  isoDay,
  moment,
  type PlacedRow,
  rule,
  value,
} from '../../rule.ts';

/** The edition by whose lengths nothing that a reader in use takes is too long. */
const WIDE: EditionId = '3176';
const fieldsOf = (code: string, edition: EditionId = WIDE) =>
  dictionary(edition).tables.get(code as TableCode)?.fields ?? [];

type Limits = readonly (readonly [name: string, max: number, key: string])[];
const limited = new Map<string, Limits>();

/** The most that some reader in use takes, field by field, also by a later text when the patient arrived after it. */
function limitsOf(code: string, arrival: string): Limits {
  const edition = arrival !== '' && editionOn(isoDay(arrival)) === '1931' ? '1931' : WIDE;
  const known = limited.get(edition + code);
  if (known) return known;
  const later = new Map(fieldsOf(code, edition).map(({ name, maxLength }) => [name, maxLength]));
  const limits = fieldsOf(code).flatMap(({ name, maxLength, widestSeen = 0 }) =>
    maxLength === null
      ? []
      : [[name, Math.max(maxLength, widestSeen, later.get(name) ?? 0), `${code}.${name}`] as const],
  );
  limited.set(edition + code, limits);
  return limits;
}

/** Code points once composed; only counted where the plain length does not settle it. */
const isLonger = (text: string, most: number) => text.length > most && lengthOf(text) > most;
const lengthOf = (text: string) => Array.from(text.normalize('NFC')).length;

const arrivalOf = (claim: Claim, { values }: PlacedRow): string =>
  (moment(values, 'NGAY_VAO') ?? arrivalDay(claim) ?? '').slice(0, 8);

/** How long a value may be. */
export const lengths: readonly AnyRule[] = [
  rule({
    id: 'STR_MAX_LENGTH',
    severity: 'error',
    stage: 'order',
    ofCheckIns: true,
    /** `TABLE.FIELD` → the most characters, in place of the dictionary's. */
    params: { override: { 'XML3.TT_THAU': 255 } as Readonly<Record<string, number>> },
    check: (claim, { override }) =>
      claim.tables.flatMap((code) => {
        const found: Found[] = [];
        for (const row of claim.rows(code))
          for (const [name, most, key] of limitsOf(code, arrivalOf(claim, row))) {
            const max = override[key] ?? most;
            // Blanks at the ends do not count; most values are short enough with them.
            if ((row.values[name]?.length ?? 0) <= max) continue;
            const text = value(row.values, name);
            if (isLonger(text, max))
              found.push(inRow(row, name, { length: String(lengthOf(text)), max: String(max) }));
          }
        return found;
      }),
  }),
];
