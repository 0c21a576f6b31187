import {
  Body,
  Day,
  FacilityCode,
  Instant,
  List,
  MoneyText,
  Some,
  type Static,
  Type,
  Uuid,
  Words,
} from './types.ts';

const STATES = [
  'built',
  'checked',
  'signed',
  'notSigned',
  'queued',
  'sending',
  'received',
  'refused',
  'unknown',
  'notSent',
  'held',
  'released',
  'parked',
  'withdrawn',
  'replaced',
  'confirmed',
  'faulty',
  'rejected',
  'paymentRequested',
  'settled',
] as const;
const State = Type.Enum([...STATES]);
const Text = Type.Union([Type.String(), Type.Null()]);

export const ClaimQuery = Body({
  facilityCode: Some(FacilityCode),
  state: Some(State),
  day: Some({ ...Day, description: 'day on which the claim was built' }),
  cursor: Some(Type.String({ maxLength: 200 })),
  limit: Some(Type.Integer({ minimum: 1, maximum: 200 })),
});
export const ClaimSummary = Body({
  encounterId: Uuid,
  facilityCode: FacilityCode,
  claimKey: Type.String(),
  number: Type.Integer(),
  state: State,
  stateAt: Instant,
  createdAt: Instant,
  transactionId: Text,
  resultCode: Text,
  insurerPays: MoneyText,
});
export const ClaimList = Body({
  items: List(ClaimSummary, 200),
  counts: Type.Record(Type.String(), Type.Integer()),
  next: Text,
});
export const ClaimEvent = Body({
  sequence: Type.Integer(),
  type: State,
  at: Instant,
  cause: Type.String(),
  attempt: Type.Integer(),
  documentSha256: Text,
  httpStatus: Type.Union([Type.Integer(), Type.Null()]),
  resultCode: Text,
  transactionId: Text,
  receivedAt: Text,
  rawAnswer: Text,
});
export const Claim = Body({
  encounterId: Uuid,
  facilityCode: FacilityCode,
  claimKey: Type.String(),
  number: Type.Integer(),
  state: State,
  events: List(ClaimEvent, 1000),
});
export const ClaimPreview = Body(
  {
    encounterId: Uuid,
    claimKey: Type.String(),
    edition: Type.String({ description: 'edition of the official tables that the visit selects' }),
    isDraft: Type.Boolean({ description: 'not settled: money and what is to come are empty' }),
    tables: Type.Record(Type.String(), Type.Array(Type.Record(Type.String(), Type.String())), {
      description: 'as the claim would be written now: tables and fields in official order',
    }),
  },
  'A claim as it would stand if it were made now; nothing is stored',
);
export const Reason = Body({ reason: Words(500) });
export const ClaimResolution = Body(
  {
    number: Type.Integer({ minimum: 1, description: 'of the version that was looked for' }),
    decision: Type.Enum(['send-again', 'received'], {
      description: 'send-again: the portal does not show it, the same bytes go again',
    }),
    transactionId: Some({
      ...Words(100),
      description: 'that the portal shows; needed where it was received',
    }),
    receivedAt: Some({ ...Instant, description: 'as the portal shows it; needed where it was received' }),
    reason: Words(500),
  },
  'What a person decides about a claim version whose answer nobody understood',
);
export const ClaimState = Body({
  number: Type.Integer({ description: 'version of the claim; 0 = none is built yet' }),
  state: Type.Enum([...STATES, 'waiting']),
});

export const Obstacle = Body(
  {
    encounterId: Uuid,
    facilityCode: FacilityCode,
    claimKey: Type.String(),
    reason: Type.String(),
    message: Type.String({ description: "the reason in words, in the reader's language" }),
    place: Type.Union([Type.String(), Type.Null()], {
      description: 'table/row/field of the official tables',
    }),
    at: Instant,
    runId: Type.Union([Uuid, Type.Null()]),
  },
  'A settled visit that could not be made into a claim: a task for a person',
);
export const ObstacleList = Body({ items: List(Obstacle, 200), next: Text });
export const ObstacleQuery = Body({
  facilityCode: Some(FacilityCode),
  cursor: Some(Type.String({ maxLength: 200 })),
  limit: Some(Type.Integer({ minimum: 1, maximum: 200 })),
});

export const RunStart = Body({
  day: Some({ ...Day, description: 'visits settled up to and on this day; absent = today' }),
  facilityCode: Some({ ...FacilityCode, description: 'absent = every facility the caller may export' }),
});
const run = {
  id: Uuid,
  day: Day,
  cause: Type.Enum(['schedule', 'request', 'settlement']),
  startedAt: Instant,
  batches: Body({ total: Type.Integer(), finished: Type.Integer() }),
  visits: Body({ found: Type.Integer(), built: Type.Integer(), setAside: Type.Integer() }),
  claims: Type.Record(Type.String(), Type.Integer()),
  finished: Type.Boolean(),
};
const figures = {
  found: Type.Integer({ description: 'visits that waited when the run was opened' }),
  built: Type.Integer(),
  setAside: Type.Integer({ description: 'visits that could not be made into claims' }),
  signed: Type.Integer(),
  sent: Type.Integer({ description: 'at least one call was begun' }),
  waiting: Type.Integer({ description: 'goes on by itself' }),
  received: Type.Integer(),
  refused: Type.Integer(),
  unknown: Type.Integer(),
  stopped: Type.Integer({ description: 'held, not signed or parked: a person has to act' }),
  gone: Type.Integer({ description: 'withdrawn with its visit, or replaced by a later version' }),
  insurerPays: MoneyText,
  insurerPaysReceived: MoneyText,
};
const RunFacility = Body({
  facilityCode: FacilityCode,
  facilityName: Type.String(),
  finished: Type.Boolean({ description: 'nothing is left to be built' }),
  ...figures,
});
export const Run = Body({
  ...run,
  total: Body(figures),
  facilities: List(RunFacility, 2_000),
  obstacles: List(Obstacle, 100),
});
export const RunList = Body({ items: List(Body(run), 100) });
export const RunStarted = Body({ id: Uuid, facilities: Type.Integer() });
export const RunQuery = Body({ limit: Some(Type.Integer({ minimum: 1, maximum: 100 })) });
export const ClaimFilesQuery = Body({ cursor: Some(Uuid) });
export const FileList = Body({
  items: List(
    Body({
      claimKey: Type.String(),
      number: Type.Integer(),
      sha256: Type.String(),
      size: Type.Integer(),
      href: Type.String(),
    }),
    1000,
  ),
  next: Text,
});

export type ClaimQuery = Static<typeof ClaimQuery>;
export type ObstacleQuery = Static<typeof ObstacleQuery>;
export type ClaimResolution = Static<typeof ClaimResolution>;
export type RunStart = Static<typeof RunStart>;
