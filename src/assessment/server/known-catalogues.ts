import type { CatalogueItem, Catalogue as ItemCatalogue, Ward } from '../../catalogues/index.ts';
import type { Directory, Facility } from '../../facilities/index.ts';
import { addDays, type LocalDate, type Period } from '../../platform/dates.ts';
import { type Catalogue, type CatalogueRow, type Catalogues, catalogueOf } from '../catalogues.ts';

/** The catalogues that the database has, as the rules read them, for a facility on a day. */
export type CataloguesOn = (facility: Pick<Facility, 'id' | 'code'>, day: LocalDate) => Catalogues;

const known = new WeakMap<Directory, WeakMap<ItemCatalogue, CataloguesOn>>();

/** Made once of each copy of the reference data: both are replaced when something changed (`createReferenceCache`). */
export function knownCatalogues(directory: Directory, items: ItemCatalogue): CataloguesOn {
  const ofDirectory = known.get(directory) ?? new WeakMap<ItemCatalogue, CataloguesOn>();
  known.set(directory, ofDirectory);
  const found = ofDirectory.get(items) ?? cataloguesFrom(directory, items);
  ofDirectory.set(items, found);
  return found;
}

function cataloguesFrom(directory: Directory, items: ItemCatalogue): CataloguesOn {
  const shared: Catalogues = present({
    facility_catalogue: ofOtherProvincesToo(facilityRows(directory), 'code'),
    admin_units: wardCatalogue(items.wards),
    staff_catalogue: catalogueOf(staffRows(directory), 'MA_BHXH_CCHN'),
  });
  const named = new Set(items.items.flatMap(({ prices }) => prices.map(({ priceList }) => priceList)));
  const byLists = new Map<string, Catalogues>();
  return (facility, day) => {
    // Price lists that no price names change nothing: most facilities have none of their own.
    const lists = [facility.code, directory.profileOn(facility.id, day)?.priceList ?? ''].filter((list) =>
      named.has(list),
    );
    const key = lists.join();
    const found = byLists.get(key) ?? { ...shared, ...itemCatalogues(items.items, lists) };
    byLists.set(key, found);
    return found;
  };
}

type Some = { readonly [name in keyof Catalogues]: Catalogue | undefined };
const present = (some: Some): Catalogues =>
  Object.fromEntries(Object.entries(some).filter(([, one]) => one !== undefined));

const day8 = (day: LocalDate) => day.replaceAll('-', '');
/** Days of validity as catalogues have them: the last day counts. */
const validity = ({ from, to }: Period): CatalogueRow => ({
  from: from === null ? '' : day8(from),
  to: to === null ? '' : day8(addDays(to, -1)),
});

/** A facility's kind changes with the years: a row for each. */
const facilityRows = ({ facilities }: Directory): CatalogueRow[] =>
  facilities.flatMap(({ code, name, facts }) => {
    const kinds = facts.filter(({ kind }) => kind === 'kind');
    return kinds.length === 0
      ? [{ code, name }]
      : kinds.map((fact) => ({ code, name, kind: fact.value, ...validity(fact) }));
  });

const staffRows = ({ facilities }: Directory): CatalogueRow[] =>
  facilities.flatMap(({ code, practitioners }) =>
    practitioners.map((one) => ({
      MA_BHXH_CCHN: one.licenceNumber,
      name: one.name,
      title: one.title,
      facility: code,
      ...validity(one),
    })),
  );

/** Of other provinces nothing is kept here: whatever begins as one of them is taken as it is. */
function ofOtherProvincesToo(rows: readonly CatalogueRow[], column: string): Catalogue | undefined {
  const own = catalogueOf(rows, column);
  if (!own) return undefined;
  const provinces = new Set(rows.map((row) => String(row[column]).slice(0, 2)));
  const elsewhere = (code: string): readonly CatalogueRow[] =>
    /^\d{5}$/.test(code) && !provinces.has(code.slice(0, 2)) ? [{ [column]: code }] : [];
  const orElsewhere = (found: readonly CatalogueRow[], code: string) =>
    found.length > 0 ? found : elsewhere(code);
  return {
    all: own.all,
    rows: (code) => orElsewhere(own.rows(code), code),
    validOn: (code, day) => orElsewhere(own.validOn(code, day), code),
  };
}

/** Only where the units of the whole country were loaded: those of one province would find strangers at fault. */
function wardCatalogue(wards: readonly Ward[]): Catalogue | undefined {
  const provinces = new Set(wards.map(({ provinceCode }) => provinceCode));
  if (provinces.size < FEWEST_PROVINCES) return undefined;
  return catalogueOf(
    wards.map(({ code, provinceCode, name }) => ({ ward: code, province: provinceCode, name })),
    'ward',
  );
}
/** The country has 34 since 2025-07-01. */
const FEWEST_PROVINCES = 30;

function itemCatalogues(items: readonly CatalogueItem[], lists: readonly string[]): Catalogues {
  const rowsOf = (kinds: readonly CatalogueItem['kind'][], row: ItemRow): CatalogueRow[] =>
    items.filter(({ kind }) => kinds.includes(kind)).flatMap((item) => itemRows(item, lists, row));
  return present({
    drug_catalogue: catalogueOf(rowsOf(['drug', 'blood'], drugRow), 'MA_THUOC'),
    service_catalogue: catalogueOf(
      rowsOf(['exam', 'service', 'surgery', 'bed', 'transport'], serviceRow),
      'MA_DICH_VU',
    ),
    supply_catalogue: catalogueOf(rowsOf(['supply'], supplyRow), 'MA_VAT_TU'),
  });
}

type ItemRow = (item: CatalogueItem, price: { unit: string; insured: string } | undefined) => CatalogueRow;

/** A row for each price that holds here while the item is valid; one without a price where there is none. */
function itemRows(item: CatalogueItem, lists: readonly string[], row: ItemRow): CatalogueRow[] {
  const prices = item.prices.filter(({ priceList }) => lists.includes(priceList));
  if (prices.length === 0) return [{ ...row(item, undefined), ...validity(item) }];
  return prices.map((price) => ({
    ...row(item, { unit: price.unitPrice, insured: price.insuredUnitPrice }),
    ...validity({ from: later(item.from, price.from), to: earlier(item.to, price.to) }),
  }));
}
const later = (a: LocalDate, b: LocalDate) => (a > b ? a : b);
const earlier = (a: LocalDate | null, b: LocalDate | null) =>
  a === null ? b : b === null ? a : a < b ? a : b;

/** Columns without a value are left out: what asks for them stays silent for the row. */
const filled = (row: Readonly<Record<string, string | undefined>>): CatalogueRow =>
  Object.fromEntries(Object.entries(row).filter((entry): entry is [string, string] => !!entry[1]));

const drugRow: ItemRow = ({ officialCode, name, unit, details }, price) =>
  filled({
    MA_THUOC: officialCode,
    TEN_THUOC: name,
    HAM_LUONG: details.strength,
    SO_DANG_KY: details.registrationNumber,
    TT_THAU: details.tender,
    DON_VI_TINH: unit,
    DUONG_DUNG: details.route,
    DANG_BAO_CHE: details.form,
    DON_GIA: price?.unit,
  });

const serviceRow: ItemRow = ({ officialCode, name, costGroupCode }, price) =>
  filled({
    MA_DICH_VU: officialCode.replace(/(\.K\.[^_]*)?(_.*)?$/, ''),
    TEN_DICH_VU: name,
    MA_NHOM: costGroupCode,
    DON_GIA_BH: price?.insured,
  });

const supplyRow: ItemRow = ({ officialCode, name, details }, price) =>
  filled({
    MA_VAT_TU: officialCode,
    TEN_VAT_TU: name,
    TT_THAU: details.tender,
    DON_GIA: price?.insured,
  });
