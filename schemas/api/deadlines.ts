import { Body, FacilityCode, Instant, List, MoneyText, Some, type Static, Type, Uuid } from './types.ts';

export const DeadlineQuery = Body({
  facilityCode: Some(FacilityCode),
  cursor: Some(Type.String({ maxLength: 200 })),
  limit: Some(Type.Integer({ minimum: 1, maximum: 200 })),
});
const Stake = Body({ count: Type.Integer(), insurerPays: MoneyText });
const stakes = {
  overdue: Stake,
  day: { ...Stake, description: 'less than 24 hours are left' },
  soon: { ...Stake, description: 'no more than two working days are left' },
  later: Stake,
};
const Waiting = Body({
  encounterId: Uuid,
  facilityCode: FacilityCode,
  endedAt: Instant,
  deadline: { ...Instant, description: 'the moment at which it is too late' },
  extendedHours: Type.Number({ description: 'by which outages of the gateway moved it' }),
  insurerPays: MoneyText,
  number: Type.Integer({ description: 'version of the claim to be sent; 0 = none is built yet' }),
  why: Type.Enum([
    'run',
    'held',
    'obstacle',
    'signing',
    'notSigned',
    'queue',
    'channel',
    'sending',
    'unknown',
  ]),
  message: Type.String({ description: "why it is not sent, in the reader's language" }),
  cause: Type.Union([Type.String(), Type.Null()], { description: 'of the last event in the ledger' }),
  notBefore: Type.Union([Instant, Type.Null()], {
    description: 'when it is tried next; null = not before somebody acts',
  }),
});
export const Deadlines = Body(
  {
    at: Instant,
    total: Body(stakes),
    facilities: List(Body({ facilityCode: FacilityCode, ...stakes }), 2_000),
    items: List(Waiting, 200),
    next: Type.Union([Type.String(), Type.Null()]),
  },
  'What the insurer still waits for, by the time that is left; the visits that ended first come first',
);

export type DeadlineQuery = Static<typeof DeadlineQuery>;
