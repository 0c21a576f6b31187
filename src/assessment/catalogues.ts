import { comparable } from './text.ts';

/** Data that rules may need beside the claim. The names are public: `his check` lists them under `notChecked`. */
export const CATALOGUE_NAMES = [
  'facility_catalogue',
  'admin_units',
  'staff_catalogue',
  'drug_catalogue',
  'supply_catalogue',
  'service_catalogue',
  'machine_service_catalogue',
  'icd_primary_forbidden',
  'other_encounters',
  'other_facilities',
  'card_lookup',
  'nationality_catalogue',
  'occupation_catalogue',
  'card_class_catalogue',
  'bhxh_unit_catalogue',
  'holiday_calendar',
  'contract_table',
  'serious_disease_list',
  'route_catalogue',
  'long_prescription_list',
  'interaction_catalogue',
  'drug_condition_catalogue',
  'inclusion_catalogue',
  'herb_catalogue',
  'icd9_catalogue',
  'icd10_catalogue',
  'icd_yhct_catalogue',
  'equipment_catalogue',
  'service_frequency_catalogue',
  'exclusion_catalogue',
  'indicator_catalogue',
  'department_catalogue',
  'admission_reason_catalogue',
  'scope_catalogue',
  'duty_roster',
] as const;
export type CatalogueName = (typeof CATALOGUE_NAMES)[number];

/** Column → value; columns other than the code may be absent, then what asks for them stays silent for the row. */
export type CatalogueRow = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/** One catalogue, indexed by its code once. */
export interface Catalogue {
  readonly all: readonly CatalogueRow[];
  /** Rows of a code, whenever valid. */
  rows(code: string): readonly CatalogueRow[];
  /** Those valid on that day, `yyyyMMdd`: `from` <= day <= `to`, blank or absent = open. */
  validOn(code: string, day: string): readonly CatalogueRow[];
}

export type Catalogues = Readonly<Partial<Record<CatalogueName, Catalogue>>>;

/** @returns undefined for no rows: an empty catalogue is a missing one, never a reason to find everything wrong */
export function catalogueOf(rows: readonly CatalogueRow[], codeColumn: string): Catalogue | undefined {
  if (rows.length === 0) return undefined;
  const byCode = Map.groupBy(rows, (row) => String(row[codeColumn] ?? ''));
  const found = (code: string) => byCode.get(code) ?? [];
  return {
    all: rows,
    rows: found,
    validOn: (code, day) => found(code).filter((row) => isValidOn(row, day)),
  };
}

export function isValidOn(row: CatalogueRow, day: string): boolean {
  const [from, to] = [String(row.from ?? ''), String(row.to ?? '')];
  return (from === '' || from <= day) && (to === '' || day <= to);
}

type ByText = ReadonlyMap<string, readonly CatalogueRow[]>;
const indexes = new WeakMap<Catalogue, Map<string, ByText>>();

/** Rows by another column than the code, as texts are compared; indexed when first asked for. */
export function rowsBy(catalogue: Catalogue, column: string, text: string): readonly CatalogueRow[] {
  const ofCatalogue = indexes.get(catalogue) ?? new Map<string, ByText>();
  indexes.set(catalogue, ofCatalogue);
  const byText =
    ofCatalogue.get(column) ?? Map.groupBy(catalogue.all, (row) => comparable(String(row[column] ?? '')));
  ofCatalogue.set(column, byText);
  return byText.get(comparable(text)) ?? [];
}
