import { assessVisit, type Law } from '../benefits/index.ts';
import { type Catalogue, type CatalogueItem, catalogueFrom } from '../catalogues/index.ts';
import { type ChargeLineRecord, selectingDate, type VisitRecord } from '../encounters/index.ts';
import { type Money, money, moneyText } from '../platform/money.ts';
import { Problem } from '../platform/problem.ts';
import { benefitVisit } from './benefit-visit.ts';
import { AMOUNT_NAMES, type SettlementTotals } from './settlement.ts';

/** Other circumstances under which visits are priced anew; nothing of it is stored. */
export interface Circumstances {
  readonly law: Law;
  /** Prices tried out; a line whose item or list it does not name keeps what was stored. Null = stored prices. */
  readonly prices: Catalogue | null;
}

/** Both parts of one line of the comparison, and what changes. */
export interface Difference {
  readonly stored: Money;
  readonly repriced: Money;
}
export type Part = keyof SettlementTotals;
export const PARTS: readonly Part[] = [...AMOUNT_NAMES, 'patientPays'];

export type WhatIf =
  | {
      readonly kind: 'repriced';
      readonly linesRepriced: number;
      readonly parts: Readonly<Record<string, Difference>>;
    }
  /** The other law cannot judge the visit: why, as the settlement would be refused. */
  | { readonly kind: 'refused'; readonly problem: string };

/** Which item a line was ordered from, and where its prices are looked up. */
export interface PriceKeys {
  readonly itemCodes: ReadonlyMap<string, string>;
  priceListsOn(day: string): readonly string[];
}

/** One settled visit under other circumstances beside what was stored. Pure. */
export function whatIf(
  visit: VisitRecord,
  stored: SettlementTotals,
  { law, prices }: Circumstances,
  keys: PriceKeys,
): WhatIf {
  const { encounter, patient, facility, coverages } = visit;
  const lines = visit.lines.map((line) => (prices ? underPrices(line, prices, keys) : line));
  try {
    const { totals } = assessVisit(
      benefitVisit({ ...encounter, birthDate: patient.birthDate, facility, coverages, lines }, law),
      law,
    );
    const parts = PARTS.map((part) => [part, { stored: money(stored[part]), repriced: totals[part] }]);
    const linesRepriced = lines.filter((line, index) => line !== visit.lines[index]).length;
    return { kind: 'repriced', linesRepriced, parts: Object.fromEntries(parts) };
  } catch (error) {
    if (error instanceof Problem) return { kind: 'refused', problem: error.type };
    throw error;
  }
}

/** The line as the other prices have it on the day of its order; itself where they have nothing else to say. */
function underPrices(line: ChargeLineRecord, prices: Catalogue, keys: PriceKeys): ChargeLineRecord {
  const day = selectingDate('price', null, line);
  const found = prices.find(keys.itemCodes.get(line.id) ?? '', keys.priceListsOn(day), day);
  if (!found?.price) return line;
  const { unitPrice, insuredUnitPrice } = found.price;
  const { unitCeiling, scopeCode, catalogueRate } = found.item;
  const repriced = { ...line, unitPrice, insuredUnitPrice, unitCeiling, scopeCode, catalogueRate };
  const isSame = (
    ['unitPrice', 'insuredUnitPrice', 'unitCeiling', 'scopeCode', 'catalogueRate'] as const
  ).every((name) => repriced[name] === line[name]);
  return isSame ? line : repriced;
}

/** A price file as a catalogue that can be asked by item, list and day. */
export function pricesFrom(items: readonly CatalogueItem[]): Catalogue {
  return catalogueFrom(items, []);
}

export function isChanged({ stored, repriced }: Difference): boolean {
  return !stored.eq(repriced);
}

/** Repriced minus stored, with its sign. */
export function changeText({ stored, repriced }: Difference): string {
  return moneyText(repriced.minus(stored));
}
