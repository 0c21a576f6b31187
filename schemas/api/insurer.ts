import { Body, FacilityCode, Instant, List, Some, type Static, Type, Uuid, Words } from './types.ts';

const nullable = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) =>
  Type.Union([schema, Type.Null()]);

const card = Type.String({
  pattern: '^([A-Z]{2}[1-5][0-9A-Z]{12}|[0-9]{10}|[0-9]{12})$',
  description: 'card of 15 characters, social insurance number of 10, or national id of 12',
});
const NationalId = Type.String({ pattern: '^\\d{12}$', description: '12 digits' });

export const CardLookupWish = Body({
  cardNumber: card,
  name: Words(200),
  birthDate: Type.String({
    pattern: '^\\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\\d|3[01]))?)?$',
    description: 'YYYY-MM-DD, YYYY-MM or YYYY, as far as it is known',
  }),
  encounterId: Some({ ...Uuid, description: 'the visit for which it is asked' }),
});
export const CardLookup = Body(
  {
    id: Uuid,
    kind: Type.Enum(['card', 'history', 'copay']),
    encounterId: nullable(Uuid),
    askedAt: Instant,
    staffName: nullable(Type.String({ description: 'in whose name the insurer was asked' })),
    state: Type.Enum(['waiting', 'answered', 'notChecked'], {
      description: 'notChecked: the insurer could not say; care goes on',
    }),
    checkedAt: nullable(Instant),
    verdict: nullable(
      Type.String({
        description:
          'card: good, by-hand, new-card, warn, bad, no-card; history and copay: known, unknown (no data: not zero)',
      }),
    ),
    trouble: nullable(Type.String({ description: 'why it could not say' })),
    code: nullable(Type.String({ description: "the insurer's own code" })),
    message: Type.String({ description: "the state in words, in the reader's language" }),
    details: nullable(Type.Record(Type.String(), Type.Unknown(), { description: 'what the answer holds' })),
    nextCheckAt: nullable({ ...Instant, description: 'when it is asked again by itself; null = not' }),
    rawAnswer: nullable(Type.String({ description: 'as it came: evidence' })),
    isRepeat: Type.Boolean({
      description: 'an earlier look-up that answers the same question; nobody was asked',
    }),
  },
  'A question to the insurer about a card, and what it said',
);
export const CardLookupList = Body({ lookups: List(CardLookup, 200) });

export const InsurerSetting = Body(
  {
    staff: nullable(
      Body(
        { name: Words(200), nationalId: NationalId },
        'who asks when the caller is no person that is registered at the portal',
      ),
    ),
    copay: Body({
      repeatMinutes: Type.Integer({
        minimum: 1,
        maximum: 1440,
        description: 'the same card is not asked about again within so many minutes',
      }),
      dailyLimit: Type.Integer({ minimum: 0, maximum: 100_000 }),
    }),
    asksResults: Type.Boolean({
      description:
        'whether the insurer is asked about a claim that went out with an unclear end, before it is sent again',
    }),
  },
  'How a facility asks the insurer',
);
export const InsurerStaff = Body({ accountId: Uuid, nationalId: NationalId });

export type CardLookupWish = Static<typeof CardLookupWish>;
export type InsurerSetting = Static<typeof InsurerSetting>;
export type InsurerStaff = Static<typeof InsurerStaff>;

const PAPER_STATES = [
  'built',
  'signed',
  'notSigned',
  'sending',
  'received',
  'refused',
  'unclear',
  'notSent',
  'resend',
  'withdrawn',
];
const paper = {
  id: Uuid,
  facilityCode: FacilityCode,
  kind: Type.String(),
  period: nullable(Type.String({ description: 'yyyyMM' })),
  encounterId: nullable(Uuid),
  state: Type.Enum(PAPER_STATES, {
    description: 'unclear: it may have arrived or not; nothing happens until a person decides',
  }),
  figures: nullable(Type.Record(Type.String(), Type.Unknown())),
  madeAt: Instant,
  at: nullable({ ...Instant, description: 'of the newest event' }),
  cause: nullable(Type.String()),
  code: nullable(Type.String({ description: "the insurer's own code" })),
  transactionId: nullable(Type.String({ description: "the insurer's number" })),
};
export const Paper = Body(paper, 'A paper that is handed in to the insurer beside claims');
export const PaperList = Body({ papers: List(Paper, 500) });
export const PaperQuery = Body({ facilityCode: Some(FacilityCode), state: Some(Type.Enum(PAPER_STATES)) });
export const PaperDetail = Body({
  ...paper,
  events: List(
    Body({
      sequence: Type.Integer(),
      type: Type.String(),
      at: Instant,
      cause: Type.String(),
      reason: nullable(Type.String()),
      documentSha256: nullable(Type.String()),
      httpStatus: nullable(Type.Integer()),
      resultCode: nullable(Type.String()),
      transactionId: nullable(Type.String()),
      receivedAt: nullable(Type.String()),
      rawAnswer: nullable(Type.String()),
    }),
    10_000,
  ),
});
const PaperFields = Type.Record(
  Type.String({ pattern: '^[A-Z][A-Z0-9_]{1,40}$' }),
  Type.String({ maxLength: 4000 }),
  { additionalProperties: false, maxProperties: 60 },
);
export const PaperWish = Body({
  encounterId: Uuid,
  papers: Some(
    Body(
      { CT03: Some(PaperFields), CT04: Some(PaperFields), CT06: Some(PaperFields), CT07: Some(PaperFields) },
      'by form and field, as they are to stand there; without it what the visit says',
    ),
  ),
  notice: Some(
    Body(
      { kind: Type.Enum(['deathNotice', 'birthCertificate']), fields: PaperFields },
      'a notice of a death or a birth instead, by field in the order in which they are to stand',
    ),
  ),
});
export const PaperResolution = Body({
  decision: Type.Enum(['resend', 'received']),
  transactionId: Some({
    ...Words(100),
    description: 'the number that the portal shows; needed where it was received',
  }),
  reason: Words(1000),
});
export const MonthWish = Body({
  period: Type.String({ pattern: '^\\d{4}(0[1-9]|1[0-2])$', description: 'yyyyMM' }),
});

const Form = Type.Enum(['departments', 'staff', 'drugs', 'supplies', 'services', 'equipment'], {
  description: 'forms 01/DM to 06/DM',
});
export const CatalogueSubmissionWish = Body({ forms: Some(List(Form, 6, 1)) });
export const CatalogueSubmission = Body({
  papers: List(Body({ form: Form, paperId: Uuid, rows: Type.Integer() }), 6),
});
export const CatalogueRowQuery = Body({
  form: Some(Form),
  accepted: Some(Type.Enum(['true', 'false'])),
});
export const CatalogueRowList = Body({
  rows: List(
    Body({
      form: Form,
      key: Type.String(),
      isClosing: Type.Boolean({ description: 'the end of a row that was handed in before' }),
      content: Type.Record(Type.String(), Type.String()),
      paperId: Uuid,
      state: Type.String(),
      isAccepted: Type.Boolean(),
    }),
    5000,
  ),
});

export type CatalogueRowQuery = Static<typeof CatalogueRowQuery>;
export type CatalogueSubmissionWish = Static<typeof CatalogueSubmissionWish>;
export type MonthWish = Static<typeof MonthWish>;
export type PaperQuery = Static<typeof PaperQuery>;
export type PaperWish = Static<typeof PaperWish>;
export type PaperResolution = Static<typeof PaperResolution>;
