import { add, type Money, money, zero } from '../platform/money.ts';
import type { ApiAnswer, ApiClient, Credential } from './client.ts';
import { isHeld } from './mistakes.ts';
import type { FacilityDay, VisitPlan, VisitStep } from './visits/index.ts';

/** What the API answered, added up: the first of the three places the money is taken from. */
export interface Recorded {
  readonly recorded: number;
  readonly settled: number;
  readonly calls: number;
  /** Visits with insurance whose record is sent: each must become one claim. */
  readonly insured: number;
  /** Those that an error keeps from being sent. */
  readonly held: number;
  /** Of what is sent. */
  readonly insurerPays: Money;
}

export interface RecordOptions {
  readonly api: ApiClient;
  /** Who does this kind of step at that facility. */
  readonly tokenOf: (facilityCode: string, step: VisitStep['kind']) => Credential | Promise<Credential>;
  /** Virtual clinicians and cashiers at work at the same time. */
  readonly atWork: number;
  readonly onVisit?: () => void;
  /** What follows a settlement: the person goes to the desk. */
  readonly onSettled?: (plan: VisitPlan, patientPays: string) => Promise<void>;
  readonly onCall?: (step: VisitStep['kind'], milliseconds: number) => void;
}

/** A step that the API refused: the demo stops there, with what was answered. */
export class StepRefused extends Error {
  constructor(plan: VisitPlan, step: VisitStep, answer: ApiAnswer) {
    super(
      `${plan.facilityCode} ${plan.id} ${step.kind}: ${answer.status} ${JSON.stringify(answer.body).slice(0, 800)}`,
    );
    this.name = 'StepRefused';
  }
}

/** Virtual clinicians take visits one after the other, facility by facility in turn, and record each step over HTTP. */
export async function recordDay(days: readonly FacilityDay[], options: RecordOptions): Promise<Recorded> {
  const visits = inTurn(days);
  const sums = { recorded: 0, settled: 0, calls: 0, insured: 0, held: 0, insurerPays: zero as Money };
  const clinician = async () => {
    for (let next = visits.next(); !next.done; next = visits.next()) {
      const plan = next.value;
      const settlement = await recordVisit(plan, options, () => {
        sums.calls += 1;
      });
      sums.recorded += 1;
      if (settlement) sums.settled += 1;
      if (isHeld(plan)) sums.held += 1;
      else {
        if (plan.routeCode !== '9') sums.insured += 1;
        sums.insurerPays = add(sums.insurerPays, money(settlement?.totals.insurerPays ?? '0'));
      }
      options.onVisit?.();
    }
  };
  await Promise.all(Array.from({ length: options.atWork }, clinician));
  return sums;
}

/** One visit of each facility, then the second of each … as a real day would bring them. */
function* inTurn(days: readonly FacilityDay[]): Generator<VisitPlan, undefined> {
  let open = days.map((day) => day.visits());
  while (open.length > 0) {
    const still: typeof open = [];
    for (const visits of open) {
      const next = visits.next();
      if (next.done) continue;
      yield next.value;
      still.push(visits);
    }
    open = still;
  }
  return undefined;
}

interface Settled {
  readonly totals: { readonly insurerPays: string; readonly patientPays: string };
}

/** All steps of one visit in order, each with its own idempotency key and the version that was last seen. */
export async function recordVisit(
  plan: VisitPlan,
  options: RecordOptions,
  onCall: () => void,
): Promise<Settled | null> {
  let etag: string | null = null;
  let settlement: Settled | null = null;
  for (const [index, step] of plan.steps.entries()) {
    const path = pathOf(plan, step);
    const headers: Record<string, string> = { 'Idempotency-Key': `${plan.id}.${index}` };
    if ((step.kind === 'discharge' || step.kind === 'settle') && etag) headers['If-Match'] = etag;
    const credential = await options.tokenOf(plan.facilityCode, step.kind);
    const startedAt = performance.now();
    const answer = await options.api.call('POST', path, credential, step.body, headers);
    options.onCall?.(step.kind, performance.now() - startedAt);
    onCall();
    if (answer.status >= 300 && !isKnownPerson(step, answer)) throw new StepRefused(plan, step, answer);
    if (answer.etag && step.kind !== 'patient') etag = answer.etag;
    if (step.kind === 'settle') settlement = answer.body as Settled;
  }
  if (settlement) await options.onSettled?.(plan, settlement.totals.patientPays);
  return settlement;
}

/** Somebody who came before is in the system already, and so is their card. */
function isKnownPerson(step: VisitStep, answer: ApiAnswer): boolean {
  const { type } = answer.body as { type?: string };
  const known = type === '/problems/already-exists' || type === '/problems/coverage-overlap';
  return known && (step.kind === 'patient' || step.kind === 'coverage');
}

const ACTION = {
  checkIn: '',
  conditions: '/conditions',
  orders: '/orders',
  results: '/results',
  notes: '/notes',
  discharge: '/discharge',
  settle: '/settlement',
} as const;

function pathOf(plan: VisitPlan, step: VisitStep): string {
  if (step.kind === 'patient') return '/api/v1/patients';
  if (step.kind === 'coverage') return `/api/v1/patients/${plan.patientId}/coverages`;
  if (step.kind === 'checkIn') return '/api/v1/encounters';
  return `/api/v1/encounters/${plan.id}${ACTION[step.kind]}`;
}
