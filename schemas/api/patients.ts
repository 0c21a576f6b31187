import {
  Body,
  CardNumber,
  Code,
  Day,
  FacilityCode,
  Instant,
  List,
  Some,
  type Static,
  Type,
  Uuid,
  Words,
} from './types.ts';

const person = {
  name: Words(255),
  birthDate: Day,
  birthTime: Some(Type.String({ pattern: '^([01]\\d|2[0-3]):[0-5]\\d$', description: 'HH:mm, newborns' })),
  birthPrecision: Some(Type.Enum(['year', 'month', 'day'])),
  sexCode: Type.Enum(['1', '2', '3']),
  bloodGroup: Some(Type.String({ pattern: '^(A|B|AB|O)[+-]?$' })),
  nationalityCode: Some(Type.String({ pattern: '^\\d{3}$' })),
  ethnicityCode: Type.String({ pattern: '^(0[1-9]|[1-4]\\d|5[0-6])$' }),
  occupationCode: Some(Type.String({ pattern: '^\\d{2}$' })),
  nationalId: Some(Type.String({ pattern: '^(\\d{9}|\\d{12}|[A-Z]\\d{7})$' })),
  phone: Some(Type.String({ pattern: '^\\+?\\d{9,14}$' })),
  address: Words(1024),
  provinceCode: Type.String({ pattern: '^\\d{2,3}$' }),
  districtCode: Some(Type.String({ pattern: '^\\d{3}$' })),
  wardCode: Type.String({ pattern: '^\\d{5}$' }),
};

export const PatientCreate = Body(
  { id: Some(Uuid), patientNumber: Some(Code(40)), ...person },
  'A person of the province',
);
export const PatientChange = Type.Partial(Body(person), { additionalProperties: false });
export const Patient = Body({ id: Uuid, version: Type.Integer(), patientNumber: Code(40), ...person });
export const PatientSearch = Body({
  name: Some(Words(100)),
  nationalId: Some(Words(20)),
  cardNumber: Some(Words(15)),
  phone: Some(Words(15)),
  limit: Some(Type.Integer({ minimum: 1, maximum: 50 })),
});
export const PatientList = Body({ items: List(Patient, 50) });

export const CoverageCreate = Body({
  id: Some(Uuid),
  cardNumber: CardNumber,
  validFrom: Day,
  validThrough: Some({ ...Day, description: 'last day of validity, as printed on the card; absent = open' }),
  registeredFacilityCode: FacilityCode,
  areaCode: Some(Type.Enum(['K1', 'K2', 'K3'])),
  fiveYearsFrom: Some(Day),
  freeCopayFrom: Some(Day),
});
export const Coverage = Body({ ...CoverageCreate.properties, id: Uuid, recordedAt: Instant });
export const CoverageList = Body({ items: List(Coverage, 100) });

export type PatientCreate = Static<typeof PatientCreate>;
export type PatientChange = Static<typeof PatientChange>;
export type Patient = Static<typeof Patient>;
export type PatientSearch = Static<typeof PatientSearch>;
export type CoverageCreate = Static<typeof CoverageCreate>;
export type Coverage = Static<typeof Coverage>;
