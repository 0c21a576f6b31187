import {
  assessVisit,
  type BenefitResult,
  type Explained,
  type Law,
  type RuleApplication,
} from '../benefits/index.ts';
import { readVisits, recordAct } from '../encounters/index.ts';
import type { Transaction } from '../platform/database/index.ts';
import type { Id } from '../platform/ids.ts';
import { decimalText, moneyText } from '../platform/money.ts';
import { benefitVisit } from './benefit-visit.ts';
import { readStoredExplanation } from './explanation.repo.ts';

/** The amounts of a visit, line by line, with the rules behind them. */
export interface VisitExplanation {
  /** null = not settled: as it would be settled now. */
  readonly settlement: number | null;
  readonly policyVersion: string;
  readonly lines: readonly ExplainedLine[];
}

export interface ExplainedLine {
  readonly name: string;
  /** Amounts `"351000.00"`, rates `"47.5"`. */
  readonly amounts: Readonly<Record<Explained, string>>;
  readonly because: readonly RuleApplication[];
}

/**
 * Why the amounts of a visit are what they are: of a settled visit as they were computed then, else by the law of now.
 * @returns null when this facility has no such visit
 */
export async function explainVisit(
  tx: Transaction,
  law: Law,
  facilityId: Id,
  encounterId: Id,
): Promise<VisitExplanation | null> {
  const [visit] = await readVisits(tx, facilityId, [encounterId]);
  if (!visit) return null;
  recordAct(tx, { id: encounterId, patientId: visit.patient.id }, 'explained');
  const names = new Map(visit.lines.map((line) => [line.id, line.name]));
  const nameOf = (id: Id) => names.get(id) ?? id;
  const stored = await readStoredExplanation(tx, facilityId, encounterId);
  if (stored)
    return {
      settlement: stored.version,
      policyVersion: stored.policyVersion,
      lines: stored.lines.map(({ lineId, because, ...amounts }) => ({
        name: nameOf(lineId),
        amounts,
        because,
      })),
    };
  const { encounter, facility, patient, coverages, lines } = visit;
  const result = assessVisit(
    benefitVisit({ ...encounter, birthDate: patient.birthDate, facility, coverages, lines }, law),
    law,
  );
  return {
    settlement: null,
    policyVersion: result.policyVersion,
    lines: result.lines.map((line) => ({
      name: nameOf(line.id),
      amounts: texts(line),
      because: line.because,
    })),
  };
}

function texts(line: BenefitResult['lines'][number]): Record<Explained, string> {
  return {
    serviceRate: decimalText(line.serviceRate),
    scopeRate: decimalText(line.scopeRate),
    benefitRate: decimalText(line.benefitRate),
    grossAmount: moneyText(line.grossAmount),
    insuredAmount: moneyText(line.insuredAmount),
    insurerPays: moneyText(line.insurerPays),
    copay: moneyText(line.copay),
    selfPay: moneyText(line.selfPay),
    otherPayers: moneyText(line.otherPayers),
  };
}
