import { readFileSync } from 'node:fs';
import type { LocalDate } from '../platform/dates.ts';

/** Editions of the official table standard, oldest first. Each holds until the next one starts. */
export const EDITION_IDS = ['130', '4750', '3176', '1931'] as const;
export type EditionId = (typeof EDITION_IDS)[number];

/** An edition as `schemas/claim/<edition>/edition.json` describes it. */
export interface Edition {
  readonly edition: EditionId;
  readonly names: { readonly vi: string; readonly en: string };
  readonly decidedOn: LocalDate;
  /** The first day on which a visit may end under it. */
  readonly from: LocalDate;
  readonly source: string;
  /** How well the dates and differences were checked; letters as in the benefit policy. */
  readonly grade: 'A' | 'B' | 'C' | 'D';
  /** May a claim of ours be made in it? Every edition can be read, checked and rewritten. */
  readonly written: boolean;
  /** The edition from which it takes everything that is not said to differ; absent for the one that is whole. */
  readonly basedOn?: EditionId;
}

/** The edition of `schemas/claim/` that is written out in full; the others are differences from it. */
export const WHOLE_EDITION: EditionId = '3176';

export type ReadJson = (path: string) => unknown;

/** Reads `schemas/claim/<path>.json`. */
export const readSchema: ReadJson = (path) =>
  JSON.parse(readFileSync(new URL(`../../schemas/claim/${path}.json`, import.meta.url), 'utf8'));

/** Oldest first. */
export const EDITIONS: readonly Edition[] = EDITION_IDS.map((id) => {
  const { edition, names, decidedOn, from, source, grade, written, basedOn } = readSchema(
    `${id}/edition`,
  ) as Edition;
  return Object.freeze({
    edition,
    names,
    decidedOn,
    from,
    source,
    grade,
    written,
    ...(basedOn && { basedOn }),
  });
});

export const CURRENT_EDITION: EditionId = EDITIONS.at(-1)!.edition;

/**
 * The edition of a visit that ended on a day (`selectingDate('codeLists', …)` names that day).
 * @returns undefined for a day before the first edition
 */
export function editionOn(day: LocalDate): EditionId | undefined {
  return EDITIONS.findLast((edition) => edition.from <= day)?.edition;
}

/** The same for a claim that we are to make: visits of editions that have ended are read, but no longer written anew. */
export function writtenEditionOn(day: LocalDate): EditionId | undefined {
  const found = EDITIONS.findLast((edition) => edition.from <= day);
  return found?.written ? found.edition : undefined;
}

/** Did something that came with edition `since` exist in `edition`? */
export function isIn(edition: EditionId, since: string): boolean {
  const came = EDITION_IDS.indexOf(since as EditionId);
  return came >= 0 && came <= EDITION_IDS.indexOf(edition);
}
