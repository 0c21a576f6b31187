import type { Discharge, Note, OrderLine } from '../../../schemas/api/encounters.ts';
import { addDays, daysBetween, type LocalDate, localDate } from '../../platform/dates.ts';
import type { Id } from '../../platform/ids.ts';
import {
  arrivalSteps,
  Chart,
  chosenTests,
  instant,
  type Line,
  MINUTE,
  minuteOf,
  routeOf,
  type Visit,
  weightOf,
} from './care.ts';
import { carryOut, doctorsOf, paper, resultSteps } from './outpatient.ts';
import type { VisitPlan, VisitStep } from './plan.ts';
import type { StayScenario } from './scenarios.ts';

/** How a stay ends, decided before its bed-days are counted because the law counts them by it. */
interface Ending {
  readonly endedAt: number;
  readonly outcomeCode: string;
  readonly dischargeCode: '1' | '2' | '4' | '5';
  readonly destinationFacilityCode?: string;
}

interface Stay {
  readonly chart: Chart;
  readonly scenario: StayScenario;
  readonly doctor: string;
  readonly admittedAt: number;
  readonly ending: Ending;
}

/** A stay that began one to five days earlier and ends on the day. */
export function planStay(visit: Visit, scenario: StayScenario): VisitPlan {
  const { random, world, site, limit } = visit;
  const firstDay = addDays(world.date, -random.int(1, 5));
  const arrivedAt = minuteOf(firstDay, random.int(7 * 60, 15 * 60));
  const chart = new Chart(visit, scenario, arrivedAt);
  const latest = lateEvening(chart);
  const isEmergency = scenario.exam === '01.1895' || random.chance(0.3);
  const { routeCode, referredFrom } = routeOf(visit, isEmergency);
  const [examiner = ''] = doctorsOf(visit, isEmergency ? 'K02' : 'K01');
  const stay: Stay = {
    chart,
    scenario,
    doctor: random.pick(doctorsOf(visit, scenario.ward)),
    admittedAt: arrivedAt + random.int(40, 110),
    ending: endingOf(visit, Math.min(limit - 20, random.int(8 * 60 + 30, 16 * 60))),
  };
  const door = isEmergency ? 'K02' : 'K01';
  const examAt = arrivedAt + random.int(3, 10);
  const exam = chart.line(isEmergency ? '01.1895' : scenario.exam, examAt, examiner, door, {
    performedAt: instant(examAt + 2),
    performedByLicences: [examiner],
  });
  const tests = chosenTests(chart, examAt).map((itemCode) =>
    chart.line(itemCode, examAt + 5, examiner, door),
  );
  const round1 = [exam, ...tests].filter((line) => line !== undefined);
  const tested = carryOut(chart, round1.slice(1), examAt + 10, latest);
  const treated = treatmentLines(stay, Math.max(stay.admittedAt, tested.doneAt) + 15);
  const settledAt = stay.ending.endedAt + random.int(3, 15);

  const steps: VisitStep[] = [
    ...arrivalSteps(chart, {
      recordNumber: `BA-${site.code}-${world.date.replaceAll('-', '')}-${String(visit.index + 1).padStart(4, '0')}`,
      departmentCode: door,
      classCode: '03',
      routeCode,
      ...(isEmergency ? { routeFacts: { isEmergency } } : {}),
      admittedAt: instant(stay.admittedAt),
      admissionReason: scenario.reason,
      weightKg: weightOf(visit),
      ...(referredFrom ? { referral: paper(visit, referredFrom) } : {}),
      signerLicence: site.signerLicence,
    }),
    { kind: 'conditions', at: instant(examAt + 2), body: { conditions: chart.conditions() } },
    { kind: 'orders', at: instant(examAt + 5), body: { lines: round1 } },
    ...resultSteps(tested.results, tested.doneAt),
    {
      kind: 'orders',
      at: instant(stay.ending.endedAt),
      body: { lines: [...bedLines(stay), ...treated.lines, ...dailyDrugs(stay), ...homeDrugs(stay)] },
    },
    ...resultSteps(treated.results, treated.doneAt),
    { kind: 'notes', at: instant(stay.ending.endedAt), body: { notes: notesOf(stay, treated.operation) } },
    { kind: 'discharge', at: instant(stay.ending.endedAt), body: dischargeOf(stay, treated.procedureCodes) },
    { kind: 'settle', at: instant(settledAt), body: { settledAt: instant(settledAt) } },
  ];
  return {
    id: chart.id,
    facilityCode: site.code,
    patientId: visit.person.id,
    classCode: '03',
    routeCode,
    arrivedAt: instant(arrivedAt),
    endedAt: instant(stay.ending.endedAt),
    settledAt: instant(settledAt),
    steps,
  };
}

function endingOf({ random, world, site }: Visit, minutes: number): Ending {
  const endedAt = minuteOf(world.date, minutes);
  if (site.above.length > 0 && random.chance(0.08))
    return {
      endedAt,
      outcomeCode: '3',
      dischargeCode: '2',
      destinationFacilityCode: random.pick(site.above),
    };
  if (site.setting === 'province' && random.chance(0.1))
    return {
      endedAt,
      outcomeCode: '2',
      dischargeCode: random.chance(0.7) ? '2' : '5',
      destinationFacilityCode: random.pick(site.below),
    };
  if (random.chance(0.03)) return { endedAt, outcomeCode: '3', dischargeCode: '4' };
  return { endedAt, outcomeCode: random.chance(0.35) ? '1' : '2', dischargeCode: '1' };
}

/** Work of the first day that would go on longer is done by somebody called in. */
const lateEvening = (chart: Chart) => minuteOf(dayOf(chart.arrivedAt), 21 * 60);

const dayOf = (minute: number): LocalDate => localDate(instant(minute));

/**
 * Billable bed-days: one for a stay from 4 to under 24 hours, else last day minus first day; one more for a patient
 * still ill who goes elsewhere. @source TT 39/2024/TT-BYT Đ4c k1 (start = admission to the ward)
 */
export function bedDays(
  admittedAt: number,
  ending: Pick<Ending, 'endedAt' | 'outcomeCode' | 'dischargeCode'>,
): number {
  const hours = (ending.endedAt - admittedAt) / 60;
  if (hours < 4) return 0;
  if (hours < 24) return 1;
  const isStillIll =
    ['3', '4', '5', '6'].includes(ending.outcomeCode) || ['2', '3', '4'].includes(ending.dischargeCode);
  return daysBetween(dayOf(admittedAt), dayOf(ending.endedAt)) + (isStillIll ? 1 : 0);
}

/** One line per day in bed, so that no day carries more than one. */
function bedLines({ chart, scenario, doctor, admittedAt, ending }: Stay): Line[] {
  const { index, world } = chart.visit;
  const bedCode = `H${String(1 + ((index + daysBetween('2025-01-01', world.date) * 97) % 999)).padStart(3, '0')}`;
  return Array.from({ length: bedDays(admittedAt, ending) }, (_, day) => {
    const from = day === 0 ? admittedAt : minuteOf(addDays(dayOf(admittedAt), day), 7 * 60);
    const to = Math.min(minuteOf(addDays(dayOf(admittedAt), day + 1), 7 * 60), ending.endedAt);
    const times = { performedAt: instant(Math.min(from, to)), resultAt: instant(to) };
    return chart.line(scenario.bed, Math.min(from, to), doctor, scenario.ward, { bedCode, ...times });
  }).filter((line) => line !== undefined);
}

/** Operation, procedure, supplies used with them, and the ambulance. */
function treatmentLines(stay: Stay, from: number) {
  const { chart, scenario, doctor } = stay;
  const operation = scenario.surgery ? operate(stay, scenario.surgery, from) : undefined;
  const after = operation ? operation.doneAt + 10 : from;
  const procedure = scenario.procedure
    ? chart.line(scenario.procedure, after, doctor, scenario.ward)
    : undefined;
  const done = carryOut(chart, procedure ? [procedure] : [], after + 5, lateEvening(chart));
  const main = operation?.line ?? procedure;
  const service = main && chart.item(main.itemCode, from)?.officialCode;
  const supplies = (scenario.supplies ?? []).map((notation) => {
    const [itemCode = '', quantity = '1'] = notation.split(' ');
    return chart.line(itemCode, from, doctor, scenario.ward, {
      quantity,
      ...(service ? { partOfServiceCode: service } : {}),
    });
  });
  const codes = [operation?.line, procedure].map(
    (line) => line && chart.item(line.itemCode, from)?.details.procedureCode,
  );
  return {
    lines: [operation?.line, ...(operation?.drugs ?? []), procedure, ...supplies, ambulance(stay)].filter(
      (line) => line !== undefined,
    ),
    results: done.results,
    doneAt: Math.max(done.doneAt, after),
    operation,
    procedureCodes: [...new Set(codes.filter((code) => code !== undefined))],
  };
}

function operate(
  { chart, scenario, doctor }: Stay,
  surgery: NonNullable<StayScenario['surgery']>,
  from: number,
) {
  const { diary, site, random } = chart.visit;
  const surgeons = chart.workers('8', doctor);
  const { who, at } = diary.book(surgeons, from + 15, surgery.minutes, lateEvening(chart));
  const machines = site.machines.get('PT') ?? [];
  const rest: Partial<OrderLine> = {
    performedAt: instant(at),
    performedByLicences: [who],
    resultAt: instant(at + surgery.minutes),
    anaesthesiaCode: surgery.anaesthesiaCode,
    surgeryRole: 'main',
    ...(machines.length > 0 ? { machineCodes: [random.pick(machines)] } : {}),
  };
  const line = chart.line(surgery.item, from, doctor, scenario.ward, rest);
  const drugs = surgery.drugs.map((notation) =>
    chart.drug(notation, from, doctor, scenario.ward, { performedAt: instant(at) }),
  );
  return line ? { line, drugs, doneAt: at + surgery.minutes } : undefined;
}

/** Fuel of the ambulance for groups that the law names, when a stay ends at a higher hospital. @source NĐ 188/2025/NĐ-CP Đ14 */
function ambulance({ chart, scenario, doctor, ending }: Stay): Line | undefined {
  const { person, random } = chart.visit;
  const isEntitled =
    person.cardGroup !== null && ['HN', 'DT', 'KC', 'BT', 'CC'].includes(person.cardGroup.slice(0, 2));
  if (!isEntitled || ending.dischargeCode !== '2' || !ending.destinationFacilityCode) return undefined;
  // 0.2 litre for each of 20 to 90 km.
  const quantity = random.decimalText('4.0', '18.0', 1);
  const at = ending.endedAt - 5;
  const done = { performedAt: instant(at), fuelCode: 'D5S2V1' };
  return chart.line(`VC.${ending.destinationFacilityCode}`, at, doctor, scenario.ward, { quantity, ...done });
}

/** What is given in the ward, written up anew each day. */
function dailyDrugs({ chart, scenario, doctor, admittedAt, ending }: Stay): Line[] {
  const nights = daysBetween(dayOf(admittedAt), dayOf(ending.endedAt));
  return Array.from({ length: nights }, (_, day) => {
    const at = day === 0 ? admittedAt + 10 : minuteOf(addDays(dayOf(admittedAt), day), 8 * 60);
    return scenario.daily.map((notation) =>
      chart.drug(notation, at, doctor, scenario.ward, { performedAt: instant(at + 20) }),
    );
  })
    .flat()
    .filter((line) => line !== undefined);
}

function homeDrugs({ chart, scenario, doctor, ending }: Stay): Line[] {
  if (ending.dischargeCode !== '1') return [];
  const at = ending.endedAt - 15;
  return scenario.drugs
    .map((notation) => chart.drug(notation, at, doctor, scenario.ward))
    .filter((line) => line !== undefined);
}

/** One note a day: admission, the course with its vital signs, discharge. */
function notesOf(
  { chart, scenario, doctor, admittedAt, ending }: Stay,
  operation: { readonly line: Line; readonly doneAt: number } | undefined,
) {
  const { random, world } = chart.visit;
  const nights = daysBetween(dayOf(admittedAt), dayOf(ending.endedAt));
  const note = (at: number, text: string, rest: Partial<Note> = {}): Note & { id: Id } => ({
    id: chart.nextId(),
    at: instant(at),
    text,
    authorLicence: doctor,
    ...rest,
  });
  const signs = () =>
    `mạch ${random.int(72, 96)} lần/phút, nhiệt độ ${random.decimalText('36.6', '38.4', 1)} độ C, huyết áp ${random.int(105, 145)}/${random.int(60, 88)} mmHg`;
  const surgery = operation && chart.item(operation.line.itemCode, admittedAt)?.name;
  return [
    note(admittedAt + 5, `Vào viện: ${scenario.reason}. ${scenario.finding}; ${signs()}.`),
    ...(operation && surgery
      ? [
          note(operation.doneAt, `Sau phẫu thuật: người bệnh tỉnh, ${signs()}.`, {
            surgery: `${surgery}; diễn biến thuận lợi`,
          }),
        ]
      : []),
    ...Array.from({ length: nights - 1 }, (_, day) =>
      note(
        minuteOf(addDays(dayOf(admittedAt), day + 1), 8 * 60 + random.int(0, 40)),
        `Ngày điều trị thứ ${day + 2}: ${signs()}. Tiếp tục theo dõi ${world.diagnosisName(scenario.primary).toLowerCase()}.`,
      ),
    ),
    note(
      ending.endedAt - 10,
      `Ra viện: ${signs()}. ${ending.dischargeCode === '1' ? 'Tình trạng ổn định, cho ra viện.' : 'Bàn giao hồ sơ cho nơi tiếp nhận hoặc gia đình.'}`,
    ),
  ];
}

function dischargeOf({ chart, scenario, ending }: Stay, procedureCodes: readonly string[]): Discharge {
  const { random, world, site } = chart.visit;
  const { endedAt, ...how } = ending;
  return {
    endedAt: new Date(endedAt * MINUTE).toISOString(),
    ...how,
    finalDiagnosis: world.diagnosisName(scenario.primary),
    treatment: scenario.treatment,
    advice: 'Nghỉ ngơi, dùng thuốc theo đơn, khám lại khi có dấu hiệu bất thường',
    ...(how.dischargeCode === '1' ? { followUpDates: [addDays(world.date, 14)] } : {}),
    ...(scenario.birth ? { birthWeightsGrams: [String(random.int(27, 38) * 100)] } : {}),
    ...(procedureCodes.length > 0 ? { procedureCodes: [...procedureCodes] } : {}),
    signerLicence: site.signerLicence,
  };
}
