import type { Id } from '../../platform/ids.ts';
import type { Mistake, VisitPlan, VisitStep } from './plan.ts';

/** A kind of mistake; `spoil` gives null where a visit cannot have it. */
interface Kind extends Mistake {
  readonly spoil: (plan: VisitPlan) => readonly VisitStep[] | null;
}

type Body<K extends VisitStep['kind']> = Extract<VisitStep, { kind: K }>['body'];

/** The first step of that kind that `change` has something to say to, changed. */
const inStep =
  <K extends VisitStep['kind']>(kind: K, change: (body: Body<K>, plan: VisitPlan) => Body<K> | null) =>
  (plan: VisitPlan): readonly VisitStep[] | null => {
    for (const [index, step] of plan.steps.entries()) {
      const body = step.kind === kind ? change(step.body as Body<K>, plan) : null;
      if (body !== null) return plan.steps.with(index, { ...step, body } as VisitStep);
    }
    return null;
  };

/** The first of the list that is meant, changed; null when there is none. */
function firstOf<T>(all: readonly T[], isMeant: (one: T) => boolean, change: (one: T) => T): T[] | null {
  const index = all.findIndex(isMeant);
  return index < 0 ? null : all.with(index, change(all[index]!));
}

type Result = Body<'results'>['results'][number];
type Line = Body<'orders'>['lines'][number];
const lineOf = ({ steps }: VisitPlan, id: string): Line | undefined =>
  steps.flatMap((step) => (step.kind === 'orders' ? step.body.lines : [])).find((line) => line.id === id);
const inResult = (
  isMeant: (one: Result, line: Line) => boolean,
  change: (one: Result, line: Line) => Result,
) =>
  inStep('results', ({ results }, plan) => {
    const meant = (one: Result) => {
      const line = lineOf(plan, one.lineId);
      return line !== undefined && isMeant(one, line);
    };
    const changed = firstOf(results, meant, (one) => change(one, lineOf(plan, one.lineId)!));
    return changed && { results: changed };
  });
const inLine = (isMeant: (line: Line) => boolean, change: (line: Line) => Line) =>
  inStep('orders', ({ lines }) => {
    const changed = firstOf(lines, isMeant, change);
    return changed && { lines: changed };
  });

const isTest = ({ observations }: Result) => observations.length > 0;
const isAnalysis = (one: Result, { itemCode }: Line) => isTest(one) && /^2[23]\./.test(itemCode);
const later = (instant: string, minutes: number) =>
  new Date(Date.parse(instant) + minutes * 60_000).toISOString();
const without = <T extends object, K extends keyof T>(value: T, key: K): T => {
  const { [key]: _gone, ...rest } = value;
  return rest as T;
};
const isWholeDose = ({ dose = '' }: Line) => /\* \d+ lần\/ngày \* \d+ ngày/.test(dose);
const isSupply = ({ partOfServiceCode }: Line) => partOfServiceCode !== undefined;
const isStay = ({ classCode }: VisitPlan) => classCode === '03';
const ofStays =
  (spoil: Kind['spoil']): Kind['spoil'] =>
  (plan) =>
    isStay(plan) ? spoil(plan) : null;

const KINDS: readonly Kind[] = [
  {
    rule: 'ICD_SEX_LIMIT',
    severity: 'error',
    spoil: (plan) => {
      const sex = plan.steps.flatMap((step) => (step.kind === 'patient' ? [step.body.sexCode] : []))[0];
      const [code, name] = sex === '2' ? ['N40', 'Tăng sản tuyến tiền liệt'] : ['N92.0', 'Rong kinh'];
      return inStep('conditions', ({ conditions }) => {
        const [first] = conditions;
        return first
          ? { conditions: [...conditions, { id: otherId(first.id), role: 'secondary', code, name }] }
          : null;
      })(plan);
    },
  },
  {
    // Packages of a visit are counted from 1.
    rule: 'SUP_PACKAGE_FORMAT',
    severity: 'error',
    spoil: inLine(isSupply, (line) => ({ ...line, packageCode: 'G2' })),
  },
  {
    rule: 'BED_DAILY_SUM',
    severity: 'error',
    spoil: inStep('orders', ({ lines }) => {
      const [first, second] = lines.filter(({ bedCode }) => bedCode !== undefined);
      if (!first || !second) return null;
      const { orderedAt, performedAt, resultAt } = first;
      const times = { orderedAt, ...(performedAt && resultAt ? { performedAt, resultAt } : {}) };
      return { lines: lines.map((line) => (line === second ? { ...line, ...times } : line)) };
    }),
  },
  {
    rule: 'BED_DAY_COUNT_SHORT',
    severity: 'warning',
    spoil: (plan) => {
      const isWell = plan.steps.some(
        (step) =>
          step.kind === 'discharge' &&
          ['1', '2'].includes(step.body.outcomeCode) &&
          step.body.dischargeCode === '1',
      );
      return isWell
        ? inStep('orders', ({ lines }) => {
            const beds = lines.filter(({ bedCode }) => bedCode !== undefined);
            return beds.length < 2 ? null : { lines: lines.filter((line) => line !== beds.at(-1)) };
          })(plan)
        : null;
    },
  },
  {
    rule: 'DT_EXEC_TOO_SHORT',
    severity: 'warning',
    spoil: inResult(isTest, (one) => ({ ...one, resultAt: later(one.performedAt ?? one.resultAt, 1) })),
  },
  {
    rule: 'DT_EXEC_EQUALS_RESULT',
    severity: 'warning',
    spoil: inResult(isTest, (one) => ({ ...one, resultAt: one.performedAt ?? one.resultAt })),
  },
  {
    rule: 'STF_ORDERER_IS_EXECUTOR',
    severity: 'warning',
    spoil: inResult(isAnalysis, (one, { orderedByLicence }) => ({
      ...one,
      performedByLicences: [orderedByLicence],
    })),
  },
  {
    rule: 'ICD_EXTERNAL_CAUSE_MISSING',
    severity: 'warning',
    spoil: inStep('checkIn', (body) => (body.injuryCode === undefined ? null : without(body, 'injuryCode'))),
  },
  {
    rule: 'DRG_DOSE_FORMAT',
    severity: 'warning',
    spoil: inLine(isWholeDose, (line) => ({ ...line, dose: 'Uống theo chỉ dẫn của bác sĩ' })),
  },
  {
    rule: 'DRG_DOSE_TOTAL',
    severity: 'warning',
    spoil: inLine(isWholeDose, (line) => ({
      ...line,
      dose: line.dose!.replace(
        /\* (\d+) lần\/ngày/,
        (_all, times: string) => `* ${Number(times) + 1} lần/ngày`,
      ),
    })),
  },
  {
    rule: 'DRG_PRESCRIPTION_DAYS',
    severity: 'warning',
    spoil: inLine(isWholeDose, (line) => ({ ...line, dose: 'Dùng theo đơn, chia đều trong ngày * 45 ngày' })),
  },
  {
    rule: 'DRG_DUPLICATE_SAME_DAY',
    severity: 'warning',
    spoil: (plan) =>
      isStay(plan)
        ? null
        : inStep('orders', ({ lines }) => {
            const drug = lines.find(isWholeDose);
            return drug ? { lines: [...lines, { ...drug, id: otherId(drug.id) }] } : null;
          })(plan),
  },
  {
    // Whoever ran the analyser writes the prescription.
    rule: 'STF_ORDERING_RIGHTS',
    severity: 'warning',
    spoil: (plan) => {
      const done = plan.steps.flatMap((step) => (step.kind === 'results' ? step.body.results : []));
      const analysis = done.find((one) => {
        const line = lineOf(plan, one.lineId);
        return line !== undefined && isAnalysis(one, line);
      });
      const [technician] = analysis?.performedByLicences ?? [];
      return technician
        ? inLine(isWholeDose, (line) => ({ ...line, orderedByLicence: technician }))(plan)
        : null;
    },
  },
  {
    rule: 'NOTE_TABLE_FOR_TYPE',
    severity: 'warning',
    spoil: ofStays(({ steps }) => steps.filter(({ kind }) => kind !== 'notes')),
  },
  {
    rule: 'NOTE_DUPLICATE_TEXT',
    severity: 'warning',
    spoil: ofStays(
      inStep('notes', ({ notes }) => {
        const [first, second] = notes;
        if (!first || !second) return null;
        return { notes: notes.map((note) => (note === second ? { ...note, text: first.text } : note)) };
      }),
    ),
  },
  {
    rule: 'DIS_INPATIENT_REASONS',
    severity: 'warning',
    spoil: ofStays(
      inStep('discharge', (body) => (body.treatment === undefined ? null : without(body, 'treatment'))),
    ),
  },
];

/** Rules that only a planted mistake makes speak. */
export const PLANTED_RULES: readonly string[] = KINDS.map(({ rule }) => rule);

/** An id beside the one given, of the same moment. */
const otherId = (id: Id): Id =>
  `${id.slice(0, -1)}${((Number.parseInt(id.slice(-1), 16) + 1) % 16).toString(16)}` as Id;

/** The visit with one of the mistakes that it can have; as it is when it can have none. */
export function spoiled(plan: VisitPlan, pick: (mistakes: readonly Kind[]) => Kind): VisitPlan {
  const possible = KINDS.filter(({ spoil }) => spoil(plan) !== null);
  if (possible.length === 0) return plan;
  const { rule, severity, spoil } = pick(possible);
  return { ...plan, steps: spoil(plan)!, mistake: { rule, severity } };
}
