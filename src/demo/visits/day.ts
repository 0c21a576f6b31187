import { daysBetween, type Instant, instantAt, type LocalDate, yearsBetween } from '../../platform/dates.ts';
import type { Province } from '../../seed/province-files.ts';
import { Diary } from './diary.ts';
import { planStay } from './inpatient.ts';
import { spoiled } from './mistakes.ts';
import { planConsultation } from './outpatient.ts';
import { type Person, POOL_SIZE, personAt } from './people.ts';
import type { VisitPlan } from './plan.ts';
import { randomFrom } from './random.ts';
import { INPATIENT, OUTPATIENT, type Scenario } from './scenarios.ts';
import { type Setting, type World, worldOn } from './world.ts';

export interface DayRequest {
  readonly seed: number;
  /** The day on which the visits end; in-patients came one to five days before. */
  readonly date: LocalDate;
  readonly province: Province;
  /** Codes of the facilities that take part; all when absent. */
  readonly facilities?: readonly string[];
  readonly count: number;
  /** No time of any visit is later; end of the working day when absent. */
  readonly until?: Instant;
  /** Share of the insured visits that are recorded wrongly; none when absent. */
  readonly wrong?: number;
}

/** The visits of one facility, planned while they are read; every reading gives the same ones. */
export interface FacilityDay {
  readonly facilityCode: string;
  readonly count: number;
  visits(): Generator<VisitPlan>;
}

/** Share of the day's visits per facility, and how many of them are stays: together the mix of a province. */
const LOAD: Readonly<Record<Setting, { readonly weight: number; readonly stays: number }>> = {
  commune: { weight: 1, stays: 0 },
  district: { weight: 17.5, stays: 0.075 },
  province: { weight: 7, stays: 0.23 },
};

/**
 * A day of the province: who comes where with what, and what is done. Pure: the same request gives the same plans.
 * @throws RangeError with a message key of the group `demo` when there is no facility, or no time left on that day
 */
export function planDay(request: DayRequest): readonly FacilityDay[] {
  const world = worldOn(request.province, request.date);
  const codes = request.facilities ?? world.siteCodes;
  if (codes.length === 0) throw new RangeError('demo.day.noFacilities');
  const limit = lastMinute(request);
  const counts = shareOut(world, codes, request.count);
  return codes.flatMap((facilityCode, index) => {
    const count = counts[index] ?? 0;
    if (count === 0) return [];
    const visits = () => visitsOf(world, request.seed, facilityCode, count, limit);
    return [{ facilityCode, count, visits: () => withMistakes(visits(), request) }];
  });
}

/** Which visits are wrong, and how, follows from their own ids: the others are the same whatever the share. */
function* withMistakes(visits: Generator<VisitPlan>, { seed, wrong = 0 }: DayRequest): Generator<VisitPlan> {
  for (const plan of visits) {
    const random = randomFrom('mistake', seed, plan.id);
    const isWrong = plan.routeCode !== '9' && random.chance(wrong);
    yield isWrong ? spoiled(plan, (possible) => random.pick(possible)) : plan;
  }
}

/** Minutes after midnight by which every cashier has finished. */
function lastMinute({ date, until }: DayRequest): number {
  const closing = 18 * 60 + 30;
  if (until === undefined) return closing;
  const minutes = Math.floor((Date.parse(until) - Date.parse(instantAt(date))) / 60_000);
  if (minutes < 3 * 60) throw new RangeError('demo.day.tooEarly');
  return Math.min(closing, minutes);
}

/** One visit for each facility while they last, the rest by weight; largest remainders first, so it always adds up. */
function shareOut(world: World, codes: readonly string[], count: number): number[] {
  if (count <= codes.length)
    return codes.map(
      (_, index) =>
        Math.floor(((index + 1) * count) / codes.length) - Math.floor((index * count) / codes.length),
    );
  const weights = codes.map((code) => LOAD[world.settingOf(code)].weight);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const wanted = weights.map((weight) => Math.max(1, (count * weight) / total));
  const excess = wanted.reduce((sum, entry) => sum + entry, 0) - count;
  const above = wanted.reduce((sum, entry) => sum + entry - 1, 0);
  const exact = wanted.map((entry) => entry - (above === 0 ? 0 : (excess * (entry - 1)) / above));
  const counts = exact.map((entry) => Math.floor(entry + 1e-9));
  const byRemainder = exact
    .map((entry, index) => [entry - (counts[index] ?? 0), index] as const)
    .toSorted((a, b) => b[0] - a[0] || a[1] - b[1]);
  let left = count - counts.reduce((sum, entry) => sum + entry, 0);
  for (const [, index] of byRemainder) {
    if (left === 0) break;
    counts[index] = (counts[index] ?? 0) + 1;
    left -= 1;
  }
  return counts;
}

function* visitsOf(
  world: World,
  seed: number,
  facilityCode: string,
  count: number,
  limit: number,
): Generator<VisitPlan> {
  const site = world.site(facilityCode);
  const diary = new Diary();
  const firstPerson = (Math.max(40, count) * Math.abs(daysBetween('2025-01-01', world.date))) % POOL_SIZE;
  for (let index = 0; index < count; index++) {
    const random = randomFrom('visit', seed, world.date, facilityCode, index);
    const poolIndex = index < POOL_SIZE ? (firstPerson + index) % POOL_SIZE : index * 10;
    const person = oldEnough(world, seed, facilityCode, poolIndex);
    const visit = { world, site, person, random, diary, seed, index, limit };
    const stay = random.chance(LOAD[site.setting].stays) ? fitting(INPATIENT, visit) : undefined;
    if (stay) yield planStay(visit, stay);
    else yield planConsultation(visit, fitting(OUTPATIENT, visit) ?? (OUTPATIENT[0] as Scenario));
  }
}

/** Newborns need papers of their own, so whoever is younger than two months is replaced by the next in line. */
function oldEnough(world: World, seed: number, facilityCode: string, index: number): Person {
  for (let tried = index; ; tried += POOL_SIZE * 100) {
    const person = personAt(world, seed, facilityCode, tried);
    if (daysBetween(person.patient.birthDate, world.date) >= 65) return person;
  }
}

function fitting<S extends Scenario>(
  scenarios: readonly S[],
  {
    person,
    random,
    world,
    site,
  }: {
    person: Person;
    random: ReturnType<typeof randomFrom>;
    world: World;
    site: { departments: ReadonlySet<string>; priceList: string };
  },
): S | undefined {
  const age = yearsBetween(person.patient.birthDate, world.date);
  const possible = scenarios.filter(
    (entry) =>
      entry.ages[0] <= age &&
      age <= entry.ages[1] &&
      (entry.sexCode ?? person.sexCode) === person.sexCode &&
      (!('ward' in entry) || site.departments.has(String(entry.ward))) &&
      (entry.procedure === undefined ||
        world.item(entry.procedure, site.priceList, world.date) !== undefined) &&
      world.item(entry.exam, site.priceList, world.date) !== undefined,
  );
  return possible.length === 0
    ? undefined
    : random.weighted(possible.map((entry) => [entry, entry.weight] as const));
}
