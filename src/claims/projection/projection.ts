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
import { type TableCode, tableOf } from '../dictionary.ts';
import type { ClaimSnapshot } from '../snapshot.ts';
import type { ClaimRow } from '../tables.ts';
import { type Origin, spell } from '../values.ts';

/** A charged line beside its result; without a settlement (draft) the result is unknown and its amounts stay empty. */
export interface ChargedLine extends ChargeLineRecord {
  readonly result: SettlementLineRecord | undefined;
}

/** The snapshot as the projections read it: in official order, lines with their results, codes by role. */
export interface VisitView {
  readonly encounter: EncounterRecord;
  readonly facility: FacilityRecord;
  readonly patient: PatientRecord;
  /** Cards that count for this visit, in the order presented; none when the visit is declared as not insured. */
  readonly cards: readonly CoverageRecord[];
  readonly mainCode: string | undefined;
  readonly otherCodes: readonly string[];
  readonly traditionalCodes: readonly string[];
  readonly lines: readonly ChargedLine[];
  readonly observations: readonly ObservationRecord[];
  readonly notes: readonly NoteRecord[];
  readonly settlement: SettlementRecord | null;
}

const NOT_INSURED = '9';
const inXml2: ReadonlySet<LineKind> = new Set(['drug', 'blood']);

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

export function viewOf({ visit, settlement }: ClaimSnapshot): VisitView {
  const results = new Map(settlement?.lines.map((line) => [line.lineId, line]));
  const codes = (role: string) => visit.conditions.filter((c) => c.role === role).map((c) => c.code);
  const lines = visit.lines
    .map((line) => ({ ...line, result: results.get(line.id) }))
    .sort((a, b) => byText(a.orderedAt, b.orderedAt) || byText(a.id, b.id));
  const orderOf = new Map(lines.map((line, index) => [line.id, index]));
  return {
    encounter: visit.encounter,
    facility: visit.facility,
    patient: visit.patient,
    cards: visit.encounter.routeCode === NOT_INSURED ? [] : visit.coverages,
    mainCode: codes('primary')[0],
    otherCodes: codes('secondary'),
    traditionalCodes: codes('traditional'),
    lines,
    observations: visit.observations.toSorted(
      (a, b) => (orderOf.get(a.lineId) ?? 0) - (orderOf.get(b.lineId) ?? 0) || byText(a.id, b.id),
    ),
    notes: visit.notes.toSorted((a, b) => byText(a.at, b.at) || byText(a.id, b.id)),
    settlement,
  };
}

/** Drugs and blood, which stand in XML2. */
export const drugLines = (view: VisitView): readonly ChargedLine[] =>
  view.lines.filter((l) => inXml2.has(l.kind));
/** Everything else that was charged, which stands in XML3. */
export const serviceLines = (view: VisitView): readonly ChargedLine[] =>
  view.lines.filter((l) => !inXml2.has(l.kind));

/** Where each element of one row comes from. */
type Origins = Readonly<Record<string, Origin>>;

/**
 * A projection of the visit into one official table.
 * @param itemsOf what makes a row, in the order of STT
 * @param origins the origin of every element of the table, one per line; spelled by the type the dictionary gives it
 * @returns pure (snapshot) → rows, elements in the order of the dictionary
 * @throws Error when the origins are not exactly the fields of the table (held by a test, too)
 */
export function projection<Item>(
  table: TableCode,
  itemsOf: (view: VisitView) => readonly Item[],
  origins: (visit: VisitView, item: Item, position: number) => Origins,
): (snapshot: ClaimSnapshot) => readonly ClaimRow[] {
  let isChecked = false;
  return (snapshot) => {
    const view = viewOf(snapshot);
    const { fields } = tableOf(table);
    return itemsOf(view).map((item, index) => {
      const from = origins(view, item, index + 1);
      if (!isChecked) {
        sameFields(table, new Set(Object.keys(from)), fields);
        isChecked = true;
      }
      const row: Record<string, string> = {};
      for (const field of fields) row[field.name] = spell(field.type, from[field.name]);
      return row;
    });
  };
}

function sameFields(table: string, named: ReadonlySet<string>, fields: readonly { name: string }[]): void {
  const missing = fields.filter((field) => !named.has(field.name));
  if (missing.length > 0 || named.size !== fields.length) {
    throw new Error(
      `projection ${table}: ${named.size} origins for ${fields.length} fields; missing: ${missing.map((f) => f.name).join(' ')}`,
    );
  }
}
