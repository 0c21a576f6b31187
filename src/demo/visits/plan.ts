import type {
  CheckIn,
  Condition,
  Discharge,
  LineResult,
  Note,
  OrderLine,
  WholeVisit,
} from '../../../schemas/api/encounters.ts';
import type { CoverageCreate, PatientCreate } from '../../../schemas/api/patients.ts';
import type { Instant } from '../../platform/dates.ts';
import type { Id } from '../../platform/ids.ts';

type WithId<T> = T & { readonly id: Id };

/** What a virtual clinician or cashier does next. `at` = when it would have been done; `body` = what is recorded. */
export type VisitStep =
  | { readonly kind: 'patient'; readonly at: Instant; readonly body: WithId<PatientCreate> }
  | { readonly kind: 'coverage'; readonly at: Instant; readonly body: WithId<CoverageCreate> }
  | { readonly kind: 'checkIn'; readonly at: Instant; readonly body: WithId<CheckIn> }
  | {
      readonly kind: 'conditions';
      readonly at: Instant;
      readonly body: { readonly conditions: WithId<Condition>[] };
    }
  | { readonly kind: 'orders'; readonly at: Instant; readonly body: { readonly lines: WithId<OrderLine>[] } }
  | { readonly kind: 'results'; readonly at: Instant; readonly body: { readonly results: LineResult[] } }
  | { readonly kind: 'notes'; readonly at: Instant; readonly body: { readonly notes: WithId<Note>[] } }
  | { readonly kind: 'discharge'; readonly at: Instant; readonly body: Discharge }
  | { readonly kind: 'settle'; readonly at: Instant; readonly body: { readonly settledAt: Instant } };

type BodyOf<K extends VisitStep['kind']> = Extract<VisitStep, { kind: K }>['body'];

/** What was recorded wrongly in a visit, in a way that the API rightly accepts, and which rule must say so. */
export interface Mistake {
  readonly rule: string;
  /** An error keeps the record from being sent, a warning does not. */
  readonly severity: 'error' | 'warning';
}

/** One visit, in the order in which it is recorded: patient, card, check-in … settlement. */
export interface VisitPlan {
  readonly id: Id;
  readonly facilityCode: string;
  readonly patientId: Id;
  /** 01 out-patient, 03 in-patient. */
  readonly classCode: '01' | '03';
  /** 1.1, 1.2, 1.3, 2, or 9 = no card and so no claim. */
  readonly routeCode: '1.1' | '1.2' | '1.3' | '2' | '9';
  readonly arrivedAt: Instant;
  readonly endedAt: Instant;
  readonly settledAt: Instant;
  readonly steps: readonly VisitStep[];
  /** Absent = well recorded. */
  readonly mistake?: Mistake;
}

/** The same visit as one body, for the call that takes a whole finished visit. */
export function wholeVisit(plan: VisitPlan): WholeVisit {
  const all = <K extends VisitStep['kind']>(kind: K) =>
    plan.steps.flatMap((step) => (step.kind === kind ? [step.body as BodyOf<K>] : []));
  const [patient] = all('patient');
  const [checkIn] = all('checkIn');
  const [discharge] = all('discharge');
  if (!patient || !checkIn || !discharge) throw new RangeError(`the plan ${plan.id} is not a whole visit`);
  const { patientId: _patient, coverageIds: _coverages, ...arrival } = checkIn;
  return {
    ...arrival,
    patient,
    coverages: all('coverage'),
    conditions: all('conditions').flatMap((body) => body.conditions),
    lines: all('orders').flatMap((body) => body.lines),
    results: all('results').flatMap((body) => body.results),
    notes: all('notes').flatMap((body) => body.notes),
    discharge,
    settledAt: plan.settledAt,
  };
}
