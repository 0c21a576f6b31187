import { describe, expect, test } from '@jest/globals';
import {
  mayGrant,
  needsSecondFactor,
  OFFICE_ROLES,
  PERMISSION_NAMES,
  PERMISSIONS,
  type Permission,
  permissionsOf,
  ROLES,
  type Role,
} from './permissions.ts';

const of = (...roles: Role[]) => [...permissionsOf(roles)].toSorted();
const holds = (role: Role, permission: Permission) => permissionsOf([role]).has(permission);

describe('the table', () => {
  test('no duty, no permission', () => {
    expect(of()).toEqual([]);
  });

  test('every permission belongs to a role, every role has a permission, and nothing names an unknown role', () => {
    for (const name of PERMISSION_NAMES) {
      expect(PERMISSIONS[name].length).toBeGreaterThan(0);
      expect(ROLES).toEqual(expect.arrayContaining([...PERMISSIONS[name]]));
    }
    for (const role of ROLES) expect(of(role)).not.toEqual([]);
  });

  const CHARTS = PERMISSION_NAMES.filter(
    (name) => /^(patient|encounter)\./.test(name) || name === 'claim.read',
  );
  test.each(['province-admin', 'facility-admin', 'auditor'] as const)('%s opens no chart', (role) => {
    expect(CHARTS.filter((name) => holds(role, name))).toEqual([]);
  });

  test('an auditor reads the audit trail and nothing else', () => {
    expect(of('auditor')).toEqual(['audit.read', 'audit.refusals']);
  });

  test('only who has no accounts to look after reads the whole trail; a machine neither reads it nor manages accounts', () => {
    expect(ROLES.filter((role) => holds(role, 'audit.read'))).toEqual(['facility-admin', 'auditor']);
    expect(ROLES.filter((role) => holds(role, 'account.manage'))).toEqual([
      'facility-admin',
      'province-admin',
    ]);
  });

  test('only clinicians look into the history elsewhere, and only clinicians break the glass', () => {
    expect(ROLES.filter((role) => holds(role, 'patient.history'))).toEqual(['clinician']);
    expect(ROLES.filter((role) => holds(role, 'patient.emergency'))).toEqual(['clinician']);
  });

  test('several duties allow what each of them allows', () => {
    expect(of('receptionist', 'cashier')).toEqual(
      [...new Set([...of('receptionist'), ...of('cashier')])].toSorted(),
    );
  });
});

describe('scopes of a token', () => {
  test('narrow what the duty allows', () => {
    expect([...permissionsOf(['machine'], ['patient.read', 'encounter.read'])]).toEqual([
      'patient.read',
      'encounter.read',
    ]);
  });
  test('never widen it', () => {
    expect([...permissionsOf(['machine'], ['account.manage', 'audit.read', 'toString'])]).toEqual([]);
  });
  test('none at all allow nothing', () => {
    expect([...permissionsOf(['machine'], [])]).toEqual([]);
  });
});

describe('second factor', () => {
  const strong: Role[] = ['insurance-officer', 'facility-admin', 'province-admin', 'auditor'];
  test.each(ROLES)('usual: %s', (role) => {
    expect(needsSecondFactor([role], 'usual')).toBe(strong.includes(role));
  });
  test('one such duty among others is enough', () => {
    expect(needsSecondFactor(['nurse', 'insurance-officer'], 'usual')).toBe(true);
    expect(needsSecondFactor(['nurse', 'cashier'], 'usual')).toBe(false);
  });
  test.each(ROLES)('everyone and nobody hold for %s', (role) => {
    expect(needsSecondFactor([role], 'everyone')).toBe(true);
    expect(needsSecondFactor([role], 'nobody')).toBe(false);
  });
});

describe('who may give which duty', () => {
  test.each(ROLES)('the province gives %s anywhere', (role) => {
    expect(mayGrant(['province-admin'], role, false)).toBe(true);
  });
  test.each(ROLES)('a facility gives %s at home only, and never a duty of the office', (role) => {
    expect(mayGrant(['facility-admin'], role, true)).toBe(!OFFICE_ROLES.has(role));
    expect(mayGrant(['facility-admin'], role, false)).toBe(false);
  });
  test.each(ROLES.filter((role) => role !== 'province-admin' && role !== 'facility-admin'))(
    '%s gives none',
    (role) => {
      for (const wanted of ROLES) expect(mayGrant([role], wanted, true)).toBe(false);
    },
  );
});
