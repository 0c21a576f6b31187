import { type RefusalCounter, recordAudit } from '../audit/index.ts';
import { actingContext, type Caller } from '../identity/index.ts';
import type { Database } from '../platform/database/index.ts';
import type { Refusal } from '../platform/http/index.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * A refusal of somebody who is signed in stands in the audit trail, in a transaction of its own: theirs was undone.
 * Callers that nobody knows are only counted, so that nobody can fill the disk.
 */
export async function rememberRefusal(
  database: Database,
  refusals: RefusalCounter,
  refusal: Refusal<Caller>,
): Promise<void> {
  const { caller, meta, route, params, problem } = refusal;
  if (!caller) {
    refusals.count(problem.type, meta.ip ?? '');
    return;
  }
  const { requestId, purpose, ip } = meta;
  const subject = Object.values(params).find((value) => UUID.test(value)) ?? null;
  const context = actingContext(caller, route.permission, { requestId, purpose, origin: ip });
  await database.transaction(context, async (tx) => {
    recordAudit(tx, {
      action: 'access.refused',
      subjectType: route.operationId,
      subjectId: subject,
      detail: { problem: problem.type, permission: route.permission },
    });
  });
}
