import { AMOUNT_NAMES, type AmountName, type SettlementRecord } from '../billing/index.ts';
import { type ClaimTables, rowTotals, totals } from '../claims/index.ts';
import type { Id } from '../platform/ids.ts';
import { add, money, moneyText } from '../platform/money.ts';
import type { Amounts, Statement } from './statement.ts';

/** Where the money of one visit stands. */
export const PLACES = [
  'settlement',
  'settlementLines',
  'statement',
  'statementLines',
  'claim',
  'claimLines',
] as const;
export type Place = (typeof PLACES)[number];

/** One visit whose money is looked at in every place. */
export interface VisitMoney {
  readonly encounterId: Id;
  readonly claimKey: string;
  readonly facilityCode: string;
  /** Is the claim the stored document, or made now because none was built yet? */
  readonly isDocument: boolean;
  readonly money: Readonly<Record<Place, Amounts>>;
}

/** For each part that is not equal everywhere: what each place says. Empty = equal, to 1/100 đồng. */
export function differencesOf({
  money: places,
}: VisitMoney): Readonly<Record<string, Record<Place, string>>> {
  return Object.fromEntries(
    AMOUNT_NAMES.flatMap((part) => {
      const said = Object.fromEntries(PLACES.map((place) => [place, places[place][part]])) as Record<
        Place,
        string
      >;
      const first = money(said.settlement);
      return PLACES.every((place) => money(said[place]).eq(first)) ? [] : [[part, said]];
    }),
  );
}

/** @param claim the tables of the visit's claim */
export function moneyOf(
  settlement: SettlementRecord,
  statement: Statement,
  claim: ClaimTables,
): VisitMoney['money'] {
  const lines = statement.splits.flatMap((split) =>
    split.groups.flatMap((group) => group.parts.flatMap((part) => part.lines)),
  );
  return {
    settlement: settlement.totals,
    settlementLines: sumOf(settlement.lines),
    statement: statement.totals,
    statementLines: sumOf(lines),
    claim: totals([claim]),
    claimLines: rowTotals([claim]),
  };
}

function sumOf(rows: readonly Amounts[]): Amounts {
  const sum = (part: AmountName) => moneyText(add(...rows.map((row) => money(row[part]))));
  return Object.fromEntries(AMOUNT_NAMES.map((part) => [part, sum(part)])) as Record<AmountName, string>;
}
