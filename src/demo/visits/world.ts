import type {
  ItemLine,
  PractitionerLine,
  ResultTemplateLine,
  WardLine,
} from '../../../schemas/catalogue-files/records.ts';
import type { LocalDate } from '../../platform/dates.ts';
import type { Province } from '../../seed/province-files.ts';

export type Setting = 'commune' | 'district' | 'province';

/** One facility as the virtual clinicians there know it. */
export interface Site {
  readonly code: string;
  readonly setting: Setting;
  readonly priceList: string;
  readonly wards: readonly WardLine[];
  /** Where its neighbours' cards are registered, with weights. */
  readonly registrations: readonly (readonly [string, number])[];
  /** Facilities that send people here with a paper, and those people are sent on to. */
  readonly below: readonly string[];
  readonly above: readonly string[];
  readonly departments: ReadonlySet<string>;
  readonly staff: readonly PractitionerLine[];
  readonly machines: ReadonlyMap<string, readonly string[]>;
  readonly signerLicence: string;
}

/** The province on one day, indexed for planning. */
export interface World {
  readonly date: LocalDate;
  readonly siteCodes: readonly string[];
  site(code: string): Site;
  settingOf(code: string): Setting;
  /** The item on that day, if the price list has a price for it then. */
  item(itemCode: string, priceList: string, date: LocalDate): ItemLine | undefined;
  template(itemCode: string): ResultTemplateLine | undefined;
  diagnosisName(code: string): string;
}

interface Days {
  readonly from: LocalDate;
  readonly through?: string;
}
const holds = (line: Days, date: LocalDate) =>
  line.from <= date && (line.through === undefined || date <= line.through);

const SETTING: Readonly<Record<string, Setting>> = {
  commune: 'commune',
  district: 'district',
  province: 'province',
  central: 'province',
};

export function worldOn(province: Province, date: LocalDate): World {
  const factOn = (index: number, kind: string) =>
    province.facilities[index]?.facts.find((fact) => fact.kind === kind && holds(fact, date))?.value;
  const settings = new Map(
    province.facilities.map((line, index) => [
      line.code,
      SETTING[factOn(index, 'former-tier') ?? ''] ?? 'commune',
    ]),
  );
  const indexes = new Map(province.facilities.map((line, index) => [line.code, index]));
  const network = networkOf(settings);
  const staff = grouped(province.practitioners.filter((line) => holds(line, date)));
  const departments = grouped(province.departments.filter((line) => holds(line, date)));
  const machines = grouped(province.machines.filter((line) => holds(line, date)));
  const wards = new Map(province.wards.map((line) => [line.code, line]));
  const items = new Map<string, ItemLine[]>();
  for (const line of [...province.drugs, ...province.services, ...province.supplies])
    items.set(line.itemCode, [...(items.get(line.itemCode) ?? []), line]);
  const templates = new Map(province.resultTemplates.map((line) => [line.itemCode, line]));
  const diagnoses = new Map(province.diagnoses.map((line) => [line.code, line.name]));
  const sites = new Map<string, Site>();

  const build = (code: string): Site => {
    const index = indexes.get(code);
    if (index === undefined) throw new RangeError(`no facility ${code} in the province files`);
    const setting = settings.get(code) ?? 'commune';
    const people = staff.get(code) ?? [];
    const near = network.get(code) ?? { below: [], above: [] };
    const neighbours = [code, ...near.below].map(
      (entry) => province.facilities[indexes.get(entry) ?? index]?.wardCode ?? '',
    );
    const byGroup = new Map<string, string[]>();
    for (const machine of machines.get(code) ?? [])
      byGroup.set(machine.group, [...(byGroup.get(machine.group) ?? []), machine.code]);
    return {
      code,
      setting,
      priceList: factOn(index, 'price-list') ?? '',
      wards: neighbours.flatMap((entry) => wards.get(entry) ?? []),
      registrations: registrationsOf(code, setting, factOn(index, 'level') === 'specialised', near),
      below: near.below,
      above: near.above,
      departments: new Set((departments.get(code) ?? []).map((line) => line.code)),
      staff: people,
      machines: byGroup,
      signerLicence: (people.find((line) => line.isSigner) ?? people[0])?.licenceNumber ?? '',
    };
  };

  return {
    date,
    siteCodes: province.facilities.map((line) => line.code),
    site(code) {
      const known = sites.get(code) ?? build(code);
      sites.set(code, known);
      return known;
    },
    settingOf: (code) => settings.get(code) ?? 'commune',
    item: (itemCode, priceList, day) =>
      items
        .get(itemCode)
        ?.find(
          (line) =>
            holds(line, day) &&
            line.prices.some((price) => price.priceLists.includes(priceList) && holds(price, day)),
        ),
    template: (itemCode) => templates.get(itemCode),
    diagnosisName: (code) => diagnoses.get(code) ?? code,
  };
}

interface Near {
  readonly below: readonly string[];
  readonly above: readonly string[];
}

/** Communes are shared out evenly among district hospitals, and those among provincial ones, in order of their codes. */
function networkOf(settings: ReadonlyMap<string, Setting>): ReadonlyMap<string, Near> {
  const of = (setting: Setting) =>
    [...settings].filter(([, entry]) => entry === setting).map(([code]) => code);
  const [communes, districts, provincial] = [of('commune'), of('district'), of('province')];
  const upper = (index: number, lower: readonly string[], higher: readonly string[]) =>
    higher.length === 0 ? [] : [higher[Math.floor((index * higher.length) / lower.length)] ?? ''];
  const network = new Map<string, Near>();
  for (const [index, code] of communes.entries())
    network.set(code, { below: [], above: upper(index, communes, districts) });
  for (const [index, code] of districts.entries()) {
    const below = communes.filter((entry) => network.get(entry)?.above[0] === code);
    network.set(code, { below, above: upper(index, districts, provincial) });
  }
  for (const code of provincial) {
    const own = districts.filter((entry) => network.get(entry)?.above[0] === code);
    network.set(code, { below: own.length > 0 ? own : districts, above: [] });
  }
  return network;
}

function registrationsOf(
  code: string,
  setting: Setting,
  isSpecialised: boolean,
  near: Near,
): (readonly [string, number])[] {
  const lower = near.below.map((entry) => [entry, 1 / near.below.length] as const);
  if (setting === 'commune') return [[code, 70], ...near.above.map((entry) => [entry, 30] as const)];
  const own = setting === 'district' ? 55 : isSpecialised ? 0 : 30;
  return [
    [code, lower.length === 0 ? 100 : own],
    ...lower.map(([entry, share]) => [entry, share * (100 - own)] as const),
  ];
}

function grouped<T extends { readonly facilityCode: string }>(lines: readonly T[]): ReadonlyMap<string, T[]> {
  const map = new Map<string, T[]>();
  for (const line of lines) {
    const list = map.get(line.facilityCode);
    if (list) list.push(line);
    else map.set(line.facilityCode, [line]);
  }
  return map;
}
