import { DEMO_PASSWORD, type DemoAccount } from '../seed/index.ts';
import { type ApiClient, type Session, signIn } from './client.ts';
import type { VisitStep } from './visits/index.ts';

/** The duty that does each kind of step. */
const DUTY = {
  patient: 'receptionist',
  coverage: 'receptionist',
  checkIn: 'receptionist',
  conditions: 'clinician',
  orders: 'clinician',
  results: 'clinician',
  notes: 'clinician',
  discharge: 'clinician',
  settle: 'cashier',
} as const satisfies Record<VisitStep['kind'], string>;

export interface DemoStaff {
  /** The session of whoever does this step there; everybody signs in once, when first needed. */
  readonly forStep: (facilityCode: string, step: VisitStep['kind']) => Promise<Session>;
  /** The province's administrator. */
  readonly office: () => Promise<Session>;
}

export function createStaff(api: ApiClient, accounts: readonly DemoAccount[]): DemoStaff {
  const sessions = new Map<string, Promise<Session>>();
  const byDuty = new Map<string, string>();
  for (const { username, facilityCode, roles } of accounts)
    for (const role of roles) byDuty.set(`${facilityCode ?? ''} ${role}`, username);
  const sessionOf = (facilityCode: string | null, role: string) => {
    const username = byDuty.get(`${facilityCode ?? ''} ${role}`) ?? '';
    let session = sessions.get(username);
    if (!session) {
      session = signIn(api, username, DEMO_PASSWORD, facilityCode);
      sessions.set(username, session);
    }
    return session;
  };
  return {
    forStep: (facilityCode, step) => sessionOf(facilityCode, DUTY[step]),
    office: () => sessionOf(null, 'province-admin'),
  };
}
