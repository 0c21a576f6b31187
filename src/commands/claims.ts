import { readFileSync } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import {
  ClaimReadError,
  type ClaimSource,
  CURRENT_EDITION,
  type EditionId,
  foreignRecords,
  onlySource,
  paperProblems,
  problemText,
  type ReadRecord,
  recogniseEdition,
  rewritten,
  type ScannedFile,
  type SchemaCheck,
  type StructureProblem,
  scanFile,
  schemaCheck,
  sourcesInBytes,
  sourcesInFile,
  strange,
  structureProblems,
  tableEntries,
  type UnknownPart,
  unknownFields,
} from '../claims/foreign.ts';
import { currentLanguage } from '../config.ts';
import { type MessageValues, text } from '../messages/index.ts';
import { CommandFailure } from './failure.ts';
import { print, writeWhole } from './output.ts';

const language = currentLanguage();
const say = (key: string, values?: MessageValues) => text(language, `files.${key}`, values);
const tell = (line: string) => process.stderr.write(`${line}\n`);

// ---- show -------------------------------------------------------------------------------------------------------

/**
 * Prints what a file of any vendor says, dossier by dossier: of a large file only one is in memory.
 * @throws CommandFailure (2) when it cannot be opened, (1) when it or one of its dossiers cannot be read
 */
export async function claimsShow(file: string, options: { json: boolean }): Promise<void> {
  const { source, scanned } = await opened(file);
  const show = options.json ? jsonOf : textOf;
  let unreadable = 0;
  await readThrough(print(show(source, scanned, () => (unreadable += 1))));
  if (unreadable > 0) throw new CommandFailure(say('unreadable', { count: unreadable }));
}

async function* jsonOf(source: ClaimSource, scanned: ScannedFile, onUnreadable: () => void) {
  const { facilityCode, madeOn } = scanned;
  const unknown: object[] = scanned.unknown.map((part) => ({ record: null, ...part }));
  yield `{"macskcb":${JSON.stringify(facilityCode)},"ngayLap":${JSON.stringify(madeOn)},"records":[`;
  for await (const { position, record, error } of foreignRecords(source, scanned)) {
    const comma = position > 1 ? ',' : '';
    if (error) {
      onUnreadable();
      const why = error.explain(language);
      tell(why);
      yield `${comma}${JSON.stringify({ problem: why })}`;
      continue;
    }
    for (const part of unknownIn(record)) unknown.push({ record: position, ...part });
    yield `${comma}${JSON.stringify(record.tables)}`;
  }
  yield `],"unknown":${JSON.stringify(unknown)}}\n`;
}

async function* textOf(source: ClaimSource, scanned: ScannedFile, onUnreadable: () => void) {
  const { facilityCode, madeOn, count } = scanned;
  yield `${say('head', { facility: facilityCode ?? '–', madeOn: madeOn ?? '–', count })}\n`;
  for await (const { position, record, error } of foreignRecords(source, scanned)) {
    yield `\n${say('record', { position })}\n`;
    if (error) {
      onUnreadable();
      yield `  ${error.explain(language)}\n`;
      continue;
    }
    for (const [code, rows] of tableEntries(record.tables))
      for (const [index, row] of rows.entries()) {
        const filled = Object.entries(row).filter(([, value]) => value !== '');
        const width = Math.max(0, ...filled.map(([name]) => name.length));
        const lines = filled.map(([name, value]) => `    ${name.padEnd(width)}  ${value}\n`);
        yield `  ${say('row', { table: code, row: index + 1 })}\n${lines.join('')}`;
      }
    for (const part of unknownIn(record)) yield `  ${say('unknown', { place: placeOf(part) })}\n`;
  }
}

function unknownIn(record: ReadRecord): readonly UnknownPart[] {
  return [...record.unknown, ...unknownFields(record.tables, recogniseEdition(record.tables))];
}

/** @throws CommandFailure (1) for what cannot be read */
async function readThrough(work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (error instanceof ClaimReadError) throw new CommandFailure(error.explain(language));
    throw error;
  }
}

// ---- verify -----------------------------------------------------------------------------------------------------

/** A problem and, in a file of several dossiers, which one has it. */
interface Found extends StructureProblem {
  readonly record?: number;
}

interface Shown {
  readonly record?: number;
  readonly table: string | null;
  readonly row: number | null;
  readonly field: string | null;
  readonly problem: string;
}

interface Verdict {
  readonly edition: string | null;
  readonly structure: { readonly ok: boolean; readonly problems: readonly Shown[] };
  readonly signature: Signature;
}

interface Signature {
  readonly state: 'valid' | 'invalid' | 'absent' | 'untrusted';
  readonly profile: string | null;
  readonly serial: string | null;
  readonly subject: string | null;
  readonly signedAt: string | null;
  readonly reason: string | null;
}

/** Signature and schema of a file are checked over the whole text at once; larger files are not signed by anybody. */
const LARGEST_WHOLE = 64 * 1024 * 1024;
const TOO_LARGE = 'too-large';
const NO_SIGNATURE: Signature = {
  state: 'absent',
  profile: null,
  serial: null,
  subject: null,
  signedAt: null,
  reason: null,
};

/**
 * Structure against dictionary and schemas of the edition that the file is written in, and the signature where there is
 * one.
 * @throws CommandFailure (2) when a file cannot be opened; (1) when something is wrong, or with `certificate` the file is not
 *   signed by it
 */
export async function claimsVerify(
  file: string,
  options: { certificate?: string; json: boolean },
): Promise<void> {
  const certificate = options.certificate === undefined ? undefined : readText(options.certificate);
  const verdict = await verdictOf(file, certificate);
  process.stdout.write(options.json ? `${JSON.stringify(verdict)}\n` : verdictText(verdict));
  const { structure, signature } = verdict;
  if (!structure.ok) throw new CommandFailure(say('notAsPrescribed', { count: structure.problems.length }));
  const { state, reason } = signature;
  // Who names a certificate wants it to be this facility's signature, and nothing less.
  const isBad = state === 'invalid' || (state !== 'valid' && certificate !== undefined);
  if (isBad) throw new CommandFailure(say('badSignature', { reason: reason ?? state }));
}

async function verdictOf(file: string, certificate: string | undefined): Promise<Verdict> {
  const schemas = schemaCheck();
  try {
    const { source, scanned } = await scannedFile(file);
    const editions = new Set<EditionId>();
    const problems: Shown[] = scanned.unknown.map((part) => shown(strange(part)));
    const documents = new Map<string, Uint8Array>();
    const onDocument = (table: string, bytes: Uint8Array) => documents.set(table, bytes);
    for await (const { position, record, error } of foreignRecords(
      source,
      scanned,
      undefined,
      false,
      onDocument,
    )) {
      const at = scanned.count > 1 ? { record: position } : {};
      if (error) problems.push({ ...at, ...unreadable(error) });
      else {
        const edition = recogniseEdition(record.tables);
        editions.add(edition);
        const found = structureProblems(record, edition);
        // What the dictionary says of a table is clearer than what the schema says of it.
        const told = new Set(found.map(({ table }) => table));
        const bySchema = [...documents].flatMap(([table, bytes]) =>
          told.has(table) ? [] : (schemas.table(edition, table, bytes) ?? []),
        );
        for (const problem of [...found, ...bySchema]) problems.push(shown({ ...at, ...problem }));
      }
      documents.clear();
    }
    const bytes = scanned.size > LARGEST_WHOLE ? null : await wholeOf(source);
    const [edition = CURRENT_EDITION] = editions;
    const ofFile = bytes && problems.length === 0 && schemas.file(edition, bytes, scanned.checkIn !== null);
    if (ofFile) problems.push(shown(ofFile));
    return {
      edition: [...editions].join(', ') || null,
      structure: { ok: problems.length === 0, problems },
      signature: await signatureOf(bytes, certificate),
    };
  } catch (error) {
    if (!(error instanceof ClaimReadError)) throw error;
    const papers = error.finding === 'wrong-root' ? await papersVerdict(file, schemas, certificate) : null;
    return papers ?? { edition: null, structure: badStructure(unreadable(error)), signature: NO_SIGNATURE };
  } finally {
    schemas.dispose();
  }
}

const badStructure = (problem: Shown) => ({ ok: false, problems: [problem] });

/** @returns null for a file that is no package of papers either */
async function papersVerdict(
  file: string,
  schemas: SchemaCheck,
  certificate: string | undefined,
): Promise<Verdict | null> {
  const bytes = await wholeOf(onlySource(await sourcesOf(file)));
  try {
    const problems = paperProblems(bytes, LARGEST_WHOLE, schemas)?.map(shown);
    if (!problems) return null;
    const signature = await signatureOf(bytes, certificate);
    return { edition: null, structure: { ok: problems.length === 0, problems }, signature };
  } catch (error) {
    if (!(error instanceof ClaimReadError)) throw error;
    return { edition: null, structure: badStructure(unreadable(error)), signature: NO_SIGNATURE };
  }
}

async function wholeOf(source: ClaimSource): Promise<Uint8Array> {
  const bytes: Uint8Array[] = [];
  for await (const chunk of source.open()) bytes.push(chunk);
  return Buffer.concat(bytes);
}

function shown({ record, table, row, field, ...problem }: Found): Shown {
  const at = record === undefined ? {} : { record };
  return { ...at, table, row, field, problem: problemText(language, { table, row, field, ...problem }) };
}

function unreadable(error: ClaimReadError): Shown {
  const { table = null, row = null, field = null } = error.place;
  return { table, row, field, problem: error.explain(language) };
}

async function signatureOf(bytes: Uint8Array | null, certificate: string | undefined): Promise<Signature> {
  if (bytes === null) return { ...NO_SIGNATURE, state: 'untrusted', reason: TOO_LARGE };
  const { CertificateError, verifyClaimSignature } = await import('../signatures/index.ts');
  try {
    return verifyClaimSignature(Buffer.from(bytes), certificate === undefined ? {} : { certificate });
  } catch (error) {
    if (error instanceof CertificateError) throw new CommandFailure(say('badCertificate'), 2);
    throw error;
  }
}

function verdictText({ edition, structure, signature }: Verdict): string {
  const { state, subject, reason } = signature;
  return [
    say('edition', { edition: edition ?? '–' }),
    say(structure.ok ? 'structureOk' : 'structureBad', { count: structure.problems.length }),
    ...structure.problems.map(
      ({ record, problem, ...place }) =>
        `  ${record === undefined ? '' : `${say('record', { position: record })} `}${placeOf(place)}: ${problem}`,
    ),
    say(`signature.${reason === TOO_LARGE ? reason : state}`, {
      subject: subject ?? '–',
      reason: reason ?? '',
    }),
    '',
  ].join('\n');
}

function placeOf({ table, row, field }: Pick<UnknownPart, 'table' | 'row' | 'field'>): string {
  return [table, row, field].filter((part) => part !== null).join('/') || say('envelope');
}

// ---- rewrite ----------------------------------------------------------------------------------------------------

/**
 * Parses a file and builds it again. The result stands there whole or not at all.
 * @throws CommandFailure (2) when a file cannot be opened or written; (1) when it cannot be read, or something of it has
 * no place in what is written
 */
export async function claimsRewrite(file: string, options: { to: string }): Promise<void> {
  const { source, scanned } = await opened(file);
  const lost: UnknownPart[] = [];
  const parts = rewritten(source, scanned, (part) => lost.push(part));
  if (options.to === '-') await readThrough(print(parts));
  else {
    try {
      await readThrough(writeWhole(options.to, parts));
    } catch (error) {
      throw error instanceof CommandFailure ? error : notOpened(options.to, error);
    }
    tell(say('written', { path: options.to, count: scanned.count }));
  }
  for (const part of lost) tell(say('lost', { place: placeOf(part) }));
  if (lost.length > 0) throw new CommandFailure(say('lostSome', { count: lost.length }));
}

// ---- files ------------------------------------------------------------------------------------------------------

interface Opened {
  readonly source: ClaimSource;
  readonly scanned: ScannedFile;
}

async function opened(file: string): Promise<Opened> {
  try {
    return await scannedFile(file);
  } catch (error) {
    if (error instanceof ClaimReadError) throw new CommandFailure(error.explain(language));
    throw error;
  }
}

/** @throws ClaimReadError; CommandFailure (2) when there is no such file */
async function scannedFile(file: string): Promise<Opened> {
  const source = onlySource(await sourcesOf(file));
  return { source, scanned: await scanFile(source) };
}

async function sourcesOf(file: string): Promise<readonly ClaimSource[]> {
  try {
    return file === '-' ? await sourcesInBytes(await buffer(process.stdin), '-') : await sourcesInFile(file);
  } catch (error) {
    if (error instanceof ClaimReadError) throw error;
    throw notOpened(file, error);
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw notOpened(file, error);
  }
}

function notOpened(file: string, error: unknown): CommandFailure {
  const { code, message } = error as { code?: string; message?: string };
  return new CommandFailure(say('notOpened', { file, reason: code ?? message ?? '' }), 2);
}
