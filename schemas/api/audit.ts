import { Body, Code, Day, Instant, List, Some, type Static, Type, Uuid } from './types.ts';

const Moment = { anyOf: [Day, Instant], description: 'a day in Viet Nam, or a moment with zone' };
const MomentText = Type.Unsafe<string>(Moment);
const Text = Type.Union([Type.String(), Type.Null()]);
const AnyId = Type.String({
  pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$',
  description: 'id, lower case',
});
const FacilityOrNone = Type.String({
  pattern: '^(\\d{5}|-)$',
  description: 'facility code; - = acts without a facility',
});

export const AuditQuery = Body({
  from: Some(MomentText),
  to: Some(Type.Unsafe<string>({ ...Moment, description: 'a day (included) or a moment (not included)' })),
  facilityCode: Some(FacilityOrNone),
  actor: Some(
    Type.String({ pattern: '^[0-9a-z._-]{3,64}$', description: 'account: its id or its username' }),
  ),
  action: Some(Type.String({ pattern: '^[A-Za-z][A-Za-z.-]{0,79}$' })),
  subjectType: Some(Code(40)),
  subjectId: Some(AnyId),
  patientId: Some(AnyId),
  purpose: Some(Type.String({ pattern: '^[a-z][a-z-]{2,30}$' })),
  flaggedOnly: Some(Type.Boolean()),
  cursor: Some(AnyId),
  limit: Some(Type.Integer({ minimum: 1, maximum: 200 })),
});
export const AuditEvent = Body({
  id: Uuid,
  at: Instant,
  facilityCode: Type.Union([Type.String(), Type.Null()], {
    description: 'where the actor stood; null = no facility',
  }),
  actor: Body({ id: AnyId, name: Text, username: Text }),
  action: Type.String(),
  subjectType: Type.String(),
  subjectId: Type.Union([AnyId, Type.Null()]),
  patientId: Type.Union([AnyId, Type.Null()]),
  purpose: Type.String(),
  reason: Text,
  flag: Text,
  requestId: Type.String(),
  origin: Text,
  detail: Type.Record(Type.String(), Type.Unknown()),
  changes: Type.Union(
    [Type.Record(Type.String(), Type.Array(Type.Unknown(), { minItems: 2, maxItems: 2 })), Type.Null()],
    { description: 'field: [before, after]' },
  ),
});
export const AuditEventList = Body({ items: List(AuditEvent, 200), next: Text });

export const RefusalQuery = Body({
  from: Some({ ...Day, description: 'first day; absent = 30 days before the last' }),
  to: Some({ ...Day, description: 'last day; absent = today' }),
});
export const RefusalList = Body(
  {
    items: List(
      Body({
        day: Day,
        kind: Type.String({ description: 'kind of refusal' }),
        count: Type.Integer(),
        addresses: Type.Integer({ description: 'from how many addresses, as far as they were told apart' }),
        busiest: Body({ address: Type.String(), count: Type.Integer() }),
      }),
      10_000,
    ),
  },
  'Newest day first, within a day the most frequent kind first',
);

export type AuditQuery = Static<typeof AuditQuery>;
export type RefusalQuery = Static<typeof RefusalQuery>;
export type RefusalList = Static<typeof RefusalList>;
