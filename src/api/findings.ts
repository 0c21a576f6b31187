import type { Finding } from '../../schemas/api/findings.ts';
import {
  type Assessed,
  assessChange,
  assessRead,
  assessSettled,
  assessVisits,
  type Change,
  type DraftFinding,
  findingsOfVisit,
  findingText,
  type Kept,
  type StoredFinding,
} from '../assessment/server.ts';
import type { ClaimSnapshot } from '../claims/index.ts';
import type { VisitRecord } from '../encounters/index.ts';
import type { Id } from '../platform/ids.ts';
import { assessingOf, facilityOf, type RequestContext } from './context.ts';

/** A finding as whoever saved something sees it. */
export function shownFinding(
  ctx: RequestContext,
  finding: Kept & Partial<Pick<DraftFinding, 'lineId'>>,
): Finding {
  const { key, rule, severity, effect, table, row, field, values, amount, cause, lineId } = finding;
  const message = findingText(ctx.language, finding);
  return {
    key,
    rule,
    severity,
    effect,
    table,
    row,
    field,
    message,
    values: { ...values },
    amount,
    cause,
    ...(lineId === undefined ? {} : { lineId }),
  };
}

/** What only counts is shown to nobody who works on a visit. */
export const isShown = ({ effect }: Pick<Kept, 'effect'>): boolean => effect !== 'count';

/**
 * What the rules say of what was just saved: in the same answer, and never a reason to refuse it.
 * @param saved ids of lines, results or notes; absent = the change was about the visit
 */
export async function findingsOfChange(
  ctx: RequestContext,
  id: Id,
  change: Change,
  saved?: readonly Id[],
): Promise<Finding[]> {
  const found = await assessChange(
    ctx.tx,
    assessingOf(ctx),
    facilityOf(ctx),
    id,
    change,
    saved && new Set(saved),
  );
  return found.filter(isShown).map((one) => shownFinding(ctx, one));
}

/** The visit that has ended just now: what is found is kept. */
export async function findingsOfDischarge(ctx: RequestContext, visit: VisitRecord): Promise<Finding[]> {
  const found = await assessRead(ctx.tx, assessingOf(ctx), facilityOf(ctx), [visit], 'discharge');
  return shownOf(ctx, found);
}

/** The visit that came whole, ended and settled: what is found is kept. */
export async function findingsOfWhole(ctx: RequestContext, id: Id): Promise<Finding[]> {
  return shownOf(ctx, await assessVisits(ctx.tx, assessingOf(ctx), facilityOf(ctx), [id], 'settlement'));
}

const shownOf = (ctx: RequestContext, found: readonly Assessed[]): Finding[] =>
  found.flatMap(({ findings }) => findings.filter(isShown).map((one) => shownFinding(ctx, one)));

/** The visit that was settled just now: all that stands of it. */
export async function findingsOfSettlement(ctx: RequestContext, snapshot: ClaimSnapshot): Promise<Finding[]> {
  const { id } = facilityOf(ctx);
  if (!(await assessSettled(ctx.tx, assessingOf(ctx), facilityOf(ctx), snapshot))) return [];
  const stored = await findingsOfVisit(ctx.tx, id, snapshot.visit.encounter.id);
  return stored.filter(isShown).map((one) => shownStored(ctx, one));
}

/** A finding that is stored. */
export function shownStored(ctx: RequestContext, one: StoredFinding): Finding {
  const { key, rule, severity, effect, table, row, field, values, amount, causeKind, causeKey } = one;
  const cause = causeKind === null || causeKey === null ? null : { kind: causeKind, key: causeKey };
  const message = findingText(ctx.language, one);
  return { key, rule, severity, effect, table, row, field, message, values, amount, cause };
}
