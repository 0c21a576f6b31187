import type { SettlementLineRecord, SettlementTotals } from '../billing/index.ts';
import type { ChargeLineRecord, VisitRecord } from '../encounters/index.ts';
import type { Instant } from '../platform/dates.ts';
import type { CardRule } from './card-of-line.ts';

/** One charged line of a settlement version beside its stored result; also a line that was cancelled later. */
export interface SettledLine
  extends Pick<
    ChargeLineRecord,
    | 'id'
    | 'code'
    | 'name'
    | 'unit'
    | 'costGroupCode'
    | 'quantity'
    | 'unitPrice'
    | 'orderedAt'
    | 'performedAt'
    | 'packageCode'
  > {
  readonly result: Omit<SettlementLineRecord, 'lineId'>;
  /** What the stored trace says about cards; absent where it was not kept. */
  readonly cardRules?: readonly CardRule[];
}

/** All that a statement is made from: the visit as recorded and one settlement of it. Nothing is computed anew. */
export interface StatementSource {
  readonly visit: VisitRecord;
  readonly settlement: {
    /** 0 = a preview: what would be if the visit were settled now. */
    readonly version: number;
    readonly latestVersion: number;
    readonly policyVersion: string;
    readonly routeCode: string | null;
    readonly settledAt: Instant;
    readonly totals: SettlementTotals;
    readonly lines: readonly SettledLine[];
  };
  readonly treatmentDays: number | null;
  readonly names: Names;
}

/** Names for codes that the visit holds, as far as the directory knows them. */
export interface Names {
  readonly departments: Readonly<Record<string, string>>;
  readonly facilities: Readonly<Record<string, string>>;
}
