import type { Law } from '../benefits/index.ts';
import { preview, type SettlementTotals } from '../billing/index.ts';
import { treatmentDaysOf } from '../claims/index.ts';
import { type Recording, readVisits, recordAct, type VisitRecord } from '../encounters/index.ts';
import type { Directory } from '../facilities/index.ts';
import type { Transaction } from '../platform/database/index.ts';
import { localDate } from '../platform/dates.ts';
import type { Id } from '../platform/ids.ts';
import { Problem } from '../platform/problem.ts';
import type { StatementForm } from './form.ts';
import type { Names, SettledLine, StatementSource } from './source.ts';
import { readSettledVersions } from './statement.repo.ts';
import { type Statement, statementOf } from './statement.ts';

/**
 * The statement of a visit, read on somebody's behalf: of the version asked for, else of the newest settlement while
 * the visit stands settled, else of a preview, marked as such.
 * @throws not-found for a visit or version that does not exist; for a preview, what a preview throws
 */
export async function readStatement(
  tx: Transaction,
  rec: Recording,
  law: Law,
  form: StatementForm,
  id: Id,
  version: number | null,
): Promise<Statement> {
  const [visit] = await readVisits(tx, rec.facility.id, [id]);
  if (!visit) throw new Problem('not-found', { what: 'encounter' });
  const isStored = version !== null || visit.encounter.state === 'settled';
  const settlement = isStored
    ? (await readSettledVersions(tx, rec.facility.id, [id], version)).get(id)
    : await previewed(tx, rec, law, visit);
  if (!settlement) throw new Problem('not-found', { what: 'settlement' });
  recordAct(tx, { id, patientId: visit.patient.id }, 'statementRead', {
    detail: { settlement: settlement.version },
  });
  return statementOf(sourceOf(visit, settlement, rec.directory), form);
}

async function previewed(
  tx: Transaction,
  rec: Recording,
  law: Law,
  visit: VisitRecord,
): Promise<StatementSource['settlement']> {
  const { settledAt, policyVersion, totals, lines } = await preview(tx, rec, law, visit.encounter.id);
  const results = new Map(lines.map((line) => [line.lineId, line]));
  return {
    version: 0,
    latestVersion: 0,
    policyVersion,
    routeCode: visit.encounter.routeCode,
    settledAt,
    totals: totals as unknown as SettlementTotals,
    lines: visit.lines.flatMap((line) => {
      const result = results.get(line.id);
      if (!result) return [];
      const because = result.because as readonly string[];
      const cardRules = because.filter((rule) => rule.startsWith('CARD-')).map((rule) => ({ rule }));
      return [{ ...line, result: result as unknown as SettledLine['result'], cardRules }];
    }),
  };
}

/** A visit and one settlement of it, with the names of the codes that stand in its head. */
export function sourceOf(
  visit: VisitRecord,
  settlement: StatementSource['settlement'],
  directory: Directory,
): StatementSource {
  return {
    visit,
    settlement,
    treatmentDays: treatmentDaysOf({ visit, settlement: null }),
    names: namesOf(visit, directory),
  };
}

function namesOf({ encounter, facility, coverages }: VisitRecord, directory: Directory): Names {
  const day = localDate(encounter.arrivedAt);
  const named = (codes: readonly (string | null | undefined)[], name: (code: string) => string | undefined) =>
    Object.fromEntries(
      codes.flatMap((code) => {
        const found = code ? name(code) : undefined;
        return code && found ? [[code, found]] : [];
      }),
    );
  return {
    departments: named(
      encounter.departmentCodes,
      (code) => directory.departmentOn(facility.id, code, day)?.name,
    ),
    facilities: named(
      [
        encounter.referral?.fromFacilityCode,
        encounter.destinationFacilityCode,
        ...coverages.map((card) => card.registeredFacilityCode),
      ],
      (code) => directory.byCode(code)?.name,
    ),
  };
}
