import type { Condition, LineResult, OrderLine } from '../../../schemas/api/encounters.ts';
import type { ItemLine } from '../../../schemas/catalogue-files/records.ts';
import { type Instant, instantAt, localDate, yearsBetween } from '../../platform/dates.ts';
import { derivedId, type Id } from '../../platform/ids.ts';
import { decimal, decimalText } from '../../platform/money.ts';
import type { Diary } from './diary.ts';
import { coverageOn, type Person } from './people.ts';
import type { VisitPlan, VisitStep } from './plan.ts';
import type { Random } from './random.ts';
import type { Scenario } from './scenarios.ts';
import type { Site, World } from './world.ts';

/** What the planning of one visit starts from. */
export interface Visit {
  readonly world: World;
  readonly site: Site;
  readonly person: Person;
  readonly random: Random;
  readonly diary: Diary;
  readonly seed: number;
  readonly index: number;
  /** Minutes after midnight of the day by which all is done. */
  readonly limit: number;
}

export type Line = OrderLine & { readonly id: Id };
export const MINUTE = 60_000;
/** Times are whole minutes since 1970, as the official tables write them. */
export const minuteOf = (date: string, minutes: number): number =>
  Date.parse(instantAt(date)) / MINUTE + minutes;
export const instant = (minute: number): Instant => new Date(minute * MINUTE).toISOString();

/** Test groups that name who did it and when it was ready. */
const BOOKED_GROUPS = ['2', '3', '8', '18'];
/** Minutes from start to result. */
const DURATION: Readonly<Record<string, readonly [number, number]>> = {
  '1': [18, 40],
  '2': [5, 9],
  '3': [5, 8],
  '18': [8, 12],
};

/** Ids and lines of one visit, as they are written down. */
export class Chart {
  readonly visit: Visit;
  readonly scenario: Scenario;
  readonly id: Id;
  readonly arrivedAt: number;
  #count = 0;

  constructor(visit: Visit, scenario: Scenario, arrivedAt: number) {
    this.visit = visit;
    this.scenario = scenario;
    this.arrivedAt = arrivedAt;
    this.id = this.derived('encounter');
  }

  /** A name that is the same whenever this plan is made again. */
  derived(name: string): Id {
    const { seed, world, site, index } = this.visit;
    return derivedId(
      this.arrivedAt * MINUTE,
      'demo-visit',
      String(seed),
      world.date,
      site.code,
      String(index),
      name,
    );
  }

  nextId(): Id {
    this.#count += 1;
    return this.derived(`part ${this.#count}`);
  }

  /** The item if it can be had here on the day of that minute. */
  item(itemCode: string, at: number): ItemLine | undefined {
    return this.visit.world.item(itemCode, this.visit.site.priceList, localDate(instant(at)));
  }

  line(
    itemCode: string,
    at: number,
    by: string,
    department: string,
    rest: Partial<OrderLine> = {},
  ): Line | undefined {
    if (!this.item(itemCode, at)) return undefined;
    return {
      id: this.nextId(),
      itemCode,
      quantity: '1',
      orderedAt: instant(at),
      orderedByLicence: by,
      departmentCode: department,
      conditionCodes: [this.scenario.primary],
      ...rest,
    };
  }

  /** `T01 1x3x5`: outpatients get the whole course, in-patients (no days) what one day needs. */
  drug(
    notation: string,
    at: number,
    by: string,
    department: string,
    rest: Partial<OrderLine> = {},
  ): Line | undefined {
    const [itemCode = '', pattern = '1x1'] = notation.split(' ');
    const [each = '1', times = '1', days = '1'] = pattern.split('x');
    const unit = this.item(itemCode, at)?.unit ?? '';
    const perDay = decimalText(decimal(each).times(decimal(times)));
    return this.line(itemCode, at, by, department, {
      quantity: decimalText(decimal(perDay).times(decimal(days))),
      dose: `${each} ${unit}/lần * ${times} lần/ngày * ${days} ngày [${perDay} ${unit}/ngày]`,
      instruction: times === '1' ? 'Dùng buổi sáng sau ăn' : 'Dùng sau ăn, chia đều trong ngày',
      ...rest,
    });
  }

  conditions(): (Condition & { id: Id })[] {
    const { random, world } = this.visit;
    const condition = (role: 'primary' | 'secondary', code: string) => ({
      id: this.nextId(),
      role,
      code,
      name: world.diagnosisName(code),
    });
    const others = (this.scenario.secondary ?? []).filter(() => random.chance(0.7));
    return [
      condition('primary', this.scenario.primary),
      ...others.map((code) => condition('secondary', code)),
    ];
  }

  /** Carries out a test or procedure that was ordered, with its result; nobody waits for staff beyond `latest`. */
  result(
    line: Line,
    item: ItemLine,
    from: number,
    latest: number,
  ): { readonly result: LineResult; readonly doneAt: number } {
    const { random, diary, site, world } = this.visit;
    const group = item.costGroupCode;
    const [shortest, longest] = DURATION[group] ?? [10, 15];
    const minutes = random.int(shortest, longest);
    const workers = this.workers(group, line.orderedByLicence);
    const { who, at } = BOOKED_GROUPS.includes(group)
      ? diary.book(workers, from, minutes, latest)
      : { who: random.pick(workers), at: from };
    const machines = item.details.machineGroup ? (site.machines.get(item.details.machineGroup) ?? []) : [];
    const result: LineResult = {
      lineId: line.id,
      performedAt: instant(at),
      performedByLicences: [who],
      ...(machines.length > 0 ? { machineCodes: [random.pick(machines)] } : {}),
      resultAt: instant(at + minutes),
      observations: world.template(line.itemCode) ? this.observations(line.itemCode, who) : [],
    };
    return { result, doneAt: at + minutes };
  }

  /** Doctors read images and operate, technicians run analysers, nurses dress wounds; not the one who ordered it. */
  workers(group: string, orderedBy: string): string[] {
    const titles = group === '1' ? ['KTV'] : group === '18' ? ['DD', 'HS'] : ['BS'];
    const { staff, setting } = this.visit.site;
    const fit = staff.filter((person) => titles.includes(person.title) && person.licenceNumber !== orderedBy);
    const department = group === '2' || group === '3' ? 'K40' : undefined;
    const own =
      setting === 'commune' || !department
        ? fit
        : fit.filter((person) => person.departmentCode === department);
    const people = own.length > 0 ? own : fit.length > 0 ? fit : staff;
    return people.map((person) => person.licenceNumber);
  }

  observations(itemCode: string, reader: string): LineResult['observations'] {
    const { random, world } = this.visit;
    const template = world.template(itemCode);
    const measured = (template?.indicators ?? []).map((entry) => ({
      id: this.nextId(),
      code: entry.code,
      name: entry.name,
      value: entry.values
        ? random.pick(entry.values)
        : random.decimalText(entry.low ?? '0', entry.high ?? '0', entry.decimals ?? 0),
      ...(entry.unit ? { unit: entry.unit } : {}),
      readByLicence: reader,
    }));
    if (!template?.findings) return measured;
    const finding = random.pick(template.findings);
    return [
      ...measured,
      {
        id: this.nextId(),
        name: this.item(itemCode, this.arrivedAt)?.name ?? itemCode,
        ...finding,
        readByLicence: reader,
      },
    ];
  }
}

/** `'22.0121.1369 40'`: ordered in 40 of 100 visits to a commune station, more readily where a laboratory is next door. */
export function chosenTests(chart: Chart, at: number): string[] {
  const { random, site } = chart.visit;
  const readiness = site.setting === 'commune' ? 1 : 1.8;
  return (chart.scenario.tests ?? []).flatMap((notation) => {
    const [itemCode = '', percent = '100'] = notation.split(' ');
    const isWanted = random.int(1, 100) <= Number(percent) * readiness;
    return isWanted && chart.item(itemCode, at) ? [itemCode] : [];
  });
}

/** Why this visit is covered, decided by the card and the way the patient came. */
export function routeOf(
  visit: Visit,
  isEmergency: boolean,
): { readonly routeCode: VisitPlan['routeCode']; readonly referredFrom: string | null } {
  const { site, person, random } = visit;
  if (person.cardGroup === null) return { routeCode: '9', referredFrom: null };
  if (site.setting === 'commune') return { routeCode: '1.2', referredFrom: null };
  // The first code of the official table that fits: the registered facility, a transfer, an emergency.
  if (person.registeredFacilityCode === site.code) return { routeCode: '1.1', referredFrom: null };
  if (isEmergency) return { routeCode: '2', referredFrom: null };
  const isSentBack = site.above.length > 0 && random.chance(0.04);
  if (isSentBack) return { routeCode: '1.3', referredFrom: random.pick(site.above) };
  return {
    routeCode: '1.3',
    referredFrom: site.below.includes(person.registeredFacilityCode)
      ? person.registeredFacilityCode
      : random.pick(site.below),
  };
}

/** The steps at the door: person, the card of the day of arrival, check-in. */
export function arrivalSteps(
  chart: Chart,
  checkIn: Omit<
    Extract<VisitStep, { kind: 'checkIn' }>['body'],
    'id' | 'patientId' | 'arrivedAt' | 'reason' | 'provisionalDiagnosis'
  >,
): VisitStep[] {
  const { person, world } = chart.visit;
  const at = instant(chart.arrivedAt);
  const coverage = coverageOn(person, localDate(at));
  return [
    { kind: 'patient', at, body: person.patient },
    ...(coverage ? [{ kind: 'coverage' as const, at, body: coverage }] : []),
    {
      kind: 'checkIn',
      at,
      body: {
        ...checkIn,
        id: chart.id,
        patientId: person.id,
        ...(coverage ? { coverageIds: [coverage.id] } : {}),
        arrivedAt: at,
        reason: chart.scenario.reason,
        provisionalDiagnosis: world.diagnosisName(chart.scenario.primary),
      },
    },
  ];
}

/** Weight by age, in kg with one decimal. */
export function weightOf(visit: Visit): string {
  const { birthDate, sexCode } = visit.person.patient;
  const age = yearsBetween(birthDate, visit.world.date);
  if (age < 1) return visit.random.decimalText('5.0', '9.5', 1);
  if (age < 16) return visit.random.decimalText(`${8 + age * 2}.0`, `${11 + age * 3}.0`, 1);
  return sexCode === '1'
    ? visit.random.decimalText('48.0', '78.0', 1)
    : visit.random.decimalText('42.0', '66.0', 1);
}
