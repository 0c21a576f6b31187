import { type Language, text } from '../messages/index.ts';

/** Where in a claim something was refused: never the value itself, which may be a name or a diagnosis. */
export interface ClaimPlace {
  /** Which dossier of a file of several, 1-based. */
  readonly record?: number;
  readonly table?: string;
  /** 1-based. */
  readonly row?: number;
  readonly field?: string;
}

export const WRITE_FINDINGS = [
  'control-character',
  'lone-surrogate',
  'too-long',
  'too-many-items',
  'bad-format',
  'missing-field',
  'unknown-field',
  'unknown-table',
  'wrong-row-count',
  'wrong-record-count',
  'no-edition',
] as const;
export type WriteFinding = (typeof WRITE_FINDINGS)[number];

export const READ_FINDINGS = [
  'too-large',
  'not-utf8',
  'forbidden-character',
  'document-type',
  'not-well-formed',
  'too-deep',
  'too-many-elements',
  'wrong-root',
  'missing-element',
  'element-not-text',
  'repeated-element',
  'stray-text',
  'bad-format',
  'wrong-record-count',
  'too-many-records',
  'unknown-table',
  'repeated-table',
  'bad-base64',
  'bad-archive',
  'not-one-file',
] as const;
export type ReadFinding = (typeof READ_FINDINGS)[number];

/** Why a dossier that can be read is not taken in, beside what the reader refuses. */
export const IMPORT_FINDINGS = [
  'check-in-file',
  'no-main-table',
  'no-facility-code',
  'facility-mismatch',
  'other-facility',
  'no-claim-key',
] as const;
export type ImportFinding = (typeof IMPORT_FINDINGS)[number];

/** What a value must look like, as people are told. */
export const VALUE_FORMS = ['facility-code', 'day', 'minute', 'count', 'integer', 'decimal'] as const;
export type ValueForm = (typeof VALUE_FORMS)[number];

/**
 * Why a visit could not be made into a claim, beside what the writer and the reader refuse; `findings`: a rule that holds the
 * record found something in it.
 */
export const BUILD_OBSTACLES = ['not-settled', 'reads-back-differently', 'findings'] as const;

type Values = Readonly<Record<string, string | number>>;

/** A row that cannot be written: nothing of the file has been produced. */
export class ClaimWriteError extends Error {
  readonly finding: WriteFinding;
  readonly place: ClaimPlace;
  readonly values: Values;

  constructor(finding: WriteFinding, place: ClaimPlace, values: Values = {}) {
    super(`claim not written: ${finding} at ${placeText(place)}`);
    this.name = 'ClaimWriteError';
    this.finding = finding;
    this.place = place;
    this.values = values;
  }

  /** For people, in their language. */
  explain(language: Language): string {
    return sentence(language, `write.${this.finding}`, { place: placeText(this.place), ...this.values });
  }
}

/** A file that is not a claim file, or not safe to read. */
export class ClaimReadError extends Error {
  readonly finding: ReadFinding;
  readonly place: ClaimPlace;
  readonly values: Values;

  constructor(finding: ReadFinding, place: ClaimPlace = {}, values: Values = {}, options?: ErrorOptions) {
    super(`claim not read: ${finding} at ${placeText(place)}`, options);
    this.name = 'ClaimReadError';
    this.finding = finding;
    this.place = place;
    this.values = values;
  }

  explain(language: Language): string {
    return sentence(language, `read.${this.finding}`, { place: placeText(this.place), ...this.values });
  }
}

/** `XML2/3/TEN_THUOC`: table, row, field, as far as known; before them the dossier, in a file of several. */
export function placeText(place: ClaimPlace): string {
  const record = place.record === undefined ? undefined : `HOSO[${place.record}]`;
  const parts = [record, place.table, place.row, place.field].filter((part) => part !== undefined);
  return parts.length === 0 ? 'file' : parts.join('/');
}

/** Why a visit could not be made into a claim, for the person who cures it. @param details as they were stored */
export function explainObstacle(
  language: Language,
  reason: string,
  details: Readonly<Record<string, unknown>>,
): string {
  const isOneOf = (list: readonly string[]) => list.includes(reason);
  const group = isOneOf(WRITE_FINDINGS) ? 'write' : isOneOf(READ_FINDINGS) ? 'read' : 'obstacle';
  const isKnown = group !== 'obstacle' || isOneOf(BUILD_OBSTACLES);
  return sentence(language, isKnown ? `${group}.${reason}` : 'obstacle.other', {
    reason,
    ...details,
  } as Values);
}

/** Why a file is not read, or a dossier of it not taken in. @param details as they were stored */
export function explainImport(
  language: Language,
  reason: string,
  details: Readonly<Record<string, unknown>>,
): string {
  const isOurs = (IMPORT_FINDINGS as readonly string[]).includes(reason);
  return sentence(language, `${isOurs ? 'import' : 'read'}.${reason}`, details as Values);
}

function sentence(language: Language, key: string, values: Values): string {
  const { form } = values;
  if (form === undefined) return text(language, `claims.${key}`, values);
  return text(language, `claims.${key}`, { ...values, expected: text(language, `claims.form.${form}`) });
}
