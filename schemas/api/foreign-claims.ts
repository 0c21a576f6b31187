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

const Text = Type.Union([Type.String(), Type.Null()]);
const Amount = Type.Union([MoneyText, Type.Null()]);
const Sum = Type.String({ description: 'đồng, two decimals' });

export const ForeignFileGiven = Body({
  name: Some({ ...Words(255), description: 'name of the file, for people' }),
});
const file = {
  id: Uuid,
  name: Type.String(),
  sha256: Type.String({ description: 'of the bytes as they came' }),
  size: Type.Number(),
  state: Type.Enum(['waiting', 'reading', 'read', 'refused']),
  message: Type.Union([Type.String(), Type.Null()], {
    description: "why a refused file is not read, in the reader's language",
  }),
  records: Type.Union([Type.Integer(), Type.Null()], {
    description: 'dossiers in it; null until it was looked through',
  }),
  stored: Type.Integer(),
  known: Type.Integer({ description: 'dossiers that were there already with the same content' }),
  setAside: Type.Integer(),
  givenAt: Instant,
  finishedAt: Type.Union([Instant, Type.Null()]),
};
export const ForeignFile = Body(file, 'A claim file of other software, and how far it is read');
export const ForeignFileRead = Body({
  ...file,
  aside: List(
    Body({
      position: Type.Integer(),
      part: Type.Union([Type.String(), Type.Null()], { description: 'the file inside an archive' }),
      reason: Type.String(),
      message: Type.String({ description: "the reason in words, in the reader's language" }),
    }),
    200,
  ),
});
export const ForeignFileList = Body({ items: List(ForeignFile, 200), next: Text });
export const ForeignFileQuery = Body({
  cursor: Some(Type.String({ maxLength: 200 })),
  limit: Some(Type.Integer({ minimum: 1, maximum: 200 })),
});

const claim = {
  id: Uuid,
  fileId: Uuid,
  position: Type.Integer(),
  facilityCode: Type.String(),
  claimKey: Type.String(),
  edition: Type.String(),
  classCode: Text,
  arrivedOn: Type.Union([Day, Type.Null()]),
  endedOn: Type.Union([Day, Type.Null()]),
  rows: Type.Integer(),
  problems: Type.Integer({ description: 'places that are not as the edition prescribes' }),
  grossAmount: Amount,
  insuredAmount: Amount,
  insurerPays: Amount,
  copay: Amount,
  selfPay: Amount,
  otherPayers: Amount,
  storedAt: Instant,
};
export const ForeignClaimSummary = Body(
  claim,
  'A claim of other software: figures, nothing about the person',
);
export const ForeignClaimQuery = Body({
  facilityCode: Some(FacilityCode),
  fileId: Some(Uuid),
  claimKey: Some(Words(250)),
  cursor: Some(Type.String({ maxLength: 200 })),
  limit: Some(Type.Integer({ minimum: 1, maximum: 200 })),
});
export const ForeignClaimList = Body({
  items: List(ForeignClaimSummary, 200),
  totals: Body({
    claims: Type.Integer(),
    withProblems: Type.Integer(),
    grossAmount: Sum,
    insuredAmount: Sum,
    insurerPays: Sum,
    copay: Sum,
    selfPay: Sum,
    otherPayers: Sum,
  }),
  next: Text,
});
const Row = Type.Record(Type.String(), Type.String());
export const ForeignClaim = Body({
  ...claim,
  tables: Type.Union([Type.Record(Type.String(), Type.Array(Row)), Type.Null()], {
    description: 'every element as it stands in the file; null for who sees figures only',
  }),
  found: List(
    Body({
      table: Text,
      row: Type.Union([Type.Integer(), Type.Null()]),
      field: Text,
      problem: Type.String(),
    }),
    1000,
  ),
});

export type ForeignFileGiven = Static<typeof ForeignFileGiven>;
export type ForeignFileQuery = Static<typeof ForeignFileQuery>;
export type ForeignClaimQuery = Static<typeof ForeignClaimQuery>;
