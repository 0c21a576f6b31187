import { recordAudit } from '../../audit/index.ts';
import type { Law } from '../../benefits/index.ts';
import { ClaimReadError, type ClaimSource, sourcesInBytes } from '../../claims/foreign.ts';
import type { ActingContext, Database, Transaction } from '../../platform/database/index.ts';
import { type Clock, localDate } from '../../platform/dates.ts';
import { type Id, newId } from '../../platform/ids.ts';
import { fileNameOf } from '../../platform/text.ts';
import { builtInsOf } from '../built-ins.ts';
import { notChecked } from '../check.ts';
import { findingOf } from '../envelope.ts';
import { checkSources } from '../foreign.ts';
import type { Finding } from '../rule.ts';
import { ruleCounter } from '../rule-counts.ts';
import { selectRules } from '../select.ts';
import {
  addCheck,
  beginCheck,
  type ClaimCheck,
  endCheck,
  type KeptFinding,
  keepFindings,
  noteProgress,
} from './check.repo.ts';

/** What checking an upload needs: the export role's database, and the law. */
export interface CheckDependencies {
  readonly database: Database;
  readonly law: Law;
  readonly clock: Clock;
}

/** Nobody looks at more of one file; its counts tell of all of them. */
export const MOST_KEPT = 50_000;
/** Claims after which progress is written down, and findings that are stored together. */
const CLAIMS_A_STEP = 100;

/** Keeps a file to be checked by a worker. @throws UnknownRule */
export async function keepForCheck(
  tx: Transaction,
  wanted: { readonly name: string; readonly asOf: string | null; readonly rules: readonly string[] | null },
  bytes: Buffer,
  now: Date,
): Promise<ClaimCheck> {
  if (wanted.rules) selectRules(wanted.rules);
  return addCheck(
    tx,
    {
      ...wanted,
      name: fileNameOf(wanted.name),
      id: newId(now.getTime()),
      size: bytes.length,
      givenAt: now.toISOString(),
    },
    bytes,
  );
}

/** Another attempt goes on with the same check: nothing more of this one is kept. */
class TakenOver extends Error {}

/** Checks a file that was kept; done already, it does nothing. Stopped half way, it begins anew. */
export async function checkUpload(
  deps: CheckDependencies,
  context: ActingContext,
  checkId: Id,
): Promise<void> {
  const inTransaction = <T>(work: (tx: Transaction) => Promise<T>) =>
    deps.database.transaction(context, work);
  const now = () => deps.clock.now().toISOString();
  const begun = await inTransaction((tx) => beginCheck(tx, checkId, now()));
  if (!begun) return;
  try {
    await checkBytes(deps, inTransaction, begun);
  } catch (error) {
    if (!(error instanceof TakenOver)) throw error;
  }
}

type InTransaction = <T>(work: (tx: Transaction) => Promise<T>) => Promise<T>;

async function checkBytes(
  { law, clock }: CheckDependencies,
  inTransaction: InTransaction,
  { check, attempt, bytes }: { readonly check: ClaimCheck; readonly attempt: number; readonly bytes: Buffer },
): Promise<void> {
  const selection = selectRules(check.rules ?? undefined);
  const asked = { rules: selection.rules, builtIns: builtInsOf(law) };
  const counter = ruleCounter();
  const at = () => clock.now().toISOString();
  let [found, claims, waiting]: [number, number, KeptFinding[]] = [0, 0, []];
  const step = async (checked: number, total: number | null): Promise<void> => {
    const part = waiting;
    waiting = [];
    await inTransaction(async (tx) => {
      if (!(await noteProgress(tx, check.id, attempt, { checked, claims: total, at: at() })))
        throw new TakenOver();
      if (part.length > 0) await keepFindings(tx, check.id, part);
    });
  };
  const parts = checked(bytes, check, {
    ...asked,
    ...(check.asOf === null ? {} : { asOf: check.asOf }),
    today: localDate(clock.now()),
    fileRules: selection.fileRules,
    claimsInPart: CLAIMS_A_STEP,
    onProgress: async (done, total) => {
      if (total === null && done % CLAIMS_A_STEP === 0) await step(0, null);
    },
  });
  for await (const { name, claims: inPart, of, findings } of parts) {
    for (const finding of findings.filter(({ rule }) => selection.isAsked(rule))) {
      found += 1;
      counter.add(finding, `${name} ${finding.maLk ?? ''}`);
      if (found <= MOST_KEPT) waiting.push({ ...finding, position: found, file: name });
    }
    claims += inPart;
    await step(claims, of);
  }
  const counts = counter.counts();
  const sum = (severity: Finding['severity']) =>
    counts.filter((one) => one.severity === severity).reduce((total, { findings }) => total + findings, 0);
  await inTransaction(async (tx) => {
    if (!(await noteProgress(tx, check.id, attempt, { checked: claims, claims, at: at() })))
      throw new TakenOver();
    await endCheck(
      tx,
      check.id,
      {
        claims,
        errors: sum('error'),
        warnings: sum('warning'),
        kept: Math.min(found, MOST_KEPT),
        summary: counts,
        notChecked: notChecked(asked, claims).filter(({ rule }) => selection.isAsked(rule)),
      },
      at(),
    );
    recordAudit(tx, {
      action: 'claims.checked',
      subjectType: 'claim-check',
      subjectId: check.id,
      detail: { claims, findings: found },
    });
  });
}

/** An archive that cannot be opened is a finding too, as a file is that cannot be read. */
async function* checked(
  bytes: Buffer,
  { name }: ClaimCheck,
  options: Parameters<typeof checkSources>[1],
): ReturnType<typeof checkSources> {
  let sources: readonly ClaimSource[];
  try {
    sources = await sourcesInBytes(bytes, name);
  } catch (error) {
    if (!(error instanceof ClaimReadError)) throw error;
    yield { name, claims: 0, of: 0, findings: [findingOf(error)], isLast: true };
    return 0;
  }
  return yield* checkSources(sources, options);
}
