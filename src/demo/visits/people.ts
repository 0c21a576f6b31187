import type { CoverageCreate, PatientCreate } from '../../../schemas/api/patients.ts';
import { addDays, type LocalDate, yearsBetween } from '../../platform/dates.ts';
import { derivedId, type Id } from '../../platform/ids.ts';
import { inventedName } from './names.ts';
import { type Random, randomFrom } from './random.ts';
import type { World } from './world.ts';

/** An invented person of a facility's neighbourhood. The same seed, facility and index always give the same person. */
export interface Person {
  readonly id: Id;
  readonly patient: PatientCreate & { readonly id: Id };
  readonly sexCode: '1' | '2';
  /** Two letters and the benefit digit from the sixth birthday on; null = never insured. */
  readonly cardGroup: string | null;
  readonly cardSerial: string;
  readonly cardFrom: LocalDate;
  readonly cardThrough: LocalDate | null;
  readonly registeredFacilityCode: string;
  readonly areaCode: 'K1' | 'K2' | 'K3' | null;
}

/** So many people of one facility carry a national id; further ones (very large days) carry none. */
export const POOL_SIZE = 2_100;
/** Ids of invented people and cards are stamped with this day: they are names, not facts of care. */
const STAMP = Date.parse('2025-01-01T00:00:00+07:00');

/** @returns the first `count` people of the facility, in order */
export function patientPool(world: World, seed: number, facilityCode: string, count: number): Person[] {
  return Array.from({ length: count }, (_, index) => personAt(world, seed, facilityCode, index));
}

export function personAt(world: World, seed: number, facilityCode: string, index: number): Person {
  const random = randomFrom('person', seed, facilityCode, index);
  const place = world.site(facilityCode);
  const sexCode = random.chance(0.53) ? '2' : '1';
  const birthDate = inventedBirth(random);
  const ward = random.pick(place.wards);
  const age = yearsBetween(birthDate, '2026-10-01');
  const ethnicityCode = random.weighted([
    ['01', 80],
    ['03', 9],
    ['24', 4],
    ['08', 4],
    ['29', 3],
  ] as const);
  const id = derivedId(STAMP, 'demo-patient', String(seed), facilityCode, String(index));
  const onlyYear = age >= 70 && random.chance(0.15);
  const patient: PatientCreate & { id: Id } = {
    id,
    name: inventedName(random, sexCode),
    birthDate: onlyYear ? `${birthDate.slice(0, 4)}-01-01` : birthDate,
    birthPrecision: onlyYear ? 'year' : 'day',
    sexCode,
    nationalityCode: '000',
    ethnicityCode,
    occupationCode: age < 6 ? '00' : random.pick(['01', '02', '03', '04', '05']),
    ...(index < POOL_SIZE ? { nationalId: nationalId(birthDate, sexCode, facilityCode, index) } : {}),
    ...(age >= 14
      ? { phone: `0${random.pick(['32', '36', '86', '91', '97', '98'])}${random.int(1_000_000, 9_999_999)}` }
      : {}),
    address: `Xóm ${random.int(1, 18)}, ${ward.name}, ${ward.provinceName}`,
    provinceCode: ward.provinceCode,
    wardCode: ward.code,
  };
  return {
    id,
    patient,
    sexCode,
    cardGroup: random.chance(0.03) ? null : adultGroup(random, age, sexCode),
    cardSerial: serialNumber(facilityCode) + String((index * 7919 + 1_234_567) % 10_000_000).padStart(7, '0'),
    cardFrom: `20${random.int(21, 24)}-${String(random.int(1, 12)).padStart(2, '0')}-01`,
    cardThrough: random.chance(0.65) ? null : `20${random.int(29, 32)}-12-31`,
    registeredFacilityCode: random.weighted(place.registrations),
    areaCode: ethnicityCode === '01' ? null : random.pick(['K1', 'K2', 'K3'] as const),
  };
}

/** The card that a person shows on that day: children under six have their own kind. None = pays alone. */
export function coverageOn(
  person: Person,
  date: LocalDate,
): (CoverageCreate & { readonly id: Id }) | undefined {
  if (person.cardGroup === null) return undefined;
  const { birthDate } = person.patient;
  const isChild = yearsBetween(birthDate, date) < 6;
  const group = isChild ? 'TE1' : person.cardGroup;
  const sixth = `${Number(birthDate.slice(0, 4)) + 6}${birthDate.slice(4).replace('-02-29', '-03-01')}`;
  const validFrom = isChild ? birthDate : person.cardFrom < sixth ? sixth : person.cardFrom;
  const validThrough = isChild ? addDays(sixth, -1) : person.cardThrough;
  return {
    id: derivedId(STAMP, 'demo-card', person.id, group),
    cardNumber: `${group}${group === 'QN5' ? '97' : '40'}${person.cardSerial}`,
    validFrom,
    ...(validThrough ? { validThrough } : {}),
    registeredFacilityCode: person.registeredFacilityCode,
    ...(person.areaCode ? { areaCode: person.areaCode } : {}),
  };
}

function inventedBirth(random: Random): LocalDate {
  const [oldest, youngest] = random.weighted([
    [['2020-11-01', '2026-09-15'], 15],
    [['2009-01-01', '2020-10-31'], 14],
    [['1967-01-01', '2008-12-31'], 37],
    [['1934-01-01', '1966-12-31'], 34],
  ] as const);
  const days = (Date.parse(youngest) - Date.parse(oldest)) / 86_400_000;
  return addDays(oldest, random.int(0, days));
}

function adultGroup(random: Random, age: number, sexCode: '1' | '2'): string {
  if (age < 18)
    return random.weighted([
      ['HS4', 70],
      ['HN2', 10],
      ['CN3', 10],
      ['DT2', 10],
    ]);
  if (age < 60)
    return random.weighted([
      ['DN4', 34],
      ['GD4', 30],
      ['HC4', 8],
      ['CN3', 9],
      ['HN2', 9],
      ['DT2', 8],
      ['QN5', sexCode === '1' ? 3 : 1],
    ]);
  return random.weighted([
    ['HT3', 34],
    ['GD4', 26],
    ['BT2', 16],
    ['HN2', 10],
    ['CN3', 8],
    ['CC1', 3],
    ['KC2', 3],
  ]);
}

/** Citizen number: province, century and sex, year of birth, then six digits unique among all people of one seed. */
function nationalId(birthDate: LocalDate, sexCode: '1' | '2', facilityCode: string, index: number): string {
  const century = Number(birthDate.slice(0, 2)) - 19;
  const digit = century * 2 + (sexCode === '1' ? 0 : 1);
  const unique = (Number(facilityCode.slice(2)) * POOL_SIZE + index) % 1_000_000;
  return `040${digit}${birthDate.slice(2, 4)}${String(unique).padStart(6, '0')}`;
}

function serialNumber(facilityCode: string): string {
  return facilityCode.slice(2);
}
