import type { TableCode } from './dictionary.ts';

/** One row of an official table: every element of the table with its exact text, `''` when there is no value. */
export type ClaimRow = Readonly<Record<string, string>>;

/** The tables of one dossier. A table without rows is absent (or an empty list, which is written the same). */
export type ClaimTables = { readonly [code in TableCode]?: readonly ClaimRow[] };

export interface ClaimFileHead {
  /** Five characters. */
  readonly facilityCode: string;
  /** Day on which the file was made. */
  readonly madeOn: string;
}

/** What a claim file says, element by element. */
export interface ClaimFile extends ClaimFileHead {
  readonly records: readonly ClaimTables[];
}
