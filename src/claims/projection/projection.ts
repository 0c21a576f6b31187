import type { SettlementLineRecord, SettlementRecord } from '../../billing/index.ts';
import type {
  ChargeLineRecord,
  CoverageRecord,
  EncounterRecord,
  FacilityRecord,
  LineKind,
  NoteRecord,
  ObservationRecord,
  PatientRecord,
} from '../../encounters/index.ts';
import { type ClaimChoices, DEFAULT_CHOICES } from '../choices.ts';
import { dictionary, type Table, type TableCode } from '../dictionary.ts';
import { CURRENT_EDITION, EDITION_IDS, type EditionId } from '../editions.ts';
import type { ClaimSnapshot, ClinicalPart, LineDetail } from '../snapshot.ts';
import type { ClaimRow } from '../tables.ts';
import { type Origin, spell } from '../values.ts';

/** A charged line beside its result; without a settlement (draft) the result is unknown and its amounts stay empty. */
export interface ChargedLine extends ChargeLineRecord {
  readonly result: SettlementLineRecord | undefined;
  readonly detail: LineDetail;
}

/** The snapshot as the projections read it: in official order, lines with their results, codes by role. */
export interface VisitView {
  readonly encounter: EncounterRecord;
  readonly facility: FacilityRecord;
  readonly patient: PatientRecord;
  /** Cards that count for this visit, in the order presented; none when the visit is declared as not insured. */
  readonly cards: readonly CoverageRecord[];
  readonly mainCode: string | undefined;
  readonly mainName: string | undefined;
  readonly otherCodes: readonly string[];
  readonly traditionalCodes: readonly string[];
  readonly lines: readonly ChargedLine[];
  readonly observations: readonly ObservationRecord[];
  readonly notes: readonly NoteRecord[];
  readonly settlement: SettlementRecord | null;
  readonly clinical: ClinicalPart;
  /** The edition of the tables, and how the places are read where its sources disagree. */
  readonly edition: EditionId;
  readonly choices: ClaimChoices;
}

const NOT_INSURED = '9';
const inXml2: ReadonlySet<LineKind> = new Set(['drug', 'blood']);

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

export function viewOf(
  { visit, settlement, clinical = {} }: ClaimSnapshot,
  edition: EditionId = CURRENT_EDITION,
  choices: ClaimChoices = DEFAULT_CHOICES,
): VisitView {
  const results = new Map(settlement?.lines.map((line) => [line.lineId, line]));
  const codes = (role: string) => visit.conditions.filter((c) => c.role === role).map((c) => c.code);
  const lines = visit.lines
    .map((line) => ({ ...line, result: results.get(line.id), detail: clinical.lineDetails?.[line.id] ?? {} }))
    .sort((a, b) => byText(a.orderedAt, b.orderedAt) || byText(a.id, b.id));
  const orderOf = new Map(lines.map((line, index) => [line.id, index]));
  return {
    encounter: visit.encounter,
    facility: visit.facility,
    patient: visit.patient,
    cards: visit.encounter.routeCode === NOT_INSURED ? [] : visit.coverages,
    mainCode: codes('primary')[0],
    mainName: visit.conditions.find((c) => c.role === 'primary')?.name,
    otherCodes: codes('secondary'),
    traditionalCodes: codes('traditional'),
    lines,
    observations: visit.observations.toSorted(
      (a, b) => (orderOf.get(a.lineId) ?? 0) - (orderOf.get(b.lineId) ?? 0) || byText(a.id, b.id),
    ),
    notes: visit.notes.toSorted((a, b) => byText(a.at, b.at) || byText(a.id, b.id)),
    settlement,
    clinical,
    edition,
    choices,
  };
}

/** Drugs and blood, which stand in XML2. */
export const drugLines = (view: Pick<VisitView, 'lines'>): readonly ChargedLine[] =>
  view.lines.filter((l) => inXml2.has(l.kind));
/** Everything else that was charged, which stands in XML3. */
export const serviceLines = (view: Pick<VisitView, 'lines'>): readonly ChargedLine[] =>
  view.lines.filter((l) => !inXml2.has(l.kind));

export const supplyLines = (view: Pick<VisitView, 'lines'>): readonly ChargedLine[] =>
  view.lines.filter((l) => l.kind === 'supply');

/** A paper makes one row once it is there. */
export const issued = <Paper>(paper: Paper | undefined): readonly Paper[] => (paper ? [paper] : []);

/** Where each element of one row comes from. */
type Origins = Readonly<Record<string, Origin>>;

/** The projection of a visit into one official table. */
export interface Projection {
  readonly table: TableCode;
  /** Elements that nothing fills, each with its reason. */
  readonly empty: Readonly<Record<string, string>>;
  /** Pure: rows in the order of STT, elements in the order of the dictionary. No rows where the table does not apply. */
  readonly rows: (view: VisitView) => readonly ClaimRow[];
}

/**
 * @param itemsOf what makes a row, in the order of STT; none when the table does not apply to the visit
 * @param origins the origin of every element of the table, one per line; spelled by the type the dictionary gives it.
 * Elements that only some editions have stand here too: an edition takes those it knows
 * @param empty elements that stay empty always, with the reason
 * @throws Error when origins and reasons are not exactly the elements of the table (held by a test, too)
 */
export function projection<Item>(
  table: TableCode,
  itemsOf: (view: VisitView) => readonly Item[],
  origins: (visit: VisitView, item: Item, position: number) => Origins,
  empty: Readonly<Record<string, string>> = {},
): Projection {
  // Starting from all names keeps V8 from making a hash table of each row, which is slow to read.
  const blanks = new Map<EditionId, Readonly<Record<string, string>>>();
  const blankIn = (edition: EditionId, fields: Table['fields'], from: Origins) => {
    const known = blanks.get(edition);
    if (known) return known;
    checkOrigins(table, edition, Object.keys(from), Object.keys(empty));
    const blank = Object.fromEntries(fields.map(({ name }) => [name, '']));
    blanks.set(edition, blank);
    return blank;
  };
  const rows = (view: VisitView): readonly ClaimRow[] => {
    const fields = dictionary(view.edition).tables.get(table)?.fields;
    const items = fields ? itemsOf(view) : [];
    if (!fields || items.length === 0) return [];
    return items.map((item, index) => {
      const from = origins(view, item, index + 1);
      const blank = blankIn(view.edition, fields, from);
      const row: Record<string, string> = { ...blank };
      for (const field of fields) row[field.name] = spell(field.type, from[field.name]);
      return row;
    });
  };
  return { table, empty, rows };
}

function checkOrigins(
  table: TableCode,
  edition: EditionId,
  named: readonly string[],
  empty: readonly string[],
): void {
  const namesIn = (id: EditionId) =>
    dictionary(id)
      .tables.get(table)
      ?.fields.map((field) => field.name) ?? [];
  const known = new Set(EDITION_IDS.flatMap(namesIn));
  const given = [...named, ...empty];
  const wrong = {
    missing: namesIn(edition).filter((name) => !given.includes(name)),
    unknown: given.filter((name) => !known.has(name)),
    twice: named.filter((name) => empty.includes(name)),
  };
  for (const [what, names] of Object.entries(wrong)) {
    if (names.length > 0)
      throw new Error(`projection ${table}, edition ${edition}, ${what}: ${names.join(' ')}`);
  }
}
