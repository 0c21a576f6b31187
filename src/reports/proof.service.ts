import { readSettlements, type Settled, walkSettled } from '../billing/index.ts';
import {
  type ClaimChoices,
  ClaimReadError,
  type ClaimTables,
  documentBytes,
  newestDocuments,
  projectClaim,
  readClaimFile,
} from '../claims/index.ts';
import { readVisits } from '../encounters/index.ts';
import type { Directory } from '../facilities/index.ts';
import type { Database } from '../platform/database/index.ts';
import type { Id } from '../platform/ids.ts';
import type { StatementForm } from './form.ts';
import { moneyOf, type VisitMoney } from './proof.ts';
import { readSettledVersions } from './statement.repo.ts';
import { sourceOf } from './statement.service.ts';
import { statementOf } from './statement.ts';

/** A visit whose stored claim cannot be read back: its money is not known. */
export interface UnreadableClaim {
  readonly encounterId: Id;
  readonly claimKey: string;
  readonly facilityCode: string;
  readonly finding: string;
}

/**
 * Tells the money of each settled visit as every place has it: the settlement as the API answers it, the statement, and
 * the newest claim's document, read back (made now where none was built for this settlement). Writes nothing.
 */
export async function proveMoney(
  database: Database,
  directory: Directory,
  { form, choices }: { readonly form: StatementForm; readonly choices: ClaimChoices },
  wanted: Settled,
  told: (visit: VisitMoney | UnreadableClaim) => void,
): Promise<void> {
  await walkSettled(database, wanted, 'money-proof', async (tx, facilityId, ids) => {
    const visits = await readVisits(tx, facilityId, ids);
    const settlements = await readSettlements(tx, facilityId, ids);
    const versions = await readSettledVersions(tx, facilityId, ids);
    const documents = await newestDocuments(tx, facilityId, ids);
    for (const visit of visits) {
      const { id: encounterId, claimKey } = visit.encounter;
      const settlement = settlements.get(encounterId);
      const version = versions.get(encounterId);
      if (!settlement || !version) continue;
      const of = { encounterId, claimKey, facilityCode: visit.facility.code };
      const stored = documents.get(encounterId);
      const document = stored?.settlementVersion === settlement.version ? stored : undefined;
      const claim = document
        ? readBack(document.compressed)
        : projectClaim({ visit, settlement }, { choices });
      if (typeof claim === 'string') {
        told({ ...of, finding: claim });
        continue;
      }
      const statement = statementOf(sourceOf(visit, version, directory), form);
      told({ ...of, isDocument: document !== undefined, money: moneyOf(settlement, statement, claim) });
    }
  });
}

/** @returns the tables of the one record, or what is wrong with the document */
function readBack(compressed: Uint8Array): ClaimTables | string {
  try {
    const { records } = readClaimFile(documentBytes(compressed));
    return records.length === 1 ? records[0]! : `records: ${records.length}`;
  } catch (error) {
    if (error instanceof ClaimReadError) return error.finding;
    throw error;
  }
}
