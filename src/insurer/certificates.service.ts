import {
  buildPaperPackage,
  ClaimWriteError,
  type IssuedPapers,
  projectPapers,
  readSnapshots,
} from '../claims/index.ts';
import type { Transaction } from '../platform/database/index.ts';
import { localDate } from '../platform/dates.ts';
import type { Id } from '../platform/ids.ts';
import { Problem } from '../platform/problem.ts';
import { submitPaper } from './paper.service.ts';

export interface CertificateWish {
  readonly encounterId: Id;
  /** By paper and field, as they are to stand there; absent = what the visit itself says. */
  readonly papers?: IssuedPapers;
}

/**
 * Hands in the certificates that a visit issued: one package `HSCHUNGTU`.
 * @throws Problem not-found; paper-empty when it issued none; already-exists when the same were handed in; invalid-body
 * for a field that is missing, unknown or misspelt
 */
export async function issueCertificates(
  tx: Transaction,
  facility: { readonly id: Id; readonly code: string },
  wish: CertificateWish,
  now: Date,
): Promise<Id> {
  const { encounterId } = wish;
  const [snapshot] = await readSnapshots(tx, facility.id, [encounterId]);
  if (!snapshot) throw new Problem('not-found', { what: 'encounter' });
  const papers = wish.papers ?? projectPapers(snapshot);
  if (Object.keys(papers).length === 0) throw new Problem('paper-empty', { kind: 'certificates' });
  const madeOn = localDate(now);
  const build = (id: Id) => buildPaperPackage([papers], { facilityCode: facility.code, madeOn, id });
  const figures = { papers: Object.keys(papers) };
  return submitPaper(
    tx,
    facility.id,
    { kind: 'certificates', encounterId, content: { encounterId, papers }, figures, build: refusing(build) },
    now,
  );
}

const refusing =
  (build: (id: Id) => Buffer) =>
  (id: Id): Buffer => {
    try {
      return build(id);
    } catch (error) {
      if (!(error instanceof ClaimWriteError)) throw error;
      const { table = '', field = '' } = error.place;
      throw new Problem('invalid-body', {}, [
        { pointer: `/papers/${table}/${field}`, message: 'insurer.badField' },
      ]);
    }
  };
