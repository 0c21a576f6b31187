import type { SettlementRecord } from '../../src/billing/index.ts';
import type { ClaimSnapshot } from '../../src/claims/index.ts';
import type { SettledLine, StatementSource } from '../../src/reports/source.ts';

/** What a statement is made from, out of a snapshot that holds its settlement. */
export function sourceFrom(
  { visit, settlement }: ClaimSnapshot & { settlement: SettlementRecord },
  more: Partial<StatementSource['settlement']> = {},
): StatementSource {
  const results = new Map(settlement.lines.map((line) => [line.lineId, line]));
  const lines = visit.lines.flatMap((line): SettledLine[] => {
    const result = results.get(line.id);
    return result ? [{ ...line, result }] : [];
  });
  const { routeCode } = visit.encounter;
  return {
    visit,
    settlement: { ...settlement, latestVersion: settlement.version, routeCode, lines, ...more },
    treatmentDays: 4,
    names: { departments: { K19: 'Khoa Ngoại' }, facilities: { '40101': 'Trạm Y tế xã Mẫu' } },
  };
}
