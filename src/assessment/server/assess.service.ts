import { recordAudit } from '../../audit/index.ts';
import {
  type ClaimSnapshot,
  type ClaimTables,
  projectClaim,
  readSnapshots,
  rowIds,
  withSettlements,
} from '../../claims/index.ts';
import type { VisitRecord } from '../../encounters/index.ts';
import type { Transaction } from '../../platform/database/index.ts';
import { localDate } from '../../platform/dates.ts';
import type { Id } from '../../platform/ids.ts';
import { add, money, moneyText, zero } from '../../platform/money.ts';
import { type Change, type Wants, wantsOf } from '../affected.ts';
import type { Catalogues } from '../catalogues.ts';
import { claimOf } from '../claim.ts';
import type { Neighbours } from '../encounter.ts';
import type { Selected } from '../in-force.ts';
import type { AnyRule, Stage } from '../rule.ts';
import type { Assessed, Kept } from './assessed.ts';
import { type Decision, readDecisions, storeAssessments, storeFindings } from './finding.repo.ts';
import {
  type Assessing,
  attempted,
  cataloguesFor,
  dayOf,
  type Here,
  inForceFor,
  isAskable,
  type Judged,
  judge,
} from './judge.ts';
import { type Around, type KnownUse, neighboursOf, type UseElsewhere } from './known-visits.ts';
import { type Draft, readDraft, readKnown, readUses, readUsesElsewhere } from './neighbours.repo.ts';
import { sharedLicences } from './shared-licences.ts';

/** A finding of a visit in progress, and the line, result or note that it is about. */
export interface DraftFinding extends Kept {
  readonly lineId: Id | null;
}

/**
 * What the rules of the stage `order` say of a visit in progress that somebody has just saved: those to which the change may
 * make a difference, about what was saved and about the visit as a whole. Nothing is written.
 * @param saved ids of the lines, results and notes that were saved; absent = the change was about the visit
 */
export async function assessChange(
  tx: Transaction,
  assessing: Assessing,
  here: Here,
  id: Id,
  change: Change,
  saved?: ReadonlySet<Id>,
): Promise<readonly DraftFinding[]> {
  const today = localDate(assessing.now);
  const selected = inForceFor(assessing, here, today).affectedBy(change);
  const wants = wantsIn(selected, cataloguesFor(assessing, here, today));
  if (!wants) return [];
  // Who has just arrived has no results and notes.
  const draft = await readDraft(tx, here.id, id, change === 'arrival' ? { ...wants, records: false } : wants);
  if (!draft) return [];
  return findingsInDraft(assessing, here, draft, selected).filter(
    ({ lineId }) => lineId === null || !saved || saved.has(lineId),
  );
}

const wantsKnown = new WeakMap<Selected, WeakMap<Catalogues, Wants | null>>();

/** What the rules that can be asked want to be read; null when none can. */
function wantsIn(selected: Selected, catalogues: Catalogues): Wants | null {
  const known = wantsKnown.get(selected) ?? new WeakMap<Catalogues, Wants | null>();
  wantsKnown.set(selected, known);
  const found = known.get(catalogues);
  if (found !== undefined) return found;
  const askable = selected.rules.filter((rule) => isAskable(rule, catalogues));
  const wants = askable.length === 0 ? null : wantsOf(askable.map(({ id }) => id));
  known.set(catalogues, wants);
  return wants;
}

const EVERYTHING = { person: true, personLines: true, records: true };

/** All that the rules of the stage `order` say of a visit as it stands now; of one that has ended, nothing. */
export async function assessVisit(
  tx: Transaction,
  assessing: Assessing,
  here: Here,
  id: Id,
): Promise<{ readonly visit: VisitRecord | null; readonly findings: readonly DraftFinding[] }> {
  const draft = await readDraft(tx, here.id, id, EVERYTHING);
  if (draft?.visit.encounter.state !== 'open') return { visit: draft?.visit ?? null, findings: [] };
  return { visit: draft.visit, findings: findingsInDraft(assessing, here, draft) };
}

/** Pure. */
const findingsInDraft = (assessing: Assessing, here: Here, draft: Draft, selected?: Selected) =>
  attempted(assessing, () => draftFindings(assessing, here, draft, selected)) ?? [];

function draftFindings(
  assessing: Assessing,
  here: Here,
  { visit, around }: Draft,
  selected?: Selected,
): readonly DraftFinding[] {
  const { id } = visit.encounter;
  const judged = draftOf(visit, here, assessing);
  const known = new Map<Id, Around>(around ? [[id, around]] : []);
  const neighbours = () => neighboursOf(here.code, [ownOf(judged)], known)(id);
  const { findings } = judge('order', assessing, here, judged, neighbours, selected);
  return findings.length === 0 ? [] : withLines(findings, { visit, settlement: null });
}

const draftOf = (visit: VisitRecord, here: Here, { choices }: Assessing): Judged =>
  judgedOf({ visit, settlement: null }, projectClaim({ visit, settlement: null }, { choices }), here);
const judgedOf = ({ visit }: ClaimSnapshot, tables: ClaimTables, here: Here): Judged => ({
  visit,
  claim: claimOf(here.code, tables),
});
const ownOf = ({ visit: { encounter }, claim }: Judged) => ({
  id: encounter.id,
  arrivedAt: encounter.arrivedAt,
  claim,
});

/** The line, result or note behind each finding that is about a row. */
export function withLines(findings: readonly Kept[], snapshot: ClaimSnapshot): readonly DraftFinding[] {
  const ids = rowIds(snapshot);
  return findings.map((one) => ({
    ...one,
    lineId: one.row === null ? null : (ids[one.table]?.[one.row - 1] ?? null),
  }));
}

/** A claim as it would be sent, or is to be judged as a whole. */
export interface WholeClaim {
  readonly snapshot: ClaimSnapshot;
  readonly tables: ClaimTables;
}

/** What the rules said of a claim, and whether anything was said of it before. */
export interface AssessedClaim {
  readonly assessed: Assessed;
  readonly hasOpen: boolean;
}

/** What the database knows around visits that are judged as a whole. */
export interface Surroundings {
  readonly around: ReadonlyMap<Id, Around>;
  readonly uses: readonly KnownUse[];
  readonly elsewhere: readonly UseElsewhere[];
  /** Visits of which an earlier run found something that still stands. */
  readonly withOpen: ReadonlySet<Id>;
}

/** For many visits of one facility in two statements. */
export async function readSurroundings(
  tx: Transaction,
  assessing: Assessing,
  here: Here,
  visits: readonly VisitRecord[],
): Promise<Surroundings> {
  const ids = visits.map(({ encounter }) => encounter.id);
  const known = ids.length === 0 ? [] : await readKnown(tx, here.id, ids, { lines: true, sums: true });
  return {
    around: new Map(known.flatMap(({ id, around }) => (around ? [[id, around] as const] : []))),
    withOpen: new Set(known.filter(({ hasOpen }) => hasOpen).map(({ id }) => id)),
    ...(await usesAround(tx, assessing, here, visits)),
  };
}

async function usesAround(tx: Transaction, assessing: Assessing, here: Here, visits: readonly VisitRecord[]) {
  const charged = visits.filter(({ lines }) => lines.length > 0);
  if (charged.length === 0) return { uses: [], elsewhere: [] };
  const ids = charged.map(({ encounter }) => encounter.id);
  const shared = sharedLicences(assessing.directory);
  const isShared = charged.some(({ lines }) =>
    lines.some((line) => [line.orderedByLicence, ...line.performedByLicences].some((one) => shared.has(one))),
  );
  const elsewhere = isShared ? await readUsesElsewhere(tx, ids) : [];
  const since = charged.map(({ encounter }) => localDate(encounter.arrivedAt)).toSorted()[0]!;
  const { rules } = inForceFor(assessing, here, localDate(assessing.now)).at('export');
  const licences = [...new Set(elsewhere.map(({ licence }) => licence))];
  return { uses: await readUses(tx, here.id, ids, executedGroups(rules), since, licences), elsewhere };
}

/** Pure: whole claims of one facility against all rules of a stage, with what stands around them. */
export function judgeClaims(
  assessing: Assessing,
  here: Here,
  stage: Stage,
  claims: readonly WholeClaim[],
  surroundings: Surroundings,
): readonly AssessedClaim[] {
  const all = claims.map(({ snapshot, tables }) => judgedOf(snapshot, tables, here));
  const neighbours = neighboursAmong(here, all, surroundings);
  return all.map((one) => {
    const { id } = one.visit.encounter;
    const assessed = judge(stage, assessing, here, one, () => neighbours(id));
    return { assessed, hasOpen: surroundings.withOpen.has(id) };
  });
}

/** Pure: the other visits as each of these sees them, these among them; put together when first asked for. */
export function neighboursAmong(
  here: Here,
  all: readonly Judged[],
  { around, uses, elsewhere }: Surroundings,
): (id: Id) => Neighbours {
  let known: ReturnType<typeof neighboursOf> | undefined;
  return (id) => {
    known ??= neighboursOf(here.code, all.map(ownOf), around, uses, elsewhere);
    return known(id);
  };
}

/** Cost groups of which it matters who did it, with what and when, as the rules are set. */
const BY_HAND = ['STF_OVERLAP_ACROSS_PATIENTS', 'STF_SAME_MINUTE_STARTS', 'SVC_MACHINE_CAPACITY'];
const executedGroups = (rules: readonly AnyRule[]): readonly string[] => [
  ...new Set(
    rules
      .filter(({ id }) => BY_HAND.includes(id))
      .flatMap(({ params }) => (params as { readonly groups?: readonly string[] }).groups ?? []),
  ),
];

/**
 * Visits of one facility as they stand, against all rules of a stage: what is found is stored, what is no longer found is
 * cleared. A visit of which nothing is and was found leaves nothing behind.
 */
export async function assessVisits(
  tx: Transaction,
  assessing: Assessing,
  here: Here,
  ids: readonly Id[],
  stage: Stage,
): Promise<readonly Assessed[]> {
  return assessSnapshots(tx, assessing, here, await readSnapshots(tx, here.id, ids), stage);
}

/** The same, of visits that were read already, in this transaction. */
export async function assessRead(
  tx: Transaction,
  assessing: Assessing,
  here: Here,
  visits: readonly VisitRecord[],
  stage: Stage,
): Promise<readonly Assessed[]> {
  return assessSnapshots(tx, assessing, here, await withSettlements(tx, here.id, visits), stage);
}

async function assessSnapshots(
  tx: Transaction,
  assessing: Assessing,
  here: Here,
  snapshots: readonly ClaimSnapshot[],
  stage: Stage,
): Promise<readonly Assessed[]> {
  const surroundings = await readSurroundings(
    tx,
    assessing,
    here,
    snapshots.map(({ visit }) => visit),
  );
  const { choices } = assessing;
  const claims = snapshots.flatMap((snapshot) => {
    const tables = attempted(assessing, () => projectClaim(snapshot, { choices }));
    return tables ? [{ snapshot, tables }] : [];
  });
  const found = judgeClaims(assessing, here, stage, claims, surroundings);
  await keepFindings(tx, here, found, assessing.now);
  return found.map(({ assessed }) => assessed);
}

/**
 * A visit that was discharged before and is settled now: what a settlement adds, and what looks at it. The rest was judged
 * at the discharge and cannot have changed since.
 * @returns whether anything stands of the visit now
 */
export async function assessSettled(
  tx: Transaction,
  assessing: Assessing,
  here: Here,
  snapshot: ClaimSnapshot,
): Promise<boolean> {
  const { visit } = snapshot;
  const { id } = visit.encounter;
  const [known] = await readKnown(tx, here.id, [id], { lines: true, sums: true });
  const { uses, elsewhere } = visit.lines.some(({ kind }) => kind === 'bed')
    ? await usesAround(tx, assessing, here, [visit])
    : { uses: [], elsewhere: [] };
  const { choices } = assessing;
  const tables = attempted(assessing, () => projectClaim(snapshot, { choices }));
  if (!tables) return known?.hasOpen === true;
  const judged = judgedOf(snapshot, tables, here);
  const around = new Map<Id, Around>(known?.around ? [[id, known.around]] : []);
  const neighbours = () => neighboursOf(here.code, [ownOf(judged)], around, uses, elsewhere)(id);
  const selected = inForceFor(assessing, here, dayOf(visit)).settling;
  const assessed = judge('settlement', assessing, here, judged, neighbours, selected);
  const hasOpen = known?.hasOpen === true;
  await keepFindings(tx, here, [{ assessed, hasOpen }], assessing.now);
  return hasOpen || assessed.findings.length > 0;
}

/** Writes what was found, where there is something to write or to clear. */
export async function keepFindings(
  tx: Transaction,
  here: Here,
  found: readonly AssessedClaim[],
  now: Date,
): Promise<void> {
  const changed = found.filter(({ assessed, hasOpen }) => hasOpen || assessed.findings.length > 0);
  await storeFindings(
    tx,
    here.id,
    now.toISOString(),
    changed.map(({ assessed }) => assessed),
  );
  if (changed.length > 0)
    recordAudit(tx, {
      action: 'findings.recorded',
      subjectType: changed.length === 1 ? 'encounter' : 'facility',
      subjectId: changed.length === 1 ? changed[0]!.assessed.encounterId : here.id,
      detail: {
        visits: changed.length,
        findings: changed.reduce((sum, { assessed }) => sum + assessed.findings.length, 0),
      },
    });
}

/** Findings that hold the export of their record: what blocks, unless a person decided otherwise of that value. */
export function blockingOf(
  { encounterId, findings }: Assessed,
  decisions: readonly Decision[],
): readonly Kept[] {
  const letStand = new Set(
    decisions
      .filter((one) => one.encounterId === encounterId && one.decision !== 'reopened')
      .map(({ key, valueHash }) => `${key} ${valueHash}`),
  );
  return findings.filter(
    ({ effect, key, valueHash }) => effect === 'block' && !letStand.has(`${key} ${valueHash}`),
  );
}

export { readDecisions };

/** That these claims were assessed as a whole before they were sent, and the money behind what holds them. */
export async function keepAssessments(
  tx: Transaction,
  here: Here,
  runs: readonly { readonly assessed: Assessed; readonly blocking: readonly Kept[] }[],
  now: Date,
): Promise<void> {
  await storeAssessments(
    tx,
    here.id,
    now.toISOString(),
    runs.map(({ assessed, blocking }) => ({ ...assessed, blocking, atRisk: atRisk(blocking) })),
  );
}

/** Each row once: several rules may speak of the same money. */
function atRisk(blocking: readonly Kept[]): string {
  const rows = new Map(blocking.map(({ table, row, amount }) => [`${table}|${row}`, amount ?? '0']));
  return moneyText(add(zero, ...[...rows.values()].map((amount) => money(amount))));
}
