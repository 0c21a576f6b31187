import type { Instant, LocalDate } from '../platform/dates.ts';
import type { Id } from '../platform/ids.ts';

/** The amounts that every line and the whole have; the last four make up the first. */
export const AMOUNT_NAMES = [
  'grossAmount',
  'insuredAmount',
  'insurerPays',
  'copay',
  'selfPay',
  'otherPayers',
] as const;
export type AmountName = (typeof AMOUNT_NAMES)[number];

/** One stored settlement: an append-only version with its own line results. Amounts `"351000.00"`, rates `"47.5"`. */
export interface SettlementRecord {
  readonly version: number;
  readonly policyVersion: string;
  readonly policyDate: LocalDate;
  readonly settledAt: Instant;
  readonly totals: SettlementTotals;
  readonly lines: readonly SettlementLineRecord[];
}

export interface SettlementTotals {
  readonly grossAmount: string;
  readonly insuredAmount: string;
  readonly insurerPays: string;
  readonly copay: string;
  readonly selfPay: string;
  readonly otherPayers: string;
  readonly drugAmount: string;
  readonly supplyAmount: string;
  readonly patientPays: string;
}

export interface SettlementLineRecord {
  readonly lineId: Id;
  readonly serviceRate: string;
  readonly scopeRate: string;
  readonly insuredUnitPrice: string;
  readonly benefitRate: string;
  readonly grossAmount: string;
  readonly insuredAmount: string;
  readonly insurerPays: string;
  readonly copay: string;
  readonly selfPay: string;
  readonly otherPayers: string;
}
