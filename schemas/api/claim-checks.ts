import { Body, Day, Instant, List, Some, type Static, Type, Uuid, Words } from './types.ts';

const Text = Type.Union([Type.String(), Type.Null()]);
const Severity = Type.Enum(['error', 'warning']);
const Amount = Type.String({ description: 'đồng, two decimals' });

export const ClaimCheckGiven = Body({
  name: Some({ ...Words(255), description: 'name of the file, for people' }),
  asOf: Some({ ...Day, description: 'day on which the claims are judged; else the day their file was made' }),
  rules: Some(
    Type.String({
      maxLength: 4_000,
      pattern: '^[A-Z][A-Z0-9_]*(,[A-Z][A-Z0-9_]*)*$',
      description: 'ids of the only rules to ask, with commas between; else all that are on by default',
    }),
  ),
});

export const ClaimCheck = Body(
  {
    id: Uuid,
    name: Type.String(),
    size: Type.Number(),
    asOf: Type.Union([Day, Type.Null()]),
    rules: Type.Union([Type.Array(Type.String()), Type.Null()]),
    state: Type.Enum(['waiting', 'checking', 'done']),
    checked: Type.Integer({ description: 'claims checked so far' }),
    claims: Type.Union([Type.Integer(), Type.Null()], {
      description: 'claims in all; null until they were counted',
    }),
    errors: Type.Integer(),
    warnings: Type.Integer(),
    kept: Type.Integer({ description: 'findings that can be listed, from the first on' }),
    summary: List(
      Body({
        rule: Type.String(),
        version: Type.Integer(),
        severity: Severity,
        findings: Type.Integer(),
        claims: Type.Integer(),
        amount: { ...Amount, description: 'money at risk; a row counts once' },
      }),
      1_000,
    ),
    notChecked: List(Body({ rule: Type.String(), needs: Type.String() }), 1_000),
    givenAt: Instant,
    finishedAt: Type.Union([Instant, Type.Null()]),
  },
  'A claim file sent to be checked: how far it is, and what was found by which rule',
);

export const ClaimCheckFindingQuery = Body({
  cursor: Some(Type.String({ maxLength: 200 })),
  limit: Some(Type.Integer({ minimum: 1, maximum: 1_000 })),
});

export const ClaimCheckFindingList = Body({
  items: List(
    Body({
      position: Type.Integer(),
      file: Type.String(),
      maLk: Text,
      rule: Type.String(),
      version: Type.Integer(),
      severity: Severity,
      table: Type.String(),
      row: Type.Union([Type.Integer(), Type.Null()]),
      field: Text,
      message: Type.String({ description: "the finding in words, in the reader's language" }),
      values: Type.Record(Type.String(), Type.String()),
      amount: Type.Union([Amount, Type.Null()], { description: 'money at risk' }),
      cause: Type.Union([Body({ kind: Type.String(), key: Type.String() }), Type.Null()], {
        description: 'the one catalogue row, practitioner, machine or person behind it',
      }),
    }),
    1_000,
  ),
  next: Text,
});

export type ClaimCheckGiven = Static<typeof ClaimCheckGiven>;
export type ClaimCheckFindingQuery = Static<typeof ClaimCheckFindingQuery>;
