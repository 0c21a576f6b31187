import type { Edition, EditionId } from './editions.ts';

/** The shape of the official tables as data: what `schemas/claim/` holds, edition by edition. */

export type TableCode = `XML${number}`;
/** XML0 to XML15. */
export const TABLE_CODES: readonly TableCode[] = Array.from({ length: 16 }, (_, n): TableCode => `XML${n}`);

/** `digits`: text of digits only, whose leading zeros count; early annexes call it a number. */
export const FIELD_TYPES = [
  'string',
  'code',
  'list',
  'digits',
  'integer',
  'decimal',
  'date8',
  'datetime12',
] as const;
export type FieldType = (typeof FIELD_TYPES)[number];

export interface Field {
  readonly position: number;
  readonly name: string;
  readonly type: FieldType;
  /** Counted in code points; null = no limit stated. */
  readonly maxLength: number | null;
  /** Numbers only. */
  readonly decimals?: number;
  readonly required: 'always' | 'optional' | 'conditional';
  readonly requiredWhen?: string;
  /** What a value looks like, as one source or practice has it: judged by rules, never a reason not to write. */
  readonly pattern?: string;
  /** Lists: the separator, and the length of one item where it is fixed. */
  readonly separator?: string;
  readonly itemLength?: number;
  readonly maxItems?: number;
  /** Name of a closed list in `enums.json`. */
  readonly enum?: string;
  readonly codeSystem?: string;
  readonly meaning: string;
  readonly note?: string;
  /** The edition that brought it, under this name. */
  readonly since: EditionId;
  /** What the insurer's workbook of 4750 says about presence. */
  readonly gateway4750?: string;
  /** How many of seven independent origins list it. */
  readonly origins?: number;
  /** The largest length that some reader or writer in use has; for tolerant reading only. */
  readonly widestSeen?: number;
}

export interface Table {
  readonly edition: EditionId;
  readonly code: TableCode;
  readonly names: { readonly vi: string; readonly en: string };
  readonly root: string;
  /** The element between root and rows; null when the fields stand directly under the root. */
  readonly list: string | null;
  readonly row: string;
  readonly rows: 'one' | 'many';
  readonly sentWhen: string;
  readonly since: EditionId;
  readonly note?: string;
  readonly fields: readonly Field[];
}

export interface Envelope {
  readonly declaration: string;
  readonly root: string;
  readonly facility: { readonly group: string; readonly code: string; readonly pattern: string };
  readonly dossiers: Readonly<
    Record<'group' | 'madeOn' | 'count' | 'list' | 'dossier' | 'file' | 'table' | 'content', string>
  >;
  readonly signature: string;
  /** Tables that travel in this envelope, in the order in which they are written. */
  readonly fileOrder: readonly TableCode[];
  readonly checkIn: { readonly table: TableCode; readonly signature: string };
}

export interface CodeList {
  readonly values: Readonly<Record<string, string>>;
  readonly status: string;
  readonly note?: string;
}

export interface Dictionary {
  readonly edition: EditionId;
  readonly about: Edition;
  readonly tables: ReadonlyMap<TableCode, Table>;
  readonly envelope: Envelope;
  readonly enums: Readonly<Record<string, CodeList>>;
}
