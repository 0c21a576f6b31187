import { Body, Day, FacilityCode, Licence, List, Some, type Static, Type, Uuid, Words } from './types.ts';

const ROLE_NAMES = [
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
const RoleName = Type.Enum([...ROLE_NAMES]);
const Username = Type.String({ pattern: '^[a-z0-9][a-z0-9._-]{2,63}$' });
const Password = Type.String({ minLength: 1, maxLength: 200 });
const NullableFacility = Type.Union([FacilityCode, Type.Null()]);

export const SignIn = Body({
  username: Type.String({ minLength: 1, maxLength: 64 }),
  password: Password,
  facilityCode: Some({
    ...NullableFacility,
    description: 'place of work; null = the province; absent = the last one',
  }),
});
export const SecondFactorCode = Body({ code: Type.String({ minLength: 6, maxLength: 40 }) });
export const SwitchFacility = Body({ facilityCode: NullableFacility });
export const SetPassword = Body({ current: Some(Password), next: Password });
export const SecondFactorBegin = Body({
  current: Some({ ...Password, description: 'the password, in a session that is open already' }),
});
export const Nothing = Body({});

const Workplace = Body({
  code: NullableFacility,
  name: Type.Union([Type.String(), Type.Null()]),
  roles: List(RoleName, 20),
});
export const Session = Body({
  state: Type.Enum(['second-factor', 'set-password', 'set-second-factor', 'active']),
  csrfToken: Type.String({ description: 'send it back in X-CSRF-Token with every change' }),
  accountId: Uuid,
  username: Username,
  name: Type.String(),
  facility: Type.Union([Body({ code: FacilityCode, name: Type.String() }), Type.Null()]),
  roles: List(RoleName, 20),
  workplaces: List(Workplace, 500),
});
export const SignedOut = Body({ ended: Type.Integer() });
export const Enrolment = Body({ secret: Type.String(), uri: Type.String() });
export const SecondFactorSet = Body({ session: Session, recoveryCodes: List(Type.String(), 20) });
export const RecoveryCodes = Body({ recoveryCodes: List(Type.String(), 20) });

export const TokenRequest = Body({
  username: Username,
  secret: Password,
  facilityCode: Some(FacilityCode),
  scopes: Some(List(Type.String({ maxLength: 40 }), 50, 1)),
});
export const Token = Body({
  accessToken: Type.String(),
  tokenType: Type.Literal('Bearer'),
  expiresInSeconds: Type.Integer(),
  scopes: List(Type.String(), 50),
});

const Duty = Body({
  role: RoleName,
  facilityCode: Some({ ...NullableFacility, description: 'absent = your own facility; null = the province' }),
  validFrom: Some(Day),
  validThrough: Some({ ...Day, description: 'last day; absent = no end' }),
});
export const AccountCreate = Body({
  kind: Some(Type.Enum(['person', 'machine'])),
  username: Username,
  name: Words(255),
  duty: Duty,
  licenceNumber: Some(Licence),
});
export const DutyGrant = Duty;
export const Account = Body({
  id: Uuid,
  version: Type.Integer(),
  kind: Type.Enum(['person', 'machine']),
  username: Username,
  name: Type.String(),
  state: Type.Enum(['active', 'locked']),
  stateReason: Type.Union([Type.String(), Type.Null()]),
  duties: List(
    Body({
      id: Uuid,
      role: RoleName,
      facilityCode: NullableFacility,
      validFrom: Day,
      validThrough: Type.Union([Day, Type.Null()]),
    }),
    500,
  ),
});
export const AccountOpened = Body({
  account: Account,
  oneTimePassword: Some(Type.String({ description: 'shown once' })),
  secret: Some(Type.String({ description: 'of a machine, shown once' })),
});
export const AccountQuery = Body({
  cursor: Some(Type.String({ maxLength: 64 })),
  limit: Some(Type.Integer({ minimum: 1, maximum: 200 })),
});
export const AccountList = Body({
  items: List(Account, 200),
  next: Type.Union([Type.String(), Type.Null()]),
});
export const AccountReset = Body({
  reason: Words(500),
  removesSecondFactor: Some(
    Type.Boolean({
      description: 'for somebody who lost the phone and the recovery codes: it is set up anew',
    }),
  ),
});
export const SecondFactorRule = Body({
  facilityCode: Some(FacilityCode),
  rule: Type.Enum(['usual', 'everyone', 'nobody']),
  reason: Words(500),
});

export const SecondFactorRuleSet = Body({ rule: Type.Enum(['usual', 'everyone', 'nobody']) });

/** What a provider may send back (RFC 6749, RFC 9207). */
const Returned = Some(Type.String({ maxLength: 2_000 }));
export const OidcCallback = Body({
  code: Returned,
  state: Returned,
  iss: Returned,
  scope: Returned,
  session_state: Returned,
  error: Returned,
  error_description: Returned,
});

export type SignIn = Static<typeof SignIn>;
export type AccountCreate = Static<typeof AccountCreate>;
export type DutyGrant = Static<typeof DutyGrant>;
export type TokenRequest = Static<typeof TokenRequest>;
export type AccountReset = Static<typeof AccountReset>;
export type SecondFactorRule = Static<typeof SecondFactorRule>;
