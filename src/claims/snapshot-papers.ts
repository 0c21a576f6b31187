import type { Instant, LocalDate } from '../platform/dates.ts';

/** Persons who stand on the papers of a patient (FHIR: RelatedPerson). */
export interface RelatedPeople {
  readonly father?: RelatedPerson;
  readonly mother?: RelatedPerson;
  readonly guardian?: RelatedPerson;
}

export interface RelatedPerson {
  readonly name: string;
  readonly socialInsuranceNumber?: string;
}

/** The document behind the national identity number. */
export interface IdentityPaper {
  /** 1 citizen card, 2 older identity card, 3 passport, 4 other, 0 none. */
  readonly kindCode: string;
  readonly issuedOn: LocalDate;
  readonly issuedBy: string;
}

export interface Doctor {
  readonly licence: string;
  readonly name: string;
}

/** Days off, from the first day to the day after the last. */
export interface RestPeriod {
  readonly from: LocalDate;
  readonly to: LocalDate;
}

/** Loss or termination of a pregnancy. */
export interface PregnancyEnd {
  readonly cause: string;
  readonly at: Instant;
  readonly weeks: number;
}

/** Giấy ra viện. */
export interface DischargePaper {
  /** Under which the paper lies in the archive. */
  readonly archiveNumber: string;
  /** The department that closed the record. */
  readonly departmentCode: string;
  readonly pregnancyEnd?: PregnancyEnd;
  readonly note?: string;
  /** Head of the department, or the doctor who signs for the head. */
  readonly doctor: Doctor;
  readonly issuedOn: LocalDate;
  readonly rest?: RestPeriod;
}

/** Tóm tắt hồ sơ bệnh án. */
export interface RecordSummary {
  readonly documentNumber?: string;
  readonly serialNumber?: string;
  readonly course: string;
  readonly results: string;
  /** How it was treated; the visit's own text when absent. */
  readonly treatment?: string;
  readonly history?: string;
  readonly clinicalSigns?: string;
  readonly plan?: string;
  readonly medicalTreatment?: string;
  readonly surgicalTreatment?: string;
  readonly hasSevereTuberculosis?: boolean;
  readonly hasDecompensatedCirrhosis?: boolean;
  readonly childLoss?: { readonly bornOn: LocalDate; readonly diedOn: LocalDate; readonly count: number };
  readonly note?: string;
  readonly issuedOn: LocalDate;
}

/** Giấy chứng sinh. */
export interface Birth {
  /** Who cares for the baby when it is not the patient. */
  readonly carer?: Carer;
  readonly temporaryCardNumber: string;
  readonly babyName?: string;
  readonly sexCode: string;
  readonly bornAt: Instant;
  readonly weightGrams: string;
  readonly place: string;
  readonly condition: string;
  /** Babies of this delivery, deliveries of the mother, her living children: this delivery counted in. */
  readonly babies: number;
  readonly deliveries: number;
  readonly livingChildren: number;
  readonly bySurgery: boolean;
  readonly before32Weeks: boolean;
  readonly remark?: string;
  readonly attendantName: string;
  readonly writtenByName: string;
  readonly certificateNumber: string;
  readonly bookNumber: string;
  readonly issuedOn: LocalDate;
}

export interface Carer {
  readonly name: string;
  readonly birthDate: LocalDate;
  readonly socialInsuranceNumber?: string;
  readonly cardNumber?: string;
  readonly ethnicityCode: string;
  readonly nationalityCode: string;
  readonly nationalId?: string;
  readonly identity?: IdentityPaper;
  readonly address: string;
  readonly provinceCode: string;
  readonly districtCode?: string;
  readonly wardCode: string;
}

/** Giấy chứng nhận nghỉ dưỡng thai. */
export interface PregnancyRest {
  readonly serialNumber: string;
  readonly documentNumber: string;
  /** Number on the printed form. */
  readonly formNumber?: string;
  readonly weeks?: number;
  readonly rest: RestPeriod;
  readonly doctor: Doctor;
  readonly issuedOn: LocalDate;
}

/** Giấy chứng nhận nghỉ việc hưởng bảo hiểm xã hội. */
export interface SickLeave {
  readonly documentNumber: string;
  readonly serialNumber: string;
  /** Number on the printed form. */
  readonly formNumber: string;
  readonly pregnancyEnd?: PregnancyEnd;
  readonly rest: RestPeriod;
  readonly doctor: Doctor;
  readonly issuedOn: LocalDate;
}

/** Giấy chuyển cơ sở khám bệnh, chữa bệnh: the one that we issue, not the one the patient brought. */
export interface ReferralPaper {
  readonly fileNumber: string;
  readonly registerNumber: string;
  readonly paperNumber: string;
  /** Where the patient had been before coming here, first place first. */
  readonly cameThrough?: readonly {
    readonly facilityCode: string;
    readonly arrivedAt: Instant;
    readonly leftAt: Instant;
  }[];
  readonly clinicalSigns: string;
  readonly course: string;
  readonly results: string;
  /** Methods, procedures and drugs used. */
  readonly given?: string;
  /** How the patient is when leaving. */
  readonly condition?: string;
  readonly reasonCode: string;
  readonly plan: string;
  readonly transport: string;
  readonly escort?: { readonly name: string; readonly title: string };
  readonly doctor: Doctor;
}

/** Giấy hẹn khám lại. The day is the first of the visit's `followUpDates`. */
export interface FollowUpSlip {
  readonly number: string;
  readonly doctor: Doctor;
  readonly issuedOn: LocalDate;
}
