import type { TSchema } from 'typebox';
import { RouteFactsGiven, Settlement } from './encounters.ts';
import { Body, ClassCode, Day, FacilityCode, Instant, List, RouteCode, Some, Type, Uuid } from './types.ts';

/** A visit and its settlement as they are read back: answers only, so texts carry no limits. */
const Text = Type.String();
const orNull = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const Texts = Type.Array(Text);
const Decimal = Type.String({ pattern: '^\\d+(\\.\\d+)?$', description: 'exact decimal' });

const EncounterFacts = Body({
  id: Uuid,
  version: Type.Integer(),
  state: Type.Enum(['open', 'discharged', 'settled']),
  claimKey: Text,
  recordNumber: Text,
  classCode: ClassCode,
  routeCode: orNull(RouteCode),
  proposedRouteCode: orNull(RouteCode),
  routeReason: orNull(Text),
  routeFacts: RouteFactsGiven,
  arrivedAt: Instant,
  admittedAt: orNull(Instant),
  endedAt: orNull(Instant),
  settledAt: orNull(Instant),
  reason: Text,
  admissionReason: orNull(Text),
  provisionalDiagnosis: orNull(Text),
  finalDiagnosis: orNull(Text),
  referral: orNull(Body({ fromFacilityCode: FacilityCode, paperNumber: Text })),
  destinationFacilityCode: orNull(FacilityCode),
  injuryCode: orNull(Text),
  treatment: orNull(Text),
  outcomeCode: orNull(Text),
  dischargeCode: orNull(Text),
  advice: orNull(Text),
  weightKg: orNull(Decimal),
  heightCm: orNull(Decimal),
  birthWeightsGrams: Texts,
  followUpDates: Type.Array(Day),
  procedureCodes: Texts,
  departmentCodes: Texts,
  signerLicence: orNull(Text),
});

const FacilityFacts = Body({
  id: Uuid,
  code: FacilityCode,
  name: Text,
  level: Type.Enum(['initial', 'basic', 'specialised']),
  points: orNull(Type.Integer()),
  formerTier: orNull(Type.Enum(['commune', 'district', 'province', 'central'])),
  kind: Type.Enum(['healthStation', 'polyclinic', 'maternityHome', 'clinic', 'hospital']),
});

const PatientFacts = Body({
  id: Uuid,
  number: Text,
  name: Text,
  birthDate: Day,
  birthTime: orNull(Text),
  birthPrecision: Type.Enum(['year', 'month', 'day']),
  sexCode: Text,
  bloodGroup: orNull(Text),
  nationalityCode: Text,
  ethnicityCode: Text,
  occupationCode: Text,
  nationalId: orNull(Text),
  phone: orNull(Text),
  address: Text,
  provinceCode: Text,
  districtCode: orNull(Text),
  wardCode: Text,
});

const CoverageFacts = Body({
  id: Uuid,
  cardNumber: Text,
  from: Day,
  to: { ...orNull(Day), description: 'the day after the last; null = open' },
  registeredFacilityCode: FacilityCode,
  areaCode: orNull(Text),
  fiveYearsFrom: orNull(Day),
  freeCopayFrom: orNull(Day),
  presentedAt: Instant,
});

const LineFacts = Body({
  id: Uuid,
  kind: Type.Enum(['exam', 'service', 'surgery', 'bed', 'drug', 'blood', 'supply', 'transport']),
  code: Text,
  name: Text,
  unit: Text,
  costGroupCode: Text,
  scopeCode: Text,
  catalogueRate: Decimal,
  quantity: Decimal,
  unitPrice: Decimal,
  insuredUnitPrice: Decimal,
  unitCeiling: orNull(Decimal),
  orderedAt: Instant,
  performedAt: orNull(Instant),
  resultAt: orNull(Instant),
  orderedByLicence: Text,
  performedByLicences: Texts,
  departmentCode: Text,
  conditionCodes: Texts,
  dose: orNull(Text),
  instruction: orNull(Text),
  bedCode: orNull(Text),
  machineCodes: Texts,
  anaesthesiaCode: orNull(Text),
  packageCode: orNull(Text),
  partOfServiceCode: orNull(Text),
  fuelCode: orNull(Text),
  facts: Body({
    bedOccupants: Some(Type.Integer()),
    surgeryRole: Some(Text),
    sameDayReturn: Some(Type.Boolean()),
  }),
  item: Type.Record(Text, Text),
});

export const Encounter = Body(
  {
    encounter: EncounterFacts,
    facility: FacilityFacts,
    patient: PatientFacts,
    coverages: Type.Array(CoverageFacts),
    conditions: Type.Array(
      Body({
        id: Uuid,
        role: Type.Enum(['primary', 'secondary', 'traditional']),
        code: Text,
        name: Text,
        recordedAt: Instant,
      }),
    ),
    lines: Type.Array(LineFacts),
    observations: Type.Array(
      Body({
        id: Uuid,
        lineId: Uuid,
        serviceCode: Text,
        code: orNull(Text),
        name: Text,
        value: orNull(Text),
        unit: orNull(Text),
        description: orNull(Text),
        conclusion: orNull(Text),
        resultAt: Instant,
        readByLicence: Text,
      }),
    ),
    notes: Type.Array(
      Body({
        id: Uuid,
        at: Instant,
        text: Text,
        stage: orNull(Text),
        consultation: orNull(Text),
        surgery: orNull(Text),
        authorLicence: Text,
      }),
    ),
  },
  'One whole visit as it stands',
);

const { lines, ...settled } = Settlement.properties;
const { because: _because, ...line } = lines.items.properties;
export const StoredSettlement = Body({ ...settled, lines: List(Body(line), 500) });
