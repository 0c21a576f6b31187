/** What one file may ask of us. Bytes are bytes of XML, after unpacking. */
export interface ReadLimits {
  /** Bytes of the whole file. */
  readonly maxBytes: number;
  /** Bytes of one dossier, and of each document inside it. */
  readonly maxRecordBytes: number;
  readonly maxRecords: number;
}

const MIB = 1024 * 1024;

/** For a file that is held in memory. */
export const WHOLE_FILE: ReadLimits = { maxBytes: 64 * MIB, maxRecordBytes: 64 * MIB, maxRecords: 5_000 };

/** For a file that is read dossier by dossier, so that only one of them is in memory. */
export const STREAMED: ReadLimits = { maxBytes: 1024 * MIB, maxRecordBytes: 32 * MIB, maxRecords: 50_000 };

/** Everything outside the dossiers: the heads, the signature, white space between elements. */
export const MAX_ENVELOPE_BYTES = 8 * MIB;

/** The deepest official document has five levels; a signature needs a few more. */
export const MAX_DEPTH = 24;

/** Tags of one document, opening and closing: what a parser's tree costs goes by their number, not by bytes. */
export const MAX_TAGS = 400_000;
