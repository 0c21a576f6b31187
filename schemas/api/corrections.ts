import { Body, Day, FacilityCode, Instant, List, Some, type Static, Type, Uuid, Words } from './types.ts';

const Text = Type.Union([Type.String(), Type.Null()]);
const Moment = Type.Union([Instant, Type.Null()]);

export const CorrectionQuery = Body({
  facilityCode: Some(FacilityCode),
  state: Some(Type.Enum(['open', 'closed'], { description: 'else both' })),
  dueBy: Some({ ...Day, description: 'due on that day or before' }),
  assignedTo: Some(Uuid),
  encounterId: Some(Uuid),
  cursor: Some(Type.String({ maxLength: 200 })),
  limit: Some(Type.Integer({ minimum: 1, maximum: 200 })),
});
export const Correction = Body(
  {
    id: Uuid,
    facilityCode: Type.String(),
    encounterId: Uuid,
    number: Type.Integer({ description: 'of the claim version' }),
    newest: Type.Integer({ description: 'number of the newest version of the visit' }),
    claimKey: Type.String(),
    cause: Type.Enum(['refused', 'parked', 'stopped', 'faulty', 'rejected', 'assessed']),
    code: Type.Union([Type.String(), Type.Null()], { description: "the insurer's code" }),
    said: Type.Union([Type.String(), Type.Null()], {
      description: "the insurer's words; to the facility only",
    }),
    message: Type.String({ description: "what happened and what to do, in the reader's language" }),
    remedy: Type.Enum(['new-version', 'account-or-certificate', 'form-09BH', 'decide'], {
      description:
        'form-09BH: the insurer has assessed the record, it must not be sent again; decide: a person looks at the portal, then POST /api/v1/claims/{encounterId}/resolve',
    }),
    openedAt: Instant,
    dueAt: { ...Instant, description: 'the moment at which it is too late' },
    isLate: Type.Boolean(),
    assignedTo: Type.Union([Uuid, Type.Null()]),
    closedAt: Moment,
    closedBy: Type.Union([Uuid, Type.Null()], { description: "null = the insurer's answer closed it" }),
    closedHow: Type.Union([Type.Enum(['received', 'confirmed', 'person']), Type.Null()]),
    closeReason: Text,
    reopened: Type.Integer(),
  },
  'What a person must put right about a claim version',
);
export const CorrectionList = Body({ items: List(Correction, 200), next: Text });
export const CorrectionAssignment = Body({
  accountId: Type.Union([Uuid, Type.Null()], { description: 'null = nobody any more' }),
});
export const AdjustmentQuery = Body({
  reason: { ...Words(500), description: 'why the record is to be changed; it stands in the form' },
});

const Change = Body({
  old: Type.String(),
  new: Type.String(),
  difference: Type.String({ description: 'new less old; đồng, two decimals' }),
});
const Place = Type.Union([Type.Integer(), Type.Null()]);
export const ClaimComparison = Body(
  {
    from: Type.Integer(),
    to: Type.Integer(),
    differences: List(
      Body({
        table: Type.String(),
        oldRow: { ...Place, description: 'null = the row is new' },
        newRow: { ...Place, description: 'null = the row is gone' },
        field: Type.String(),
        old: Text,
        new: Text,
      }),
      1_000_000,
    ),
    money: Body({
      grossAmount: Change,
      insuredAmount: Change,
      insurerPays: Change,
      copay: Change,
      selfPay: Change,
      otherPayers: Change,
    }),
  },
  'What changed between two versions of one claim',
);

export type CorrectionQuery = Static<typeof CorrectionQuery>;
export type CorrectionAssignment = Static<typeof CorrectionAssignment>;
export type AdjustmentQuery = Static<typeof AdjustmentQuery>;
