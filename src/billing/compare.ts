import type { Id } from '../platform/ids.ts';
import { money, moneyText } from '../platform/money.ts';
import { AMOUNT_NAMES, type SettlementRecord, type SettlementTotals } from './settlement.ts';

/** One amount or rate in two versions; null = the line is not in that version. `difference` = after − before. */
export interface Change {
  readonly name: string;
  readonly before: string | null;
  readonly after: string | null;
  readonly difference: string | null;
}

export interface SettlementChanges {
  readonly from: number;
  readonly to: number;
  readonly totals: readonly Change[];
  readonly lines: readonly {
    readonly lineId: Id;
    readonly kind: 'added' | 'removed' | 'changed';
    readonly changes: readonly Change[];
  }[];
}

type Compared = Pick<SettlementRecord, 'version'> & {
  readonly totals: SettlementTotals;
  readonly lines: readonly ComparedLine[];
};
type ComparedLine = { readonly lineId: Id } & Readonly<Record<(typeof OF_A_LINE)[number], string>>;

const RATES = ['serviceRate', 'scopeRate', 'insuredUnitPrice', 'benefitRate'] as const;
const OF_A_LINE = [...AMOUNT_NAMES, ...RATES] as const;
const OF_ALL = [...AMOUNT_NAMES, 'drugAmount', 'supplyAmount', 'patientPays'] as const;
const MONEY: ReadonlySet<string> = new Set(OF_ALL);

/** What differs between two settlements of one visit, amount by amount, total first; empty lists = nothing. */
export function compareSettlements(before: Compared, after: Compared): SettlementChanges {
  const old = new Map(before.lines.map((line) => [line.lineId, line]));
  const now = new Map(after.lines.map((line) => [line.lineId, line]));
  const removed = before.lines.filter((line) => !now.has(line.lineId));
  const lines = [
    ...after.lines.map((line) => ({
      lineId: line.lineId,
      kind: old.has(line.lineId) ? ('changed' as const) : ('added' as const),
      changes: differences(OF_A_LINE, old.get(line.lineId), line),
    })),
    ...removed.map((line) => ({
      lineId: line.lineId,
      kind: 'removed' as const,
      changes: differences(OF_A_LINE, line, undefined),
    })),
  ];
  return {
    from: before.version,
    to: after.version,
    totals: differences(OF_ALL, before.totals, after.totals),
    lines: lines.filter((line) => line.kind !== 'changed' || line.changes.length > 0),
  };
}

function differences<Name extends string>(
  names: readonly Name[],
  before: Readonly<Record<Name, string>> | undefined,
  after: Readonly<Record<Name, string>> | undefined,
): Change[] {
  return names
    .map((name) => ({ name, before: before?.[name] ?? null, after: after?.[name] ?? null }))
    .filter((change) => change.before !== change.after)
    .map((change) => ({ ...change, difference: difference(change) }));
}

/** Of money only: rates are told as they are. */
function difference({ name, before, after }: Omit<Change, 'difference'>): string | null {
  if (!MONEY.has(name)) return null;
  return moneyText(money(after ?? '0').minus(money(before ?? '0')));
}
