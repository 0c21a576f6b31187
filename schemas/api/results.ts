import { Body, FacilityCode, Instant, List, Some, type Static, Type, Uuid, Words } from './types.ts';

const Text = Type.Union([Type.String(), Type.Null()]);
const Verdict = Type.Enum(['matched', 'unmatched', 'contradicting']);

export const ResultFileGiven = Body({
  name: Some({ ...Words(255), description: 'name of the file, for people' }),
});
export const ResultImport = Body(
  {
    id: Uuid,
    facilityCode: Type.String(),
    source: Type.Enum(['file', 'query'], {
      description: 'a file that somebody gave, or an answer that was asked for',
    }),
    name: Type.String(),
    sha256: Type.String({ description: 'of the bytes as they came' }),
    size: Type.Number(),
    state: Type.Enum(['waiting', 'reading', 'read', 'refused']),
    reason: Text,
    message: Type.Union([Type.String(), Type.Null()], {
      description: "why a refused file is not read, in the reader's language",
    }),
    matched: Type.Integer(),
    changed: Type.Integer({ description: 'of those matched: rows that added something to the ledger' }),
    unmatched: Type.Integer({ description: 'rows about records that nobody knows here' }),
    contradicting: Type.Integer({ description: 'rows that say something else than the ledger' }),
    givenAt: Instant,
    finishedAt: Type.Union([Instant, Type.Null()]),
  },
  'What the insurer says of the records it has: how far it is read, and how its rows fit the ledger',
);
export const ResultImportQuery = Body({
  facilityCode: Some(FacilityCode),
  cursor: Some(Type.String({ maxLength: 200 })),
  limit: Some(Type.Integer({ minimum: 1, maximum: 200 })),
});
export const ResultImportList = Body({ items: List(ResultImport, 200), next: Text });
export const ResultRowQuery = Body({
  verdict: Some(Verdict),
  cursor: Some(Type.String({ maxLength: 200 })),
  limit: Some(Type.Integer({ minimum: 1, maximum: 1_000 })),
});
export const ResultRowList = Body({
  items: List(
    Body({
      position: Type.Integer(),
      sheetRow: Type.Union([Type.Integer(), Type.Null()], { description: 'as a person counts them' }),
      transactionId: Text,
      claimKey: Text,
      status: Text,
      payment: Text,
      amount: Type.Union([Type.String(), Type.Null()], { description: 'đồng, two decimals' }),
      code: Text,
      text: Type.Union([Type.String(), Type.Null()], { description: "the insurer's words" }),
      unreadable: List(Type.String(), 9),
      verdict: Verdict,
      reason: Text,
      message: Type.Union([Type.String(), Type.Null()], {
        description: "why the row does not fit, in the reader's language",
      }),
      encounterId: Type.Union([Uuid, Type.Null()]),
      number: Type.Union([Type.Integer(), Type.Null()], { description: 'of the claim version' }),
      appended: List(Type.String(), 4),
    }),
    1_000,
  ),
  next: Text,
});

export type ResultFileGiven = Static<typeof ResultFileGiven>;
export type ResultImportQuery = Static<typeof ResultImportQuery>;
export type ResultRowQuery = Static<typeof ResultRowQuery>;
