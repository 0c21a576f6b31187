import { contains, type LocalDate, type Period } from '../platform/dates.ts';
import type { Id } from '../platform/ids.ts';

export interface FacilityFact extends Period {
  readonly kind: string;
  readonly value: string;
}
export interface Department extends Period {
  readonly code: string;
  readonly name: string;
}
export interface Practitioner extends Period {
  readonly licenceNumber: string;
  readonly name: string;
  readonly title: string;
}
export interface Facility {
  readonly id: Id;
  readonly code: string;
  readonly name: string;
  /** When claims go out: with the nightly run, or at once after settlement. */
  readonly exportMode: 'nightly' | 'immediate';
  /** Own time of the nightly run, `HH:mm`; null = the province's time. */
  readonly exportAt: string | null;
  readonly facts: readonly FacilityFact[];
  readonly departments: readonly Department[];
  readonly practitioners: readonly Practitioner[];
}

/** What the law reads about a facility on one day. */
export interface FacilityProfile {
  readonly level: 'initial' | 'basic' | 'specialised';
  readonly points: number | null;
  readonly formerTier: 'commune' | 'district' | 'province' | 'central' | null;
  readonly kind: 'healthStation' | 'polyclinic' | 'maternityHome' | 'clinic' | 'hospital';
  readonly priceList: string;
}

/** All facilities of the province with their people and departments, asked by id, by code and by day. */
export interface Directory {
  readonly facilities: readonly Facility[];
  byId(id: Id): Facility | undefined;
  byCode(code: string): Facility | undefined;
  /** @returns undefined when a fact that the law needs is not known for that day */
  profileOn(id: Id, date: LocalDate): FacilityProfile | undefined;
  departmentOn(id: Id, code: string, date: LocalDate): Department | undefined;
  practitionerOn(id: Id, licenceNumber: string, date: LocalDate): Practitioner | undefined;
}

export function directoryFrom(facilities: readonly Facility[]): Directory {
  const byId = new Map(facilities.map((facility) => [facility.id, facility]));
  const byCode = new Map(facilities.map((facility) => [facility.code, facility]));
  const departments = keyed(
    facilities,
    (facility) => facility.departments,
    (entry) => entry.code,
  );
  const practitioners = keyed(
    facilities,
    (facility) => facility.practitioners,
    (entry) => entry.licenceNumber,
  );
  const profiles = new Map<string, FacilityProfile | undefined>();
  return {
    facilities,
    byId: (id) => byId.get(id),
    byCode: (code) => byCode.get(code),
    profileOn(id, date) {
      const key = `${id} ${date}`;
      if (!profiles.has(key)) {
        if (profiles.size > 50_000) profiles.clear();
        profiles.set(key, profileOf(byId.get(id), date));
      }
      return profiles.get(key);
    },
    departmentOn: (id, code, date) =>
      departments.get(`${id} ${code}`)?.find((entry) => contains(entry, date)),
    practitionerOn: (id, licence, date) =>
      practitioners.get(`${id} ${licence}`)?.find((entry) => contains(entry, date)),
  };
}

function profileOf(facility: Facility | undefined, date: LocalDate): FacilityProfile | undefined {
  const fact = (kind: string) =>
    facility?.facts.find((entry) => entry.kind === kind && contains(entry, date))?.value ?? null;
  const level = fact('level');
  const kind = fact('kind');
  const priceList = fact('price-list');
  if (!level || !kind || !priceList) return undefined;
  const points = fact('points');
  return {
    level: level as FacilityProfile['level'],
    points: points === null ? null : Number(points),
    formerTier: fact('former-tier') as FacilityProfile['formerTier'],
    kind: kind as FacilityProfile['kind'],
    priceList,
  };
}

function keyed<T>(
  facilities: readonly Facility[],
  entries: (facility: Facility) => readonly T[],
  code: (entry: T) => string,
): ReadonlyMap<string, T[]> {
  const map = new Map<string, T[]>();
  for (const facility of facilities) {
    for (const entry of entries(facility)) {
      const key = `${facility.id} ${code(entry)}`;
      const list = map.get(key);
      if (list) list.push(entry);
      else map.set(key, [entry]);
    }
  }
  return map;
}
