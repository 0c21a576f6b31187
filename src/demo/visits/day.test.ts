import { describe, expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import { WholeVisit } from '../../../schemas/api/encounters.ts';
import type { ItemLine } from '../../../schemas/catalogue-files/records.ts';
import { daysBetween, instantAt, localDate, localDateTime, yearsBetween } from '../../platform/dates.ts';
import { decimal } from '../../platform/money.ts';
import { readProvince } from '../../seed/province-files.ts';
import { type DayRequest, planDay, type VisitPlan, wholeVisit, worldOn } from './index.ts';
import { bedDays } from './inpatient.ts';
import { INPATIENT, OUTPATIENT, type Scenario, type StayScenario } from './scenarios.ts';

const { province } = readProvince(new URL('../../../fixtures/province/', import.meta.url));
const DATE = '2026-11-20';
const world = worldOn(province, DATE);
const plans = (request: Partial<DayRequest> = {}) =>
  planDay({ seed: 1, date: DATE, province, count: 3000, ...request }).flatMap((day) => [...day.visits()]);
const day = plans();
const visits = day.map((plan) => ({ plan, visit: wholeVisit(plan) }));
type Whole = (typeof visits)[number]['visit'];

const itemOf = (plan: VisitPlan, line: { itemCode: string; orderedAt: string }): ItemLine | undefined =>
  world.item(line.itemCode, world.site(plan.facilityCode).priceList, localDate(line.orderedAt));
const share = (wanted: (entry: { plan: VisitPlan; visit: Whole }) => boolean) =>
  visits.filter(wanted).length / visits.length;

describe('the same request', () => {
  test('gives the same visits, read once or twice', () => {
    const request = { seed: 7, date: DATE, province, count: 500 };
    const days = planDay(request);
    const read = () => days.flatMap((entry) => [...entry.visits()]);
    expect(read()).toEqual(read());
    expect(planDay(request).flatMap((entry) => [...entry.visits()])).toEqual(read());
  });

  test('with another seed or another date gives others', () => {
    const ids = (request: Partial<DayRequest>) =>
      new Set(plans({ count: 480, ...request }).map((plan) => plan.id));
    const first = ids({});
    for (const other of [ids({ seed: 2 }), ids({ date: '2026-11-19' })])
      expect([...other].filter((id) => first.has(id))).toEqual([]);
  });
});

describe('the mix', () => {
  test('is that of a province', () => {
    const setting = (plan: VisitPlan) => world.settingOf(plan.facilityCode);
    const outpatient = share(({ plan }) => plan.classCode === '01' && setting(plan) !== 'province');
    expect(outpatient).toBeGreaterThan(0.82);
    expect(outpatient).toBeLessThan(0.89);
    const stays = share(({ plan }) => plan.classCode === '03');
    expect(stays).toBeGreaterThan(0.04);
    expect(stays).toBeLessThan(0.08);
    const alone = share(({ plan }) => plan.routeCode === '9');
    expect(alone).toBeGreaterThan(0.02);
    expect(alone).toBeLessThan(0.045);
    const moves = visits.filter(({ visit }) => visit.discharge.destinationFacilityCode);
    const goes = (to: 'up' | 'down') =>
      moves.filter(({ plan, visit }) =>
        world
          .site(plan.facilityCode)
          [to === 'up' ? 'above' : 'below'].includes(visit.discharge.destinationFacilityCode ?? ''),
      ).length;
    expect(goes('up')).toBeGreaterThan(20);
    expect(goes('down')).toBeGreaterThan(3);
    expect(
      new Set(
        visits.flatMap(({ visit }) => (visit.coverages ?? []).map((card) => card.cardNumber.slice(0, 3))),
      ).size,
    ).toBeGreaterThan(8);
    expect(new Set(day.map((plan) => plan.routeCode))).toEqual(new Set(['1.1', '1.2', '1.3', '2', '9']));
  });

  test('adds up, with somebody at every facility and each person once', () => {
    expect(day).toHaveLength(3000);
    expect(new Set(day.map((plan) => plan.facilityCode)).size).toBe(472);
    expect(new Set(day.map((plan) => plan.patientId)).size).toBe(3000);
    const ids = visits.flatMap(({ plan, visit }) => [
      plan.id,
      ...visit.lines.map((line) => line.id),
      ...visit.conditions.map((entry) => entry.id),
    ]);
    expect(new Set(ids).size).toBe(ids.length);
    const numbers = visits.flatMap(({ visit }) => visit.patient?.nationalId ?? []);
    expect(new Set(numbers).size).toBe(numbers.length);
    const cards = visits.flatMap(({ visit }) =>
      (visit.coverages ?? []).map((card) => card.cardNumber.slice(5)),
    );
    expect(new Set(cards).size).toBe(cards.length);
  });

  test.each([1, 7, 472, 473, 700])('%i visits are as many as were asked for', (count) => {
    expect(
      planDay({ seed: 1, date: DATE, province, count }).reduce((sum, entry) => sum + entry.count, 0),
    ).toBe(count);
  });

  test('a few facilities share all visits', () => {
    const facilities = ['40001', '40016', '40040'];
    const counts = planDay({ seed: 1, date: DATE, province, facilities, count: 60 }).map((entry) => [
      entry.facilityCode,
      entry.count,
    ]);
    expect(counts.map(([code]) => code)).toEqual(facilities);
    expect(counts.every(([, count]) => Number(count) >= 1)).toBe(true);
  });
});

describe('every visit', () => {
  test('is a body the API takes', () => {
    const check = formats.default(new Ajv({ strict: false })).compile(WholeVisit);
    for (const { visit } of visits) expect([check(visit), check.errors]).toEqual([true, null]);
  });

  test('runs in order: arrival, order, execution, result, end, payment', () => {
    for (const { plan, visit } of visits) {
      const results = new Map((visit.results ?? []).map((entry) => [entry.lineId, entry]));
      expect(plan.arrivedAt < plan.endedAt && plan.endedAt < plan.settledAt).toBe(true);
      for (const line of visit.lines) {
        const result = results.get(line.id ?? '');
        const moments = [
          plan.arrivedAt,
          line.orderedAt,
          result?.performedAt ?? line.performedAt,
          result?.resultAt ?? line.resultAt,
          plan.endedAt,
        ].filter((at) => at !== undefined);
        expect(moments).toEqual(moments.toSorted());
      }
      for (const note of visit.notes ?? [])
        expect(plan.arrivedAt <= note.at && note.at <= plan.endedAt).toBe(true);
      expect(plan.steps.map((step) => step.kind)).toEqual(
        expect.arrayContaining(['patient', 'checkIn', 'conditions', 'orders', 'discharge', 'settle']),
      );
    }
  });

  test('of out-patients lies between 06:30 and 18:30 of the day; stays began one to five days before', () => {
    for (const plan of day) {
      expect(localDate(plan.endedAt)).toBe(DATE);
      const time = (at: string) => localDateTime(at).slice(11);
      expect(time(plan.settledAt) <= '18:30:00').toBe(true);
      const days = daysBetween(localDate(plan.arrivedAt), DATE);
      if (plan.classCode === '01') expect([days, time(plan.arrivedAt) >= '06:30:00']).toEqual([0, true]);
      else expect(days >= 1 && days <= 5).toBe(true);
    }
  });

  test.each([
    ['09:00', undefined, 1200],
    ['03:00', undefined, 1200],
    ['11:30', ['40001', '40016', '40017', '40300'], 900],
    ['18:30', ['40001', '40016', '40017', '40300'], 900],
  ])('is over by %s when the day has come no further', (time, facilities, count) => {
    const until = instantAt(DATE, time);
    for (const plan of plans({ count, until, ...(facilities ? { facilities } : {}) }))
      expect([plan.settledAt <= until, plan.arrivedAt < plan.endedAt]).toEqual([true, true]);
  });

  test('uses codes, prices, departments, people and machines that exist where it takes place', () => {
    const licences = new Map(province.practitioners.map((line) => [line.licenceNumber, line.facilityCode]));
    const machines = new Map(province.machines.map((line) => [line.code, line]));
    const diagnoses = new Set(province.diagnoses.map((line) => line.code));
    const wards = new Set(province.wards.map((line) => line.code));
    for (const { plan, visit } of visits) {
      const site = world.site(plan.facilityCode);
      const results = visit.results ?? [];
      for (const line of visit.lines) {
        expect([line.itemCode, itemOf(plan, line) !== undefined]).toEqual([line.itemCode, true]);
        expect(site.departments.has(line.departmentCode)).toBe(true);
        expect(decimal(line.quantity).gt('0')).toBe(true);
      }
      const people = [
        visit.signerLicence,
        ...visit.lines.flatMap((line) => [line.orderedByLicence, ...(line.performedByLicences ?? [])]),
        ...results.flatMap((entry) => [
          ...(entry.performedByLicences ?? []),
          ...entry.observations.map((seen) => seen.readByLicence),
        ]),
        ...(visit.notes ?? []).map((note) => note.authorLicence),
      ];
      for (const licence of people) expect(licences.get(licence ?? '')).toBe(plan.facilityCode);
      for (const code of results.flatMap((entry) => entry.machineCodes ?? []))
        expect(machines.get(code)?.facilityCode).toBe(plan.facilityCode);
      for (const condition of visit.conditions) expect(diagnoses.has(condition.code)).toBe(true);
      expect(wards.has(visit.patient?.wardCode ?? '')).toBe(true);
    }
  });

  test('has what the rules ask of tests, procedures and operations', () => {
    for (const { plan, visit } of visits)
      for (const line of visit.lines) {
        const item = itemOf(plan, line);
        const result = (visit.results ?? []).find((entry) => entry.lineId === line.id);
        const group = item?.costGroupCode ?? '';
        if (['1', '2', '3', '8', '18'].includes(group)) {
          expect(result?.resultAt ?? line.resultAt).toBeDefined();
          expect((result?.performedByLicences ?? line.performedByLicences)?.length).toBeGreaterThan(0);
        }
        if (item?.details.machineGroup)
          expect((result?.machineCodes ?? line.machineCodes)?.[0]).toMatch(
            new RegExp(`^${item.details.machineGroup}\\.`),
          );
        if (['1', '2', '3'].includes(group)) expect(result?.observations.length).toBeGreaterThan(0);
        if (group === '2')
          expect(result?.observations.every((seen) => seen.description && seen.conclusion)).toBe(true);
        if (group === '8') expect([line.anaesthesiaCode !== undefined, line.quantity]).toEqual([true, '1']);
        if (item?.kind === 'drug')
          expect(line.dose).toMatch(/^[\d.]+ \S+\/lần \* \d+ lần\/ngày \* \d+ ngày \[/);
        if (line.partOfServiceCode)
          expect(visit.lines.some((other) => other.itemCode === line.partOfServiceCode)).toBe(true);
        if (item?.kind === 'transport')
          expect([line.fuelCode, visit.discharge.destinationFacilityCode]).toEqual([
            'D5S2V1',
            line.itemCode.slice(3),
          ]);
      }
  });

  test('begins with one examination and charges no more bed-days than the law counts', () => {
    for (const { plan, visit } of visits) {
      const kinds = visit.lines.map((line) => itemOf(plan, line)?.kind);
      expect([kinds[0], kinds.filter((kind) => kind === 'exam').length]).toEqual(['exam', 1]);
      const beds = visit.lines.filter((line) => itemOf(plan, line)?.kind === 'bed');
      if (plan.classCode === '01') expect(beds).toEqual([]);
      else {
        const minutes = (at: string) => Date.parse(at) / 60_000;
        expect(beds).toHaveLength(
          bedDays(minutes(visit.admittedAt ?? ''), {
            ...visit.discharge,
            endedAt: minutes(plan.endedAt),
            dischargeCode: visit.discharge.dischargeCode as '1',
          }),
        );
        expect(new Set(beds.map((line) => localDate(line.orderedAt))).size).toBe(beds.length);
        expect(visit.notes?.length).toBeGreaterThan(1);
        expect(new Set(visit.notes?.map((note) => note.text)).size).toBe(visit.notes?.length);
      }
    }
  });
});

describe('cards and routes', () => {
  test('the card is well-formed, fits the age and is valid on arrival', () => {
    for (const { plan, visit } of visits) {
      const arrival = localDate(plan.arrivedAt);
      for (const card of visit.coverages ?? []) {
        expect(card.cardNumber).toMatch(/^(TE1|[A-Z]{2}[2-5]|CC1)(40|97)\d{10}$/);
        expect(card.validFrom <= arrival && arrival <= (card.validThrough ?? '9999')).toBe(true);
        expect(card.cardNumber.startsWith('TE1')).toBe(
          yearsBetween(visit.patient?.birthDate ?? '', arrival) < 6,
        );
      }
    }
  });

  test('the route says how the patient came', () => {
    for (const { plan, visit } of visits) {
      const [card] = visit.coverages ?? [];
      const paper = visit.referral !== undefined;
      const setting = world.settingOf(plan.facilityCode);
      if (plan.routeCode === '9') expect(card).toBeUndefined();
      else expect(card).toBeDefined();
      if (plan.routeCode === '1.1') expect(card?.registeredFacilityCode).toBe(plan.facilityCode);
      expect(plan.routeCode === '1.3').toBe(paper);
      if (paper) expect(visit.referral?.fromFacilityCode).not.toBe(plan.facilityCode);
      if (setting === 'commune') expect(['1.2', '9']).toContain(plan.routeCode);
      if (plan.routeCode === '1.2') expect(setting).toBe('commune');
    }
  });

  test('whoever goes to another facility has one named, and nobody else', () => {
    for (const { plan, visit } of visits) {
      expect(['2', '5'].includes(visit.discharge.dischargeCode)).toBe(
        visit.discharge.destinationFacilityCode !== undefined,
      );
      expect(visit.discharge.destinationFacilityCode).not.toBe(plan.facilityCode);
      for (const next of visit.discharge.followUpDates ?? []) expect(next > DATE).toBe(true);
    }
  });

  test('the diagnosis fits the sex', () => {
    const sexes = new Map(province.diagnoses.map((line) => [line.code, line.sexCode]));
    for (const { visit } of visits)
      for (const { code } of visit.conditions)
        expect([undefined, visit.patient?.sexCode]).toContain(sexes.get(code));
  });
});

test.each([
  ['a stay under four hours', '2026-11-20T01:00:00Z', '2026-11-20T04:59:00Z', '2', '1', 0],
  ['four hours', '2026-11-20T01:00:00Z', '2026-11-20T05:00:00Z', '2', '1', 1],
  ['just under a day, still ill', '2026-11-19T01:00:00Z', '2026-11-20T00:59:00Z', '3', '2', 1],
  ['a day', '2026-11-19T01:00:00Z', '2026-11-20T01:00:00Z', '2', '1', 1],
  ['a day, still ill and transferred', '2026-11-19T01:00:00Z', '2026-11-20T01:00:00Z', '3', '2', 2],
] as const)('bed-days of %s', (_, from, to, outcomeCode, dischargeCode, expected) => {
  const minutes = (at: string) => Date.parse(at) / 60_000;
  expect(bedDays(minutes(from), { endedAt: minutes(to), outcomeCode, dischargeCode })).toBe(expected);
});

test('every code of every scenario is in the catalogue', () => {
  const items = new Set(
    [...province.drugs, ...province.services, ...province.supplies].map((line) => line.itemCode),
  );
  const diagnoses = new Set(province.diagnoses.map((line) => line.code));
  for (const entry of [...OUTPATIENT, ...INPATIENT] as (Scenario & Partial<StayScenario>)[]) {
    const codes = [
      entry.exam,
      ...(entry.tests ?? []),
      ...entry.drugs,
      ...(entry.supplies ?? []),
      ...(entry.procedure ? [entry.procedure] : []),
    ];
    const ward = [
      ...(entry.bed ? [entry.bed] : []),
      ...(entry.daily ?? []),
      ...(entry.surgery ? [entry.surgery.item, ...entry.surgery.drugs] : []),
    ];
    expect(
      [...codes, ...ward].map((notation) => notation.split(' ')[0] ?? '').filter((code) => !items.has(code)),
    ).toEqual([]);
    expect([entry.primary, ...(entry.secondary ?? [])].filter((code) => !diagnoses.has(code))).toEqual([]);
  }
});

test('a day that has hardly begun, or has no facilities, is refused by name', () => {
  expect(() => planDay({ seed: 1, date: DATE, province, count: 1, until: instantAt(DATE, '00:30') })).toThrow(
    'demo.day.tooEarly',
  );
  expect(() => planDay({ seed: 1, date: DATE, province, facilities: [], count: 1 })).toThrow(
    'demo.day.noFacilities',
  );
});
