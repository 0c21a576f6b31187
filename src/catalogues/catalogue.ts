import { contains, type LocalDate, type Period } from '../platform/dates.ts';
import type { Id } from '../platform/ids.ts';

export type ItemKind = 'exam' | 'service' | 'surgery' | 'bed' | 'drug' | 'blood' | 'supply' | 'transport';

export interface CataloguePrice extends Period {
  readonly priceList: string;
  /** Exact decimals as text, đồng with up to three decimals. */
  readonly unitPrice: string;
  readonly insuredUnitPrice: string;
}

/** One item as the catalogue says it on the days of its validity. */
export interface CatalogueItem extends Period {
  readonly id: Id;
  /** Our own key, unique on each day; several drugs share one official code. */
  readonly itemCode: string;
  readonly kind: ItemKind;
  readonly officialCode: string;
  readonly name: string;
  readonly unit: string;
  readonly costGroupCode: string;
  readonly scopeCode: string;
  readonly catalogueRate: string;
  readonly unitCeiling: string | null;
  readonly details: Readonly<Record<string, string>>;
  readonly prices: readonly CataloguePrice[];
}

export interface PricedItem {
  readonly item: CatalogueItem;
  readonly price: CataloguePrice | undefined;
}

/** An administrative unit, under its code of today. */
export interface Ward {
  readonly code: string;
  readonly provinceCode: string;
  readonly name: string;
}

export interface Catalogue {
  readonly items: readonly CatalogueItem[];
  readonly wards: readonly Ward[];
  /**
   * The item in force on that day, with the price in force on the same day in the first of the lists that has one: a
   * facility's own list (named by its code) goes before the list of its tier.
   */
  find(itemCode: string, priceLists: readonly string[], date: LocalDate): PricedItem | undefined;
  diagnosis(code: string): { readonly code: string; readonly name: string } | undefined;
}

export function catalogueFrom(
  items: readonly CatalogueItem[],
  diagnoses: readonly { readonly code: string; readonly name: string }[],
  wards: readonly Ward[] = [],
): Catalogue {
  const byCode = new Map<string, CatalogueItem[]>();
  for (const item of items) {
    const versions = byCode.get(item.itemCode);
    if (versions) versions.push(item);
    else byCode.set(item.itemCode, [item]);
  }
  const byDiagnosis = new Map(diagnoses.map((entry) => [entry.code, entry]));
  return {
    items,
    wards,
    find(itemCode, priceLists, date) {
      const item = byCode.get(itemCode)?.find((version) => contains(version, date));
      if (!item) return undefined;
      const inForce = item.prices.filter((entry) => contains(entry, date));
      const price = priceLists.flatMap((list) => inForce.filter((entry) => entry.priceList === list))[0];
      return { item, price };
    },
    diagnosis: (code) => byDiagnosis.get(code),
  };
}
