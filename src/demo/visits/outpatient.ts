import type { Discharge } from '../../../schemas/api/encounters.ts';
import { addDays } from '../../platform/dates.ts';
import {
  arrivalSteps,
  Chart,
  chosenTests,
  instant,
  type Line,
  minuteOf,
  routeOf,
  type Visit,
  weightOf,
} from './care.ts';
import type { VisitPlan, VisitStep } from './plan.ts';
import type { Scenario } from './scenarios.ts';

const OPENING = 6 * 60 + 30;
/** Longest consultation with every test and nobody in the way, so that the last arrivals are still served. */
const TAIL = 200;
/** Minutes before the end of the day after which nobody is kept waiting for a free doctor, test or nurse. */
const NO_WAITING = { exam: 180, test: 140, procedure: 25 };

/** Examination, tests, results, drugs, and home or on to another facility, all on one day. */
export function planConsultation(visit: Visit, scenario: Scenario): VisitPlan {
  const { random, world, site, limit } = visit;
  const isEmergency = site.setting !== 'commune' && random.chance(scenario.injuryCode ? 0.6 : 0.03);
  const opening = Math.min(OPENING, Math.max(0, limit - TAIL));
  const last = Math.max(opening, limit - TAIL);
  const arrivedAt = minuteOf(
    world.date,
    random.chance(0.65) ? random.int(opening, Math.floor((opening + last) / 2)) : random.int(opening, last),
  );
  const latest = minuteOf(world.date, limit);
  const chart = new Chart(visit, scenario, arrivedAt);
  const department = isEmergency ? 'K02' : 'K01';
  const { routeCode, referredFrom } = routeOf(visit, isEmergency);
  const doctors = doctorsOf(visit, department);
  const exam = isEmergency ? '01.1895' : scenario.exam;
  const { who: doctor, at: examAt } = visit.diary.book(
    doctors,
    arrivedAt + random.int(3, 12),
    2,
    latest - NO_WAITING.exam,
  );

  const tests = chosenTests(chart, examAt);
  const testsAt = examAt + random.int(3, 6);
  const round1 = [
    chart.line(exam, examAt, doctor, department, {
      performedAt: instant(examAt + 1),
      performedByLicences: [doctor],
    }),
    ...tests.map((itemCode) => chart.line(itemCode, testsAt, doctor, department)),
  ].filter((line) => line !== undefined);
  const done = carryOut(chart, round1.slice(1), testsAt + random.int(4, 10), latest - NO_WAITING.test);
  const round2At = Math.max(done.doneAt, testsAt) + random.int(2, 6);
  const round2 = secondRound(chart, round2At, doctor, department);
  const procedures = carryOut(
    chart,
    round2.filter((line) => line.itemCode === scenario.procedure),
    round2At + random.int(3, 8),
    latest - NO_WAITING.procedure,
  );
  const endedAt = Math.max(procedures.doneAt, round2At) + random.int(3, 6);
  const settledAt = endedAt + random.int(2, 8);

  const steps: VisitStep[] = [
    ...arrivalSteps(chart, {
      recordNumber: `HS-${site.code}-${world.date.replaceAll('-', '')}-${String(visit.index + 1).padStart(4, '0')}`,
      departmentCode: department,
      classCode: '01',
      routeCode,
      ...(isEmergency ? { routeFacts: { isEmergency } } : {}),
      weightKg: weightOf(visit),
      ...(referredFrom ? { referral: paper(visit, referredFrom) } : {}),
      ...(scenario.injuryCode ? { injuryCode: scenario.injuryCode } : {}),
      signerLicence: site.signerLicence,
    }),
    { kind: 'conditions', at: instant(examAt + 1), body: { conditions: chart.conditions() } },
    { kind: 'orders', at: instant(testsAt), body: { lines: round1 } },
    ...resultSteps(done.results, done.doneAt),
    ...(round2.length > 0
      ? [{ kind: 'orders' as const, at: instant(round2At), body: { lines: round2 } }]
      : []),
    ...resultSteps(procedures.results, procedures.doneAt),
    ...noteSteps(chart, examAt + 2, doctor),
    {
      kind: 'discharge',
      at: instant(endedAt),
      body: discharge(chart, endedAt, procedures.results.length > 0),
    },
    { kind: 'settle', at: instant(settledAt), body: { settledAt: instant(settledAt) } },
  ];
  return {
    id: chart.id,
    facilityCode: site.code,
    patientId: visit.person.id,
    classCode: '01',
    routeCode,
    arrivedAt: instant(arrivedAt),
    endedAt: instant(endedAt),
    settledAt: instant(settledAt),
    steps,
  };
}

/** Drugs, and the procedure with its supplies where the scenario has one. */
function secondRound(chart: Chart, at: number, doctor: string, department: string): Line[] {
  const { scenario } = chart;
  const { random } = chart.visit;
  const isTreated =
    scenario.procedure === undefined || scenario.injuryCode !== undefined || random.chance(0.6);
  const procedure =
    isTreated && scenario.procedure ? chart.line(scenario.procedure, at, doctor, department) : undefined;
  const service = procedure && chart.item(procedure.itemCode, at)?.officialCode;
  const supplies = isTreated ? (scenario.supplies ?? []) : [];
  return [
    ...scenario.drugs.map((notation) => chart.drug(notation, at, doctor, department)),
    procedure,
    ...supplies.map((notation) => {
      const [itemCode = '', quantity = '1'] = notation.split(' ');
      return chart.line(itemCode, at, doctor, department, {
        quantity,
        ...(service ? { partOfServiceCode: service } : {}),
      });
    }),
  ].filter((line) => line !== undefined);
}

/** Tests and procedures one after another, each with its result. */
export function carryOut(chart: Chart, lines: readonly Line[], from: number, latest: number) {
  const results = [];
  let doneAt = 0;
  let start = from;
  for (const line of lines) {
    const item = chart.item(line.itemCode, Date.parse(line.orderedAt) / 60_000);
    if (!item) continue;
    const one = chart.result(line, item, start, latest);
    results.push(one.result);
    doneAt = Math.max(doneAt, one.doneAt);
    // Blood is drawn and the patient walks on; for everything else they stay until it is done.
    start = item.costGroupCode === '1' ? start + 1 : one.doneAt + 2;
  }
  return { results, doneAt };
}

export function resultSteps(
  results: Extract<VisitStep, { kind: 'results' }>['body']['results'],
  doneAt: number,
): VisitStep[] {
  return results.length > 0 ? [{ kind: 'results', at: instant(doneAt), body: { results } }] : [];
}

/** The doctors of the department, else whoever may prescribe. */
export function doctorsOf({ site }: Visit, department: string): string[] {
  const own = site.staff.filter((person) => person.title === 'BS' && person.departmentCode === department);
  const any =
    own.length > 0 ? own : site.staff.filter((person) => person.title === 'BS' || person.title === 'YS');
  return (any.length > 0 ? any : site.staff).map((person) => person.licenceNumber);
}

export function paper({ random, world }: Visit, fromFacilityCode: string) {
  return {
    fromFacilityCode,
    paperNumber: `${fromFacilityCode}-${world.date.slice(2, 4)}-${String(random.int(1, 99_999)).padStart(5, '0')}/GCT`,
  };
}

function noteSteps(chart: Chart, at: number, authorLicence: string): VisitStep[] {
  if (!chart.visit.random.chance(0.3)) return [];
  const text = `${chart.scenario.reason}. ${chart.scenario.finding}.`;
  return [
    {
      kind: 'notes',
      at: instant(at),
      body: { notes: [{ id: chart.nextId(), at: instant(at), text, authorLicence }] },
    },
  ];
}

function discharge(chart: Chart, endedAt: number, isTreated: boolean): Discharge {
  const { visit, scenario } = chart;
  const { random, world, site } = visit;
  const goesUp = site.above.length > 0 && random.chance(site.setting === 'commune' ? 0.06 : 0.03);
  const goesDown = !goesUp && site.below.length > 0 && scenario.chronic === true && random.chance(0.05);
  const procedures =
    isTreated && scenario.procedure
      ? chart.item(scenario.procedure, endedAt)?.details.procedureCode
      : undefined;
  const moves = goesUp
    ? {
        outcomeCode: '3',
        dischargeCode: random.chance(0.8) ? '2' : '5',
        destinationFacilityCode: random.pick(site.above),
      }
    : goesDown
      ? { outcomeCode: '2', dischargeCode: '2', destinationFacilityCode: random.pick(site.below) }
      : { outcomeCode: random.chance(0.3) ? '1' : '2', dischargeCode: '1' };
  return {
    endedAt: instant(endedAt),
    ...moves,
    finalDiagnosis: world.diagnosisName(scenario.primary),
    treatment: 'Kê đơn điều trị ngoại trú',
    advice: 'Dùng thuốc theo đơn, khám lại khi có dấu hiệu bất thường',
    ...(scenario.chronic && moves.dischargeCode === '1' ? { followUpDates: [addDays(world.date, 28)] } : {}),
    ...(procedures ? { procedureCodes: [procedures] } : {}),
    signerLicence: site.signerLicence,
  };
}
