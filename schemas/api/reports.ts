import { amounts, Body, Day, FacilityCode, Instant, MoneyText, type Static, Type, Uuid } from './types.ts';

/** Answers only, so texts carry no limits. */
const Text = Type.String();
const orNull = <T extends Parameters<typeof Type.Array>[0]>(schema: T) => Type.Union([schema, Type.Null()]);

export const StatementQuery = Body({
  version: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 9999, description: 'of the settlement; the newest when absent' }),
  ),
});

export const ReceiptPrint = Body({
  size: Type.Optional(
    Type.Enum(['a5', '80mm'], {
      description: 'a sheet of A5 (when absent), or the roll of a receipt printer',
    }),
  ),
});

const Line = Body({
  lineId: Uuid,
  code: Text,
  name: Text,
  unit: Text,
  quantity: Text,
  unitPrice: Text,
  insuredUnitPrice: Text,
  serviceRate: Text,
  scopeRate: Text,
  ...amounts,
});
const Group = Body({
  id: Text,
  number: Text,
  title: Text,
  parts: Type.Array(Body({ number: Text, title: orNull(Text), lines: Type.Array(Line) })),
  ...amounts,
});
const Split = Body({
  card: orNull(Body({ cardNumber: Text, validFrom: Day, validThrough: orNull(Day) })),
  benefitRate: Text,
  groups: Type.Array(Group),
  ...amounts,
});
export const Statement = Body({
  formId: Text,
  title: Text,
  encounterId: Uuid,
  version: Type.Integer({ description: '0 = preview of a visit that is not settled' }),
  isDraft: Type.Boolean(),
  isSuperseded: Type.Boolean(),
  settledAt: Instant,
  policyVersion: Text,
  facility: Body({ code: FacilityCode, name: Text }),
  header: Type.Array(Body({ key: Text, label: Text, text: Text })),
  splits: Type.Array(Split),
  totals: Body({ ...amounts, patientPays: MoneyText }),
  summary: Type.Array(
    Body({ key: Text, label: Text, amount: MoneyText, inWords: orNull(Text), indent: Type.Integer() }),
  ),
});

export type ReceiptPrint = Static<typeof ReceiptPrint>;
export type StatementQuery = Static<typeof StatementQuery>;
