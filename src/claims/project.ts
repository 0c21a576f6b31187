import { daysOfCare } from './projection/facts.ts';
import { viewOf } from './projection/projection.ts';
import { xml0 } from './projection/xml0.ts';
import { xml1 } from './projection/xml1.ts';
import { xml2 } from './projection/xml2.ts';
import { xml3 } from './projection/xml3.ts';
import { xml4 } from './projection/xml4.ts';
import { xml5 } from './projection/xml5.ts';
import type { ClaimSnapshot } from './snapshot.ts';
import type { ClaimRow, ClaimTables } from './tables.ts';

/** Every table that travels in a claim file and can be filled today. */
export const PROJECTIONS = { XML1: xml1, XML2: xml2, XML3: xml3, XML4: xml4, XML5: xml5 } as const;

/**
 * The official tables of a visit. Pure; for a visit in progress it is a draft (what is not known stays empty).
 * Tables without rows are absent.
 */
export function projectClaim(snapshot: ClaimSnapshot): ClaimTables {
  const tables: Record<string, readonly ClaimRow[]> = {};
  for (const [code, project] of Object.entries(PROJECTIONS)) {
    const rows = project(snapshot);
    if (rows.length > 0) tables[code] = rows;
  }
  return tables;
}

/** The check-in row, sent on its own after the first charged line. */
export function projectCheckIn(snapshot: ClaimSnapshot): readonly ClaimRow[] {
  return xml0(snapshot);
}

/** Days of treatment as the claim says them; null while unknown. */
export function treatmentDaysOf(snapshot: ClaimSnapshot): number | null {
  return daysOfCare(viewOf(snapshot));
}
