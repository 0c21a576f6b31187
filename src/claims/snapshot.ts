import type { SettlementRecord } from '../billing/index.ts';
import type { VisitRecord } from '../encounters/index.ts';
import type { Id } from '../platform/ids.ts';
import type {
  Birth,
  DischargePaper,
  FollowUpSlip,
  IdentityPaper,
  PregnancyRest,
  RecordSummary,
  ReferralPaper,
  RelatedPeople,
  SickLeave,
} from './snapshot-papers.ts';
import type { HivCare, TuberculosisCare } from './snapshot-programmes.ts';

/**
 * All that the official tables are projected from: one read of the visit, its settlement when there is one, and what
 * belongs to the visit beyond both. Without a settlement (a visit in progress) the projection is a draft: amounts stay
 * empty.
 */
export interface ClaimSnapshot {
  readonly visit: VisitRecord;
  readonly settlement: SettlementRecord | null;
  /** Absent as long as no table of the database holds any of it; `READ_FROM_NOTHING_YET` says what that leaves empty. */
  readonly clinical?: ClinicalPart;
}

/**
 * What the tables ask for beyond the visit record. A part that is absent is unknown or did not happen; a paper is
 * there when it was issued. As in `VisitRecord`, coded fields hold the official code values (in the edition of the
 * visit), days are `LocalDate`, moments `Instant`, periods end before `to`.
 */
export interface ClinicalPart {
  readonly people?: RelatedPeople;
  readonly identity?: IdentityPaper;
  readonly socialInsuranceNumber?: string;
  /** Who pays the social insurance; for a sick child, of the parent. */
  readonly employer?: string;
  readonly occupationName?: string;
  /** Name of the head of facility or delegate, whose licence stands in the visit. */
  readonly signerName?: string;
  /** Card for a newborn or an organ donor until the real one is there. */
  readonly temporaryCardNumber?: string;
  readonly lineDetails?: Readonly<Record<Id, LineDetail>>;
  readonly hivCare?: readonly HivCare[];
  readonly tuberculosisCare?: readonly TuberculosisCare[];
  readonly dischargePaper?: DischargePaper;
  readonly recordSummary?: RecordSummary;
  /** One for each baby born alive. */
  readonly births?: readonly Birth[];
  readonly pregnancyRest?: PregnancyRest;
  readonly sickLeave?: SickLeave;
  readonly referralPaper?: ReferralPaper;
  readonly followUpSlip?: FollowUpSlip;
}

/** What a charged line may say beyond its record. */
export interface LineDetail {
  /** How a traditional material was processed. */
  readonly preparationCodes?: readonly string[];
  /** The other facility that the drug or blood came from, or that the test was done for. */
  readonly handOver?: { readonly kind: HandOver; readonly facilityCode: string };
  readonly treatsWarInjury?: boolean;
  readonly isReused?: boolean;
  /** Who stood behind `otherPayers`; what is left over counts as other. */
  readonly otherPayers?: {
    readonly stateBudget?: string;
    readonly foreignAid?: string;
    readonly domesticAid?: string;
  };
  /** Ceiling of all supplies of one package, for editions that ask for it instead of that of one item. */
  readonly packageCeiling?: string;
}

export type HandOver = 'received' | 'outsourcedTest' | 'bloodSupplier' | 'remoteSupport';

export type * from './snapshot-papers.ts';
export type * from './snapshot-programmes.ts';
