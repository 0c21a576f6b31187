import type { LocalDate } from '../platform/dates.ts';

/** Care for a person with HIV, or prevention, or treatment after exposure. */
export interface HivCare {
  readonly confirmedOn?: LocalDate;
  readonly sampleFacilityCode: string;
  readonly confirmingFacilityCode: string;
  /** The first antiretroviral treatment of this person, wherever it was. */
  readonly firstTreatment?: {
    readonly facilityCode: string;
    readonly from: LocalDate;
    readonly regimenCode: string;
    readonly lineCode?: string;
  };
  readonly registrationReasonCode: string;
  readonly tuberculosis: {
    readonly kindCode: string;
    readonly screeningCode: string;
    readonly regimenCode?: string;
    readonly from?: LocalDate;
    readonly to?: LocalDate;
    readonly resultCode: string;
  };
  readonly viralLoad?: {
    readonly reasonCode: string;
    readonly sampledOn: LocalDate;
    readonly resultCode?: string;
    readonly resultOn?: LocalDate;
  };
  readonly clientKindCode: string;
  readonly clinicalStageCode: string;
  readonly riskGroupCode: string;
  readonly conditionCodes: readonly string[];
  /** Of a child of a mother with HIV. */
  readonly pcr?: {
    readonly turnCode: string;
    readonly sampledOn: LocalDate;
    readonly resultOn?: LocalDate;
    readonly resultCode?: string;
  };
  readonly pregnancyKnownOn?: LocalDate;
  readonly cotrimoxazoleFrom?: LocalDate;
  readonly measureCodes: readonly string[];
  /** The antiretroviral course of this visit. */
  readonly course?: {
    readonly from: LocalDate;
    readonly to: LocalDate;
    readonly daysOfDrugs: number;
  };
  readonly regimenCode: string;
  readonly lineCode?: string;
  readonly regimenChange?: { readonly on: LocalDate; readonly reasonCode: string };
}

/** Treatment of tuberculosis, latent included. */
export interface TuberculosisCare {
  readonly siteCode: string;
  readonly historyCode: string;
  readonly hivStatusCode: string;
  readonly evidenceCode: string;
  /** Absent when the bacteria are not resistant: the list has no word for it. */
  readonly resistanceCode?: string;
  readonly kindCode: string;
  readonly regimenCode: string;
  readonly from: LocalDate;
  readonly to?: LocalDate;
  readonly resultCode: string;
  readonly hivConfirmedOn?: LocalDate;
  readonly antiretroviralsFrom?: LocalDate;
  readonly cotrimoxazoleFrom?: LocalDate;
}
