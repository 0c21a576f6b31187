import { selectingDate } from '../encounters/index.ts';
import type { Id } from '../platform/ids.ts';
import { type ClaimChoices, DEFAULT_CHOICES } from './choices.ts';
import { dictionary, type TableCode } from './dictionary.ts';
import { CURRENT_EDITION, type EditionId, editionOn } from './editions.ts';
import { daysOfCare } from './projection/facts.ts';
import { drugLines, type Projection, serviceLines, type VisitView, viewOf } from './projection/projection.ts';
import { UNREAD } from './projection/unread.ts';
import { xml0 } from './projection/xml0.ts';
import { xml1 } from './projection/xml1.ts';
import { xml2 } from './projection/xml2.ts';
import { xml3 } from './projection/xml3.ts';
import { xml4 } from './projection/xml4.ts';
import { xml5 } from './projection/xml5.ts';
import { xml6 } from './projection/xml6.ts';
import { xml7 } from './projection/xml7.ts';
import { xml8 } from './projection/xml8.ts';
import { xml9 } from './projection/xml9.ts';
import { xml10 } from './projection/xml10.ts';
import { xml11 } from './projection/xml11.ts';
import { xml13 } from './projection/xml13.ts';
import { xml14 } from './projection/xml14.ts';
import { xml15 } from './projection/xml15.ts';
import type { ClaimSnapshot } from './snapshot.ts';
import type { ClaimRow, ClaimTables } from './tables.ts';

/** Every table that travels in a claim file, in its order. XML0 travels alone; no hospital sends XML12. */
export const PROJECTIONS: readonly Projection[] = [
  xml1,
  xml2,
  xml3,
  xml4,
  xml5,
  xml6,
  xml7,
  xml8,
  xml9,
  xml10,
  xml11,
  xml13,
  xml14,
  xml15,
];

export interface ProjectionOptions {
  /** When absent: the edition in force when the visit ended, for a draft when it began. */
  readonly edition?: EditionId;
  readonly choices?: ClaimChoices | undefined;
}

function viewFor(
  snapshot: ClaimSnapshot,
  { edition, choices = DEFAULT_CHOICES }: ProjectionOptions,
): VisitView {
  return viewOf(snapshot, edition ?? editionFor(snapshot), choices);
}

/** The edition in force when the visit ended, for a draft when it began. */
export function editionFor({ visit }: ClaimSnapshot): EditionId {
  return editionOn(selectingDate('codeLists', visit.encounter)) ?? CURRENT_EDITION;
}

/**
 * The official tables of a visit. Pure; for a visit in progress it is a draft (what is not known stays empty).
 * Tables without rows, and tables that the edition does not have, are absent.
 */
export function projectClaim(snapshot: ClaimSnapshot, options: ProjectionOptions = {}): ClaimTables {
  const view = viewFor(snapshot, options);
  const tables: Record<string, readonly ClaimRow[]> = {};
  for (const { table, rows } of PROJECTIONS) {
    const found = rows(view);
    if (found.length > 0) tables[table] = found;
  }
  return tables;
}

/** What each row of the tables of lists was made of, in the order of the rows. */
export function rowIds(snapshot: ClaimSnapshot): Readonly<Record<string, readonly Id[]>> {
  const view = viewOf(snapshot);
  const ids = (items: readonly { readonly id: Id }[]) => items.map(({ id }) => id);
  return {
    XML2: ids(drugLines(view)),
    XML3: ids(serviceLines(view)),
    XML4: ids(view.observations),
    XML5: ids(view.notes),
  };
}

/** The check-in row, sent on its own after the first charged line. */
export function projectCheckIn(
  snapshot: ClaimSnapshot,
  options: ProjectionOptions = {},
): readonly ClaimRow[] {
  return xml0.rows(viewFor(snapshot, options));
}

/** Days of treatment as the claim says them; null while unknown. */
export function treatmentDaysOf(snapshot: ClaimSnapshot): number | null {
  return daysOfCare(viewOf(snapshot));
}

export interface EmptyField {
  readonly table: TableCode;
  /** Null: every element, because the table is never made. */
  readonly field: string | null;
  readonly reason: string;
}

/** Elements that our claims leave empty today, whatever the visit, each with its reason. */
export function alwaysEmpty(edition: EditionId = CURRENT_EDITION): EmptyField[] {
  return [xml0, ...PROJECTIONS].flatMap(({ table, empty }): EmptyField[] => {
    const unread = UNREAD[table] ?? {};
    const fields = dictionary(edition).tables.get(table)?.fields ?? [];
    if (typeof unread === 'string') return fields.length > 0 ? [{ table, field: null, reason: unread }] : [];
    return fields.flatMap(({ name: field }) => {
      const reason = empty[field] ?? unread[field];
      return reason === undefined ? [] : [{ table, field, reason }];
    });
  });
}
