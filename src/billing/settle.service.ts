import { assessVisit, type BenefitResult, type Law, type RuleApplication } from '../benefits/index.ts';
import { lockVisit, type Recording, readVisits, recordAct, type VisitRecord } from '../encounters/index.ts';
import { type Row, type Transaction, writeStatement } from '../platform/database/index.ts';
import { notAfter } from '../platform/dates.ts';
import type { Id } from '../platform/ids.ts';
import { decimalText, type Money, moneyText, zero } from '../platform/money.ts';
import { enqueue } from '../platform/outbox.ts';
import { Problem } from '../platform/problem.ts';
import { type BilledVisit, benefitVisit } from './benefit-visit.ts';
import { compareSettlements, type SettlementChanges } from './compare.ts';
import { reasonOfReopening } from './reopen.repo.ts';
import { SETTLEMENT_SHAPES } from './rows.ts';
import { readSettlement } from './settlement.repo.ts';
import { AMOUNT_NAMES, type AmountName, type SettlementTotals } from './settlement.ts';
import { closeTasksOf } from './task.repo.ts';

export const SETTLED_QUEUE = 'settled';

/** A settlement as the cashier sees it: amounts as text, and the rule ids behind each line. */
export interface SettlementAnswer {
  readonly version: number;
  readonly settledAt: string;
  readonly policyVersion: string;
  readonly policyDate: string;
  readonly totals: SettlementTotals;
  readonly lines: readonly (AmountTexts & {
    readonly lineId: Id;
    readonly serviceRate: string;
    readonly scopeRate: string;
    readonly insuredUnitPrice: string;
    readonly benefitRate: string;
    readonly because: readonly string[];
  })[];
  /** After reopening: what is different from the version before. */
  readonly changes?: SettlementChanges;
}

/**
 * Settles a discharged visit: one stored version with a result per line and the law behind each amount. The visit is
 * locked from now on.
 * @throws not-found, version-conflict, not-discharged, encounter-locked, time-implausible
 */
export async function settle(
  tx: Transaction,
  rec: Recording,
  law: Law,
  id: Id,
  ifMatch: number | null,
  settledAt: string | undefined,
): Promise<{ settlement: SettlementAnswer; encounterVersion: number; visit: VisitRecord }> {
  const frame = await lockVisit(tx, rec.facility.id, id, ifMatch);
  if (frame.state === 'settled') throw new Problem('encounter-locked');
  if (frame.state !== 'discharged') throw new Problem('not-discharged');
  const at = checkedSettlementTime(settledAt, frame.endedAt, rec.now);
  const { record, ...billed } = await billedVisit(tx, rec.facility.id, id);
  const result = assessVisit(benefitVisit(billed, law), law);
  const version = frame.settlementVersion + 1;
  const again = version === 1 ? null : await settledBefore(tx, rec, id, frame.settlementVersion);
  const rows = settlementRows(result, rec, {
    encounterId: id,
    routeCode: frame.routeCode ?? '9',
    settledAt: at,
    version,
    reason: again?.reason ?? null,
  });
  const [row] = await tx.query<{ version: number }>(
    SETTLE,
    [JSON.stringify(rows), rec.facility.id, id, at, version],
    'settle',
  );
  announce(tx, rec, {
    id,
    endedAt: frame.endedAt ?? at,
    settledAt: at,
    settlementVersion: version,
    insurerPays: result.totals.insurerPays,
  });
  recordAct(tx, frame, 'settled', {
    detail: { settlement: version, ...(again ? { tasksClosed: await closeTasksOf(tx, rec, id) } : {}) },
    ...(again ? { reason: again.reason } : {}),
  });
  const settlement = answer(result, version, at);
  const changes = again ? compareSettlements(again.settlement, settlement) : undefined;
  return {
    settlement: changes ? { ...settlement, changes } : settlement,
    encounterVersion: row?.version ?? 0,
    visit: {
      ...record,
      encounter: { ...record.encounter, state: 'settled', settledAt: at, version: row?.version ?? 0 },
    },
  };
}

/** What stood before, and why the visit was reopened. */
async function settledBefore(tx: Transaction, rec: Recording, id: Id, version: number) {
  const settlement = await readSettlement(tx, rec.facility.id, id, version);
  const reason = await reasonOfReopening(tx, rec.facility.id, id, version);
  if (!settlement || reason === undefined) throw new Error(`settlement ${version} was never reopened`);
  return { settlement, reason };
}

const SETTLE = writeStatement(
  SETTLEMENT_SHAPES,
  ['settlement', 'settlement_line'],
  `locked as (update encounter set state = 'settled', settled_at = $4, settlement_version = $5, version = version + 1
     where facility_id = $2 and id = $3 returning version)`,
);

/** Who pays what if the visit were settled now; nothing is stored. Works from the first order on. */
export async function preview(tx: Transaction, rec: Recording, law: Law, id: Id): Promise<SettlementAnswer> {
  const visit = await billedVisit(tx, rec.facility.id, id);
  recordAct(tx, { id, patientId: visit.patientId }, 'previewed');
  return answer(assessVisit(benefitVisit(visit, law), law), 0, rec.now.toISOString());
}

/** Settled no earlier than the visit ended, and not in the future. */
export function checkedSettlementTime(wanted: string | undefined, endedAt: string | null, now: Date): string {
  const at = wanted ?? now.toISOString();
  const plausible = notAfter(at, now) && (endedAt === null || Date.parse(at) >= Date.parse(endedAt));
  if (!plausible)
    throw new Problem('time-implausible', {}, [
      { pointer: '/settledAt', message: 'problem.place.settlementTime' },
    ]);
  return at;
}

/**
 * Puts a visit that the fund pays for on the list of what the insurer waits for; a facility that sends at once also
 * wakes its export. Where the fund pays nothing (no insurance, nothing ordered, a route that leaves nothing) there is
 * nothing to claim.
 */
export function announce(
  tx: Transaction,
  rec: Recording,
  settled: {
    readonly id: Id;
    readonly endedAt: string;
    readonly settledAt: string;
    readonly settlementVersion: number;
    readonly insurerPays: Money;
  },
): void {
  const { id, endedAt, settledAt, settlementVersion, insurerPays } = settled;
  // What is still on its way of an older version is replaced by the version to come, so the work starts anew; where
  // none will come, nothing of it goes out any more.
  if (settlementVersion > 1)
    tx.atCommit('delete from export_work where facility_id = $1::uuid and encounter_id = $2::uuid', [
      rec.facility.id,
      id,
    ]);
  if (insurerPays.eq(zero)) return;
  tx.atCommit(
    `insert into export_work (facility_id, encounter_id, ended_at, settled_at, settlement_version)
     values ($1::uuid, $2::uuid, $3::timestamptz, $4::timestamptz, $5::int)`,
    [rec.facility.id, id, endedAt, settledAt, settlementVersion],
  );
  if (rec.facility.exportMode !== 'immediate') return;
  const data = { facilityId: rec.facility.id, encounterId: id };
  enqueue(tx, { queue: SETTLED_QUEUE, name: 'settled', jobId: `settled.${id}.${settlementVersion}`, data });
}

async function billedVisit(
  tx: Transaction,
  facilityId: Id,
  id: Id,
): Promise<BilledVisit & { readonly patientId: Id; readonly record: VisitRecord }> {
  const [visit] = await readVisits(tx, facilityId, [id]);
  if (!visit) throw new Problem('not-found', { what: 'encounter' });
  const { classCode, routeCode, arrivedAt, endedAt } = visit.encounter;
  const { facility, coverages, lines, patient } = visit;
  const { id: patientId, birthDate } = patient;
  const encounter = { classCode, routeCode, arrivedAt, endedAt };
  return { record: visit, patientId, ...encounter, birthDate, facility, coverages, lines };
}

type Amounts = Readonly<Record<AmountName, Money>>;

type AmountTexts = Readonly<Record<AmountName, string>>;
function amountTexts(amounts: Amounts): AmountTexts {
  return Object.fromEntries(AMOUNT_NAMES.map((name) => [name, moneyText(amounts[name])])) as never;
}

function answer(result: BenefitResult, version: number, settledAt: string): SettlementAnswer {
  const { totals } = result;
  return {
    version,
    settledAt,
    policyVersion: result.policyVersion,
    policyDate: result.policyDate,
    totals: {
      ...amountTexts(totals),
      drugAmount: moneyText(totals.drugAmount),
      supplyAmount: moneyText(totals.supplyAmount),
      patientPays: moneyText(totals.patientPays),
    },
    lines: result.lines.map((line) => ({
      lineId: line.id,
      serviceRate: decimalText(line.serviceRate),
      scopeRate: decimalText(line.scopeRate),
      insuredUnitPrice: decimalText(line.insuredUnitPrice),
      benefitRate: decimalText(line.benefitRate),
      ...amountTexts(line),
      because: line.because.map((rule) => rule.rule),
    })),
  };
}

/** Rows of one settlement version. Each rule that was applied is stored once; lines point to it by position. */
export function settlementRows(
  result: BenefitResult,
  rec: Recording,
  settled: {
    readonly encounterId: Id;
    readonly routeCode: string;
    readonly settledAt: string;
    readonly version: number;
    /** Why the visit was settled again; null the first time. */
    readonly reason: string | null;
  },
): { settlement: Row[]; settlement_line: Row[] } {
  const positions = new Map<RuleApplication, number>();
  const trace: RuleApplication[] = [];
  const position = (rule: RuleApplication): number => {
    let found = positions.get(rule);
    if (found === undefined) {
      found = trace.push(rule) - 1;
      positions.set(rule, found);
    }
    return found;
  };
  const { encounterId, routeCode, settledAt, version, reason } = settled;
  const key = { facility_id: rec.facility.id, encounter_id: encounterId, version };
  const lines = result.lines.map((line) => ({
    ...key,
    line_id: line.id,
    service_rate: line.serviceRate.toFixed(),
    scope_rate: line.scopeRate.toFixed(),
    insured_unit_price: line.insuredUnitPrice.toFixed(),
    benefit_rate: line.benefitRate.toFixed(),
    ...amountColumns(line),
    because: line.because.map(position),
  }));
  const { totals } = result;
  const settlement = {
    ...key,
    policy_version: result.policyVersion,
    policy_date: result.policyDate,
    route_code: routeCode,
    settled_at: settledAt,
    settled_by: rec.recordedBy,
    reason,
    is_low_cost_visit: result.isLowCostVisit,
    ...amountColumns(totals),
    drug_amount: moneyText(totals.drugAmount),
    supply_amount: moneyText(totals.supplyAmount),
    patient_pays: moneyText(totals.patientPays),
    trace,
  };
  return { settlement: [settlement], settlement_line: lines };
}

function amountColumns(amounts: Amounts): Row {
  return {
    gross_amount: moneyText(amounts.grossAmount),
    insured_amount: moneyText(amounts.insuredAmount),
    insurer_pays: moneyText(amounts.insurerPays),
    copay: moneyText(amounts.copay),
    self_pay: moneyText(amounts.selfPay),
    other_payers: moneyText(amounts.otherPayers),
  };
}

export { answer as settlementAnswer };
