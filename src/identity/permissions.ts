/** What each kind of account may do. The next issue puts persons, roles and duties behind this same door. */
export const PERMISSIONS = {
  'patient.read': ['facility'],
  'patient.write': ['facility'],
  'encounter.read': ['facility'],
  'encounter.write': ['facility'],
  'encounter.settle': ['facility'],
  'claim.read': ['facility', 'province'],
  'claim.hold': ['facility'],
  'export.run': ['facility', 'province'],
  'export.read': ['facility', 'province'],
  'system.read': ['facility', 'province'],
} as const satisfies Record<string, readonly ('facility' | 'province')[]>;

export type Permission = keyof typeof PERMISSIONS;

export function mayDo(role: 'facility' | 'province', permission: Permission): boolean {
  return (PERMISSIONS[permission] as readonly string[]).includes(role);
}
