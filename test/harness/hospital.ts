import { newId } from '../../src/platform/ids.ts';
import { addAccount, addSession } from './accounts.ts';
import type { Plant } from './plant.ts';
import { dischargedVisit, HOSPITAL, line } from './visit.ts';

const ENCOUNTER = /^\/api\/v1\/encounters\/[^/]+/;

/** People of the hospital who work on its visits through the API. */
export async function startHospital({ server }: Plant) {
  const { api, database } = server;
  const officer = await addAccount(database, 'insurance-officer', HOSPITAL);
  const by = await addSession(database, officer);
  const cashier = await addSession(database, await addAccount(database, 'cashier', HOSPITAL));
  const clinician = await addSession(database, await addAccount(database, 'clinician', HOSPITAL));
  const call: typeof server.call = (method, path, more) =>
    server.call(method, path, { as: HOSPITAL, ...more });
  /** As the screens do it: a change of a visit names the version that it was made on. */
  const ask = async <T>(method: string, path: string, body?: unknown, who = by, key: string = newId()) => {
    const visit = method === 'POST' ? ENCOUNTER.exec(path)?.[0] : undefined;
    const etag = visit ? (await api.call('GET', visit, who)).etag : null;
    const headers = {
      ...(method === 'POST' ? { 'Idempotency-Key': key } : {}),
      ...(etag ? { 'If-Match': etag } : {}),
    };
    const answer = await api.call(method, path, who, body, headers);
    return { status: answer.status, body: answer.body as T };
  };
  let cards = 0;
  return {
    officer,
    by,
    cashier,
    clinician,
    /** Discharged, not settled; of a person of its own: the same one twice at a time would be a finding. */
    newVisit() {
      cards += 1;
      const card = { cardNumber: `DN44000${String(cards).padStart(8, '0')}` };
      return dischargedVisit({ ...server, call }, [line()], { card });
    },
    ask,
  };
}

export type Hospital = Awaited<ReturnType<typeof startHospital>>;
