import { type ItemLine, PROVINCE_FILES } from '../../schemas/catalogue-files/records.ts';
import type { CatalogueItem } from '../catalogues/index.ts';
import { addDays } from '../platform/dates.ts';
import { normalised } from '../platform/text.ts';
import { type FileProblem, lineChecker, readLines } from './province-files.ts';

/**
 * A file of items with their prices, in the format of a province's drugs, services and supplies: read to be tried out,
 * not stored.
 */
export function readPriceFile(file: URL): {
  readonly items: readonly CatalogueItem[];
  readonly problems: readonly FileProblem[];
} {
  const problems: FileProblem[] = [];
  const lines = readLines<ItemLine>(file, lineChecker(PROVINCE_FILES.services), problems);
  return { items: lines.map((line) => asItem(normalised(line))), problems };
}

function asItem(line: ItemLine): CatalogueItem {
  const { prices, through, unitCeiling, details, ...rest } = line;
  return {
    ...rest,
    id: line.itemCode,
    details: details as Readonly<Record<string, string>>,
    unitCeiling: unitCeiling ?? null,
    to: dayAfter(through),
    prices: prices.flatMap(({ priceLists, unitPrice, insuredUnitPrice, from, through: last }) =>
      priceLists.map((priceList) => ({ priceList, unitPrice, insuredUnitPrice, from, to: dayAfter(last) })),
    ),
  };
}

/** Files write the last day, we keep the day after it. */
const dayAfter = (through: string | undefined) => (through === undefined ? null : addDays(through, 1));
