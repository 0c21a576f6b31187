import { Findings } from './findings.ts';
import { CoverageCreate, PatientCreate } from './patients.ts';
import {
  amounts,
  Body,
  ClassCode,
  Code,
  Day,
  DepartmentCode,
  DiagnosisCode,
  FacilityCode,
  Height,
  Instant,
  ItemCode,
  Licence,
  List,
  MoneyText,
  Quantity,
  RouteCode,
  Some,
  type Static,
  Type,
  Uuid,
  Weight,
  Words,
} from './types.ts';

export const Referral = Body(
  { fromFacilityCode: FacilityCode, paperNumber: Words(50) },
  'the paper the patient brought',
);

export const RouteFactsGiven = Body(
  {
    isEmergency: Some(Type.Boolean()),
    hasChangedResidence: Some(Type.Boolean()),
    isOrganDonor: Some(Type.Boolean()),
    isNewborn: Some({ ...Type.Boolean(), description: 'treated right after birth' }),
    diseaseLists: Some(
      List(Type.Enum(['I', 'II'], { description: 'appendix of TT 01/2025 that names the disease' }), 2),
    ),
    pickUp: Some(
      Type.Enum([
        'appointment-in-epidemic',
        'by-somebody-else',
        'at-another-facility',
        'sent-to-patient',
        'appointment',
      ]),
    ),
    isWithdrawn: Some({ ...Type.Boolean(), description: 'the request for payment was withdrawn' }),
  },
  'what is known at the door and decides on the object code, besides cards, papers and the facility',
);
const RouteReason = {
  ...Words(500),
  description: 'why another object code than the proposed one was chosen',
};

export const CheckIn = Body(
  {
    id: Some(Uuid),
    recordNumber: Some(Code(100)),
    patientId: Uuid,
    coverageIds: Some(List(Uuid, 5)),
    departmentCode: DepartmentCode,
    classCode: ClassCode,
    routeCode: Some(RouteCode),
    routeReason: Some(RouteReason),
    routeFacts: Some(RouteFactsGiven),
    arrivedAt: Instant,
    admittedAt: Some(Instant),
    reason: Words(4000),
    admissionReason: Some(Words(4000)),
    provisionalDiagnosis: Some(Words(4000)),
    referral: Some(Referral),
    injuryCode: Some(Type.String({ pattern: '^[0-8]$' })),
    weightKg: Some(Weight),
    heightCm: Some(Height),
    signerLicence: Some(Licence),
  },
  'Opens a visit; its claim key is given here and never changes',
);

export const EncounterChange = Body({
  classCode: Some(ClassCode),
  routeCode: Some(RouteCode),
  routeReason: Some(RouteReason),
  routeFacts: Some(RouteFactsGiven),
  coverageIds: Some(List(Uuid, 5)),
  presentedAt: Some({ ...Instant, description: 'when the cards that are new here were shown; absent = now' }),
  admittedAt: Some(Instant),
  admissionReason: Some(Words(4000)),
  reason: Some(Words(4000)),
  provisionalDiagnosis: Some(Words(4000)),
  referral: Some(Referral),
  injuryCode: Some(Type.String({ pattern: '^[0-8]$' })),
  weightKg: Some(Weight),
  heightCm: Some(Height),
});

export const Condition = Body({
  id: Some(Uuid),
  role: Type.Enum(['primary', 'secondary', 'traditional']),
  code: DiagnosisCode,
  name: Some({ ...Words(1000), description: 'as the clinician words it; the catalogue name when absent' }),
});
export const ConditionsRecord = Body({ conditions: List(Condition, 26, 1) });

export const OrderLine = Body({
  id: Some(Uuid),
  itemCode: ItemCode,
  quantity: Quantity,
  orderedAt: Instant,
  orderedByLicence: Licence,
  departmentCode: DepartmentCode,
  performedAt: Some(Instant),
  performedByLicences: Some(List(Licence, 10)),
  resultAt: Some(Instant),
  conditionCodes: Some(List(DiagnosisCode, 12)),
  dose: Some({ ...Words(1024), description: 'required for drugs' }),
  instruction: Some(Words(1024)),
  bedCode: Some(Type.String({ pattern: '^[HTCK]\\d{3}$', description: 'required for beds' })),
  bedOccupants: Some(Type.Integer({ minimum: 1, maximum: 5 })),
  machineCodes: Some(List(Type.String({ pattern: '^[A-Z]{2,3}\\.[123]\\.[0-9A-Za-z-]{1,40}$' }), 5)),
  anaesthesiaCode: Some(Type.Enum(['1', '2', '3', '4'], { description: 'required for surgery' })),
  surgeryRole: Some(Type.Enum(['main', 'additionalSameTeam', 'additionalOtherTeam', 'additionalProcedure'])),
  packageCode: Some(Type.String({ pattern: '^G[1-9]\\d?$' })),
  partOfServiceCode: Some(Words(50)),
  fuelCode: Some({ ...Words(20), description: 'required for transport' }),
});
export const OrdersRecord = Body({ lines: List(OrderLine, 200, 1) });

export const Observation = Body({
  id: Some(Uuid),
  code: Some(Words(255)),
  name: Words(255),
  value: Some(Words(255)),
  unit: Some(Words(50)),
  description: Some(Words(8000)),
  conclusion: Some(Words(4000)),
  readByLicence: Licence,
});
export const LineResult = Body({
  lineId: Uuid,
  performedAt: Some(Instant),
  performedByLicences: Some(List(Licence, 10)),
  machineCodes: Some(OrderLine.properties.machineCodes),
  resultAt: Instant,
  observations: List(Observation, 100),
});
export const ResultsRecord = Body({ results: List(LineResult, 200, 1) });

export const Note = Body({
  id: Some(Uuid),
  at: Instant,
  text: Words(20000),
  stage: Some(Words(1000)),
  consultation: Some(Words(8000)),
  surgery: Some(Words(8000)),
  authorLicence: Licence,
});
export const NotesRecord = Body({ notes: List(Note, 200, 1) });

export const Discharge = Body({
  endedAt: Instant,
  outcomeCode: Type.String({ pattern: '^[1-8]$' }),
  dischargeCode: Type.String({ pattern: '^[1-5]$' }),
  finalDiagnosis: Words(8000),
  routeCode: Some(RouteCode),
  routeReason: Some(RouteReason),
  destinationFacilityCode: Some(FacilityCode),
  treatment: Some(Words(4000)),
  advice: Some(Words(4000)),
  followUpDates: Some(List(Day, 5)),
  weightKg: Some(Weight),
  birthWeightsGrams: Some(List(Type.String({ pattern: '^[1-9]\\d{2,3}$' }), 6)),
  procedureCodes: Some(List(Type.String({ pattern: '^\\d{2}(\\.\\d{1,2})?$' }), 20)),
  signerLicence: Some(Licence),
});
export const Settle = Body({ settledAt: Some(Instant) });
export const CancelLine = Body({ reason: Words(500) });

const { patientId: _patient, coverageIds: _coverages, ...arrival } = CheckIn.properties;
export const WholeVisit = Body(
  {
    ...arrival,
    patientId: Some(Uuid),
    patient: Some(PatientCreate),
    coverageIds: Some(List(Uuid, 5)),
    coverages: Some(List(CoverageCreate, 5)),
    conditions: List(Condition, 26, 1),
    lines: List(OrderLine, 300, 1),
    results: Some(List(LineResult, 300)),
    notes: Some(List(Note, 200)),
    discharge: Discharge,
    settledAt: Some({ ...Instant, description: 'when the cashier settled; absent = now' }),
  },
  'A whole finished visit in one call: stations that were offline, other software. Lines need an `id` when results refer to them.',
);

export const EncounterSummary = Body({
  id: Uuid,
  version: Type.Integer(),
  state: Type.Enum(['open', 'discharged', 'settled']),
  claimKey: Type.String(),
  patientId: Uuid,
  classCode: ClassCode,
  routeCode: Type.Union([RouteCode, Type.Null()]),
  arrivedAt: Instant,
  endedAt: Type.Union([Instant, Type.Null()]),
  settledAt: Type.Union([Instant, Type.Null()]),
});
export const EncounterList = Body({
  items: List(EncounterSummary, 200),
  next: Type.Union([Type.String(), Type.Null()]),
});
export const EncounterQuery = Body({
  state: Some(Type.Enum(['open', 'discharged', 'settled'])),
  day: Some(Day),
  cursor: Some(Type.String({ maxLength: 200 })),
  limit: Some(Type.Integer({ minimum: 1, maximum: 200 })),
});
export const CheckedIn = Body({
  id: Uuid,
  version: Type.Integer(),
  claimKey: Type.String(),
  recordNumber: Type.String(),
  proposedRouteCode: Type.Union([RouteCode, Type.Null()]),
  findings: Findings,
});
export const Recorded = Body({ version: Type.Integer(), ids: List(Uuid, 300), findings: Findings });
export const Changed = Body({ version: Type.Integer(), findings: Findings });
export const Discharged = Body({ version: Type.Integer(), routeCode: RouteCode, findings: Findings });

export const Settlement = Body({
  version: Type.Integer(),
  settledAt: Instant,
  policyVersion: Type.String(),
  policyDate: Day,
  totals: Body({ ...amounts, drugAmount: MoneyText, supplyAmount: MoneyText, patientPays: MoneyText }),
  lines: Some(
    List(
      Body({
        lineId: Uuid,
        serviceRate: Type.String(),
        scopeRate: Type.String(),
        insuredUnitPrice: Type.String(),
        benefitRate: Type.String(),
        ...amounts,
        because: List(Type.String(), 20),
      }),
      500,
    ),
  ),
});
export const WholeVisitRecorded = Body({ ...CheckedIn.properties, patientId: Uuid, settlement: Settlement });

const Sentences = Body({ rule: Type.String(), article: Type.String(), vi: Type.String(), en: Type.String() });
export const RouteProposal = Body(
  {
    routeCode: Type.Union([RouteCode, Type.Null()], { description: 'null before 2025' }),
    because: Sentences,
    alsoFit: List(RouteCode, 30),
    chosen: Type.Union([RouteCode, Type.Null()]),
    reason: Type.Union([Type.String(), Type.Null()]),
  },
  'The object code that the facts show, and the one that was chosen',
);

export type RouteProposal = Static<typeof RouteProposal>;
export type RouteFactsGiven = Static<typeof RouteFactsGiven>;
export type CheckIn = Static<typeof CheckIn>;
export type EncounterChange = Static<typeof EncounterChange>;
export type Condition = Static<typeof Condition>;
export type OrderLine = Static<typeof OrderLine>;
export type LineResult = Static<typeof LineResult>;
export type Observation = Static<typeof Observation>;
export type Note = Static<typeof Note>;
export type Discharge = Static<typeof Discharge>;
export type WholeVisit = Static<typeof WholeVisit>;
export type EncounterSummary = Static<typeof EncounterSummary>;
export type EncounterQuery = Static<typeof EncounterQuery>;
