import { Instant, List, MoneyText, Some, type Static, Type, Uuid } from './types.ts';

const Effect = Type.Enum(['block', 'warn', 'count'], {
  description: 'block = the record is not exported while it stands; care goes on in any case',
});

const Text = Type.Union([Type.String(), Type.Null()]);
const finding = {
  key: Type.String({ description: 'by which a finding of a visit is known again in a later run' }),
  rule: Type.String(),
  severity: Type.Enum(['error', 'warning']),
  effect: Effect,
  table: Type.String({ description: 'official table, XML1 …' }),
  row: Type.Union([Type.Integer(), Type.Null()]),
  field: Text,
  message: Type.String({ description: 'in the language of Accept-Language' }),
  values: Type.Record(Type.String(), Type.String()),
  amount: Type.Union([MoneyText, Type.Null()], {
    description: 'đồng that the fund would pay for the row, else for the claim',
  }),
  cause: Type.Union([
    Type.Object({ kind: Type.String(), key: Type.String() }, { additionalProperties: false }),
    Type.Null(),
  ]),
};

/** What a rule found in what was just saved, or in the visit as it stands. */
export const Finding = Type.Object(
  {
    ...finding,
    lineId: Some(Type.Union([Uuid, Type.Null()], { description: 'line, result or note that it is about' })),
  },
  { additionalProperties: false },
);
export const Findings = List(Finding, 5000);

export const VisitFinding = Type.Object(
  {
    ...Finding.properties,
    foundAt: Type.Union([Instant, Type.Null()], {
      description: 'null = not stored: the visit is in progress',
    }),
    decision: Type.Union([
      Type.Object(
        {
          decision: Type.Enum(['accepted', 'falsePositive', 'reopened']),
          reason: Type.String(),
          decidedBy: Uuid,
          decidedAt: Instant,
          isInForce: Type.Boolean({ description: 'false = the value has changed since' }),
        },
        { additionalProperties: false },
      ),
      Type.Null(),
    ]),
    isHolding: Type.Boolean({ description: 'it holds the export of the record' }),
  },
  { additionalProperties: false },
);
export const VisitFindings = Type.Object(
  {
    stage: Type.Enum(['order', 'discharge', 'settlement', 'export'], {
      description: 'of the run that found them',
    }),
    items: List(VisitFinding, 5000),
  },
  { additionalProperties: false },
);

export const FindingSummary = Type.Object(
  {
    encounterId: Uuid,
    facilityCode: Type.String(),
    key: Type.String(),
    rule: Type.String(),
    severity: Type.Enum(['error', 'warning']),
    effect: Effect,
    table: Type.String(),
    row: Type.Union([Type.Integer(), Type.Null()]),
    field: Text,
    amount: Type.Union([MoneyText, Type.Null()]),
    cause: Finding.properties.cause,
    stage: Type.String(),
    foundAt: Instant,
    isHolding: Type.Union([Type.Boolean(), Type.Null()], {
      description: 'it holds the export of the record; null = the decisions of a facility are its own',
    }),
  },
  { additionalProperties: false, description: 'figures of a finding: nothing of the chart' },
);
export const FindingList = Type.Object(
  { items: List(FindingSummary, 200), next: Text },
  { additionalProperties: false },
);
export const FindingQuery = Type.Object(
  {
    rule: Some(Type.String({ pattern: '^[A-Z0-9_]{3,60}$' })),
    effect: Some(Effect),
    state: Some(Type.Enum(['open', 'holding', 'decided'])),
    facilityCode: Some(Type.String({ pattern: '^\\d{5}$' })),
    cursor: Some(Type.String({ maxLength: 200 })),
    limit: Some(Type.Integer({ minimum: 1, maximum: 200 })),
  },
  { additionalProperties: false },
);

export type Finding = Static<typeof Finding>;
export type VisitFinding = Static<typeof VisitFinding>;
export type FindingSummary = Static<typeof FindingSummary>;
export type FindingQuery = Static<typeof FindingQuery>;
