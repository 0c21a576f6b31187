/** What people do here. A duty is a role at one facility; the last three belong to the province's office or to software. */
export const ROLES = [
  'receptionist',
  'clinician',
  'nurse',
  'pharmacist',
  'cashier',
  'insurance-officer',
  'facility-admin',
  'province-admin',
  'auditor',
  'machine',
] as const;
export type Role = (typeof ROLES)[number];

/** Duties of the province's office: they belong to no facility. */
export const OFFICE_ROLES: ReadonlySet<Role> = new Set(['province-admin', 'auditor']);

const care = [
  'receptionist',
  'clinician',
  'nurse',
  'pharmacist',
  'cashier',
  'insurance-officer',
  'machine',
] as const;

/**
 * The one table of who may do what (docs/permissions.md is made from it). The province's administrators see figures and
 * settings, never charts; auditors see the audit trail and nothing else; a machine does what its token's scopes name.
 */
export const PERMISSIONS = {
  'patient.read': care,
  'patient.write': ['receptionist', 'clinician', 'nurse', 'machine'],
  'patient.history': ['clinician'],
  'patient.emergency': ['clinician'],
  'encounter.read': care,
  'encounter.checkIn': ['receptionist', 'clinician', 'nurse', 'machine'],
  'encounter.diagnose': ['clinician', 'machine'],
  'encounter.order': ['clinician', 'machine'],
  'encounter.result': ['clinician', 'nurse', 'machine'],
  'encounter.note': ['clinician', 'nurse', 'machine'],
  'encounter.discharge': ['clinician', 'machine'],
  'encounter.settle': ['cashier', 'machine'],
  'encounter.reopen': ['insurance-officer'],
  'billing.lateFact': ['receptionist', 'clinician', 'nurse', 'cashier', 'insurance-officer', 'machine'],
  'billing.task': ['cashier', 'insurance-officer'],
  'encounter.recordWhole': ['clinician', 'machine'],
  'payment.read': ['receptionist', 'cashier', 'insurance-officer', 'facility-admin', 'machine'],
  'payment.record': ['cashier', 'machine'],
  'payment.confirm': ['cashier', 'machine'],
  'payment.void': ['cashier', 'facility-admin'],
  'shift.work': ['cashier'],
  'shift.read': ['cashier', 'facility-admin'],
  'shift.close': ['cashier', 'facility-admin'],
  // Takes back any payment of the facility and closes any shift.
  'desk.supervise': ['facility-admin'],
  'claim.list': ['insurance-officer', 'cashier', 'facility-admin', 'province-admin', 'machine'],
  'claim.read': ['insurance-officer', 'machine'],
  'claim.hold': ['insurance-officer', 'machine'],
  'finding.list': ['insurance-officer', 'cashier', 'facility-admin', 'province-admin', 'machine'],
  'result.import': ['insurance-officer', 'machine'],
  'result.read': ['insurance-officer', 'facility-admin', 'province-admin', 'machine'],
  'correction.read': ['insurance-officer', 'facility-admin', 'province-admin'],
  'correction.decide': ['insurance-officer', 'facility-admin'],
  'export.run': ['insurance-officer', 'province-admin', 'machine'],
  'export.read': ['insurance-officer', 'facility-admin', 'province-admin', 'machine'],
  'insurer.lookUp': ['receptionist', 'clinician', 'nurse', 'cashier', 'insurance-officer', 'machine'],
  'insurer.read': ['insurance-officer', 'facility-admin', 'province-admin', 'machine'],
  'insurer.send': ['insurance-officer', 'machine'],
  // What became of a paper when the insurer's answer was lost: a person looks at the portal and says so.
  'insurer.resolve': ['insurance-officer'],
  'insurer.setting': ['facility-admin'],
  'certificate.register': ['insurance-officer', 'facility-admin'],
  'foreignClaims.import': ['insurance-officer', 'province-admin'],
  'foreignClaims.read': ['insurance-officer', 'province-admin'],
  'rule.read': ['insurance-officer', 'facility-admin', 'province-admin'],
  // To see how a rule is set and to set it are two rights.
  'rule.configure': ['facility-admin', 'province-admin'],
  'rule.try': ['insurance-officer', 'facility-admin', 'province-admin'],
  'finding.decide': ['insurance-officer', 'facility-admin'],
  'finding.causes': ['insurance-officer', 'facility-admin', 'province-admin'],
  'finding.recheck': ['insurance-officer', 'facility-admin'],
  'claims.check': ['insurance-officer', 'province-admin'],
  'audit.read': ['facility-admin', 'auditor'],
  'audit.refusals': ['auditor'],
  'account.read': ['facility-admin', 'province-admin'],
  'account.manage': ['facility-admin', 'province-admin'],
  'billing.setting': ['facility-admin'],
  // Whoever runs the system: jobs, queues, what was given up.
  'operations.watch': ['province-admin'],
  'operations.retry': ['province-admin'],
  'setting.manage': ['facility-admin', 'province-admin'],
} as const satisfies Record<string, readonly Role[]>;

export type Permission = keyof typeof PERMISSIONS;
export const PERMISSION_NAMES = Object.keys(PERMISSIONS) as Permission[];

/** What the duties allow; a token's scopes (null = none were named) narrow it. */
export function permissionsOf(
  roles: readonly Role[],
  scopes: readonly string[] | null = null,
): ReadonlySet<Permission> {
  return new Set(
    PERMISSION_NAMES.filter(
      (name) =>
        (PERMISSIONS[name] as readonly Role[]).some((role) => roles.includes(role)) &&
        (scopes === null || scopes.includes(name)),
    ),
  );
}

/** Roles that sign in with a second factor unless their facility decided otherwise. */
const SECOND_FACTOR_ROLES: ReadonlySet<Role> = new Set([
  'insurance-officer',
  'facility-admin',
  'province-admin',
  'auditor',
]);
export type SecondFactorRule = 'usual' | 'everyone' | 'nobody';

/** @param rule of the facility; the province's office has `usual` and cannot change it */
export function needsSecondFactor(roles: readonly Role[], rule: SecondFactorRule): boolean {
  if (rule === 'nobody') return false;
  return rule === 'everyone' || roles.some((role) => SECOND_FACTOR_ROLES.has(role));
}

/** Whom may this caller give duties to: a facility's administrator staff of the facility, the province's anybody. */
export function mayGrant(own: readonly Role[], role: Role, isOwnFacility: boolean): boolean {
  if (own.includes('province-admin')) return true;
  return own.includes('facility-admin') && isOwnFacility && !OFFICE_ROLES.has(role);
}
