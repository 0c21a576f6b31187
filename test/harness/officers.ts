import type { Session } from '../../src/demo/client.ts';
import type { Role } from '../../src/identity/index.ts';
import { addAccount, addSession } from './accounts.ts';
import type { TestDatabase } from './database.ts';
import { HOSPITAL, STATION } from './visit.ts';

/** Who gives claim files: the officers of two facilities, and the province's office. */
export async function officersOn(
  database: TestDatabase,
): Promise<Readonly<Record<'hospital' | 'station' | 'office', Session>>> {
  const session = async (role: Role, code: string | null) =>
    addSession(database, await addAccount(database, role, code, { username: `${role}.${code ?? 'x'}` }));
  return {
    hospital: await session('insurance-officer', HOSPITAL),
    station: await session('insurance-officer', STATION),
    office: await session('province-admin', null),
  };
}
