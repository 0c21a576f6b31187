import { type ClaimRow, ClaimWriteError, readSnapshots } from '../claims/index.ts';
import type { Transaction } from '../platform/database/index.ts';
import type { Id } from '../platform/ids.ts';
import { Problem } from '../platform/problem.ts';
import { fieldsXml, formXml } from './forms.ts';
import { submitPaper } from './paper.service.ts';

/**
 * Notices of a birth or a death. Roots, elements and types are documented, the fields inside are not, and visits record no
 * births: whoever gives a notice gives its fields, in the order in which they are to stand.
 * @source CV 3220/BHXH-CNTT PL02; TT 22/2025 for births
 */
const FORMS = {
  deathNotice: { root: 'HSDLGBT', signed: 'GIAYBAOTU' },
  birthCertificate: { root: 'HSDLGCS', signed: 'GIAYCHUNGSINH' },
} as const;
export type NoticeKind = keyof typeof FORMS;

export interface NoticeWish {
  readonly encounterId: Id;
  readonly kind: NoticeKind;
  readonly fields: ClaimRow;
}

/** Outcomes of treatment: died here, or before arrival. */
const DEATHS: ReadonlySet<string | null> = new Set(['5', '8']);

/**
 * Hands in a notice about a visit.
 * @throws Problem not-found; paper-empty for the death of somebody who did not die in this visit; already-exists;
 * invalid-body for text that XML cannot hold
 */
export async function issueNotice(
  tx: Transaction,
  facilityId: Id,
  { encounterId, kind, fields }: NoticeWish,
  now: Date,
): Promise<Id> {
  const [snapshot] = await readSnapshots(tx, facilityId, [encounterId]);
  if (!snapshot) throw new Problem('not-found', { what: 'encounter' });
  if (kind === 'deathNotice' && !DEATHS.has(snapshot.visit.encounter.outcomeCode))
    throw new Problem('paper-empty', { kind });
  const { root, signed } = FORMS[kind];
  const inside = noticeXml(fields);
  const build = (id: Id) => formXml(root, signed, id, inside);
  return submitPaper(tx, facilityId, { kind, encounterId, content: { encounterId, fields }, build }, now);
}

function noticeXml(fields: ClaimRow): string {
  try {
    return fieldsXml(fields);
  } catch (error) {
    if (!(error instanceof ClaimWriteError)) throw error;
    throw new Problem('invalid-body', {}, [
      { pointer: `/notice/fields/${error.place.field ?? ''}`, message: 'insurer.badField' },
    ]);
  }
}
