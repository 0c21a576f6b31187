import { LineResult, Referral, Settlement } from './encounters.ts';
import { Findings } from './findings.ts';
import { Body, Day, Instant, List, Some, type Static, Type, Uuid, Words } from './types.ts';

const Version = Type.Integer({ minimum: 1, maximum: 10_000 });
const Text = Type.Union([Type.String(), Type.Null()]);

export const SettlementQuery = Body({ version: Some({ ...Version, description: 'absent = the newest' }) });
export const ChangesQuery = Body({
  from: Some({ ...Version, description: 'absent = the one before `to`' }),
  to: Some({ ...Version, description: 'absent = the newest' }),
});

const Change = Body({
  name: Type.String(),
  before: Text,
  after: Text,
  difference: Type.Union([Type.String({ description: 'after − before, for money' }), Type.Null()]),
});
export const SettlementChanges = Body({
  from: Type.Integer(),
  to: Type.Integer(),
  totals: List(Change, 10),
  lines: List(
    Body({ lineId: Uuid, kind: Type.Enum(['added', 'removed', 'changed']), changes: List(Change, 12) }),
    1000,
  ),
});
export const SettledAgain = Body(
  { ...Settlement.properties, changes: Some(SettlementChanges), findings: Findings },
  'The settlement; after reopening also what is different from the version before, line by line.',
);
export const SettlementList = Body({
  items: List(
    Body({
      version: Type.Integer(),
      settledAt: Instant,
      settledBy: Uuid,
      insurerPays: Type.String(),
      patientPays: Type.String(),
      reason: Text,
      reopened: Type.Union([Body({ at: Instant, by: Uuid, reason: Type.String() }), Type.Null()]),
    }),
    1000,
  ),
});

export const SettlementExplanation = Body(
  {
    settlement: Type.Union([
      Type.Integer({ description: 'the stored settlement that is explained' }),
      Type.Null({ description: 'not settled: as it would be settled now' }),
    ]),
    policyVersion: Type.String(),
    lines: List(
      Body({
        name: Type.String(),
        rules: List(
          Body({
            rule: Type.String(),
            article: Type.String(),
            vi: Type.String(),
            en: Type.String(),
            parameters: List(
              Body({
                id: Type.String(),
                value: Type.String(),
                from: Day,
                to: Type.Union([Day, Type.Null()]),
                source: Type.String(),
              }),
              50,
            ),
          }),
          30,
        ),
        amounts: List(
          Body({
            name: Type.String(),
            value: Type.String(),
            because: List(
              Type.Integer({ description: 'position in `rules`, in the order of application' }),
              30,
            ),
          }),
          9,
        ),
      }),
      500,
    ),
  },
  'Why each amount is what it is: the rules applied, with the numbers of the law that were in force and their articles.',
);

const Kind = Type.Enum(['late-result', 'late-card', 'late-referral', 'late-other', 'claim-without-visit']);
export const LateFact = Body(
  {
    kind: Type.Enum(['late-result', 'late-card', 'late-referral', 'late-other']),
    note: Words(500),
    result: Some(LineResult),
    coverageId: Some(Uuid),
    referral: Some(Referral),
  },
  'What came after the settlement: kept as a task, nothing in the visit changes.',
);
export const BillingTask = Body({
  id: Uuid,
  encounterId: Uuid,
  claimKey: Type.String(),
  encounterState: Type.Enum(['open', 'discharged', 'settled']),
  kind: Kind,
  note: Type.String(),
  facts: Type.Record(Type.String(), Type.Unknown()),
  createdAt: Instant,
  createdBy: Uuid,
  closedAt: Type.Union([Instant, Type.Null()]),
  closedBy: Type.Union([Uuid, Type.Null()]),
  outcome: Type.Union([Type.Enum(['settled-again', 'no-change', 'elsewhere']), Type.Null()]),
  closingNote: Text,
});
export const TaskQuery = Body({
  state: Some(Type.Enum(['open', 'closed'])),
  encounterId: Some(Uuid),
  cursor: Some(Type.String({ maxLength: 200 })),
  limit: Some(Type.Integer({ minimum: 1, maximum: 200 })),
});
export const TaskList = Body({ items: List(BillingTask, 200), next: Text });
export const TaskOpened = Body({ id: Uuid });
export const TaskClose = Body({ outcome: Type.Enum(['no-change', 'elsewhere']), note: Words(500) });
export const TaskClosed = Body({ id: Uuid });

export const Reopened = Body({
  version: Type.Integer(),
  settlementVersion: Type.Integer({ description: 'the settlement that stands until the next one' }),
  claim: Body({
    number: Type.Integer(),
    state: Type.String({
      description: 'what became of its claim: `none` built, `withdrawn` unsent, else as it stands',
    }),
  }),
  tasks: List(BillingTask, 200),
});

export type LateFact = Static<typeof LateFact>;
export type TaskQuery = Static<typeof TaskQuery>;
export type TaskClose = Static<typeof TaskClose>;
