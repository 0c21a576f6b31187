import { PatientCreate } from '../api/patients.ts';
import {
  Body,
  CardNumber,
  Day,
  DepartmentCode,
  DiagnosisCode,
  FacilityCode,
  ItemCode,
  Licence,
  List,
  Some,
  type Static,
  Type,
  Uuid,
  Words,
} from '../api/types.ts';

/**
 * One line of each file that a province fills in, and the demo province too. Every file is JSON Lines: UTF-8, one
 * JSON object per line. Days are calendar days; `from` is the first day and `through` the last day on which the line
 * holds (absent = no end known), as official texts write them.
 */
const period = {
  from: { ...Day, description: 'first day' },
  through: Some({ ...Day, description: 'last day; absent = no end known' }),
};
const PriceList = Type.String({
  pattern: '^([a-z][a-z0-9-]{0,39}|\\d{5})$',
  description:
    'name of the price list: of a tier, e.g. provincial, or the code of one facility, whose prices go before those of its tier',
});
const Price = Type.String({
  pattern: '^\\d{1,12}(\\.\\d{1,3})?$',
  description: 'đồng, up to three decimals',
});

const fact = (kind: string, value: Record<string, unknown>) =>
  Body({
    kind: Type.Literal(kind),
    value: Type.Unsafe<string>({ type: 'string', ...value }),
    ...period,
    source: Words(300),
  });

export const WardLine = Body({
  code: Type.String({ pattern: '^\\d{5}$' }),
  name: Words(200),
  provinceCode: Type.String({ pattern: '^\\d{2,3}$' }),
  provinceName: Words(200),
});

export const FacilityLine = Body(
  {
    code: FacilityCode,
    name: Words(300),
    address: Words(500),
    wardCode: Type.String({ pattern: '^\\d{5}$' }),
    facts: List(
      Type.Union([
        fact('level', { enum: ['initial', 'basic', 'specialised'] }),
        fact('points', { pattern: '^\\d{1,3}$' }),
        fact('former-tier', { enum: ['commune', 'district', 'province', 'central'] }),
        fact('kind', { enum: ['healthStation', 'polyclinic', 'maternityHome', 'clinic', 'hospital'] }),
        fact('price-list', { pattern: '^[a-z][a-z0-9-]{0,39}$' }),
      ]),
      100,
      3,
    ),
  },
  'A facility and the facts the law reads about it, each with its days and the decision it rests on',
);

export const DepartmentLine = Body({
  facilityCode: FacilityCode,
  code: DepartmentCode,
  name: Words(200),
  ...period,
});

export const PractitionerLine = Body({
  facilityCode: FacilityCode,
  licenceNumber: Licence,
  name: Words(255),
  title: Type.Enum(['BS', 'YS', 'DD', 'HS', 'KTV', 'DS']),
  departmentCode: Some(DepartmentCode),
  isSigner: Some({ ...Type.Boolean(), description: 'head of the facility or delegate who signs papers' }),
  ...period,
});

export const MachineLine = Body({
  facilityCode: FacilityCode,
  code: Type.String({
    pattern: '^[A-Z]{2,3}\\.[123]\\.[0-9A-Za-z-]{1,40}$',
    description: 'group, source of money, serial',
  }),
  name: Words(200),
  group: Type.String({ pattern: '^[A-Z]{2,3}$' }),
  ...period,
});

export const DiagnosisLine = Body({
  code: DiagnosisCode,
  name: Words(1000),
  sexCode: Some(Type.Enum(['1', '2'])),
});

export const ItemLine = Body(
  {
    itemCode: ItemCode,
    kind: Type.Enum(['exam', 'service', 'surgery', 'bed', 'drug', 'blood', 'supply', 'transport']),
    officialCode: Words(50),
    name: Words(1024),
    unit: Words(50),
    costGroupCode: Type.String({ pattern: '^(1?\\d)$' }),
    scopeCode: Type.Enum(['1', '2', '3']),
    catalogueRate: Type.String({
      pattern: '^(100|\\d{1,2})(\\.\\d{1,2})?$',
      description: 'percent inside the insured scope',
    }),
    unitCeiling: Some(Price),
    details: Body({
      strength: Some(Words(1024)),
      route: Some(Type.String({ pattern: '^\\d\\.\\d{2}$' })),
      form: Some(Words(1024)),
      registrationNumber: Some(Words(255)),
      tender: Some(Type.String({ pattern: '^[^;]+;G\\d{1,2};N\\d{1,2};\\d{4}(;[^;]+)*$' })),
      fundingCode: Some(Type.Enum(['1', '2', '3', '4'])),
      procedureCode: Some(Type.String({ pattern: '^\\d{2}(\\.\\d{1,2})?$', description: 'ICD-9-CM' })),
      productMark: Some(Words(255)),
      machineGroup: Some({
        ...Type.String({ pattern: '^[A-Z]{2,3}$' }),
        description: 'a machine of this group must be named',
      }),
    }),
    ...period,
    prices: List(
      Body({
        priceLists: List(PriceList, 20, 1),
        unitPrice: Price,
        insuredUnitPrice: Price,
        ...period,
        source: Words(300),
      }),
      200,
      1,
    ),
  },
  'A drug, service, supply, bed or transport as the catalogue says it on these days, with its prices by price list',
);

const Indicator = Body({
  code: Words(255),
  name: Words(255),
  unit: Some(Words(50)),
  low: Some(Price),
  high: Some(Price),
  decimals: Some(Type.Integer({ minimum: 0, maximum: 3 })),
  values: Some(List(Words(255), 20, 1)),
});
export const ResultTemplateLine = Body(
  {
    itemCode: ItemCode,
    indicators: Some(List(Indicator, 100, 1)),
    findings: Some(List(Body({ description: Words(8000), conclusion: Words(4000) }), 50, 1)),
  },
  'What a test answers: measured indicators with their plausible range, or descriptions with conclusions',
);

export const PatientLine = Body({
  facilityCode: FacilityCode,
  patient: PatientCreate,
  coverages: List(
    Body({
      id: Uuid,
      cardNumber: CardNumber,
      validFrom: Day,
      validThrough: Some(Day),
      registeredFacilityCode: FacilityCode,
      areaCode: Some(Type.Enum(['K1', 'K2', 'K3'])),
      fiveYearsFrom: Some(Day),
    }),
    5,
  ),
});

/** No file of the province: it holds passwords. Read once by `his seed --gateway-accounts`, kept sealed. */
export const GatewayAccountLine = Body({
  facilityCode: FacilityCode,
  username: Words(100),
  password: Words(200),
});

export type WardLine = Static<typeof WardLine>;
export type FacilityLine = Static<typeof FacilityLine>;
export type DepartmentLine = Static<typeof DepartmentLine>;
export type PractitionerLine = Static<typeof PractitionerLine>;
export type MachineLine = Static<typeof MachineLine>;
export type DiagnosisLine = Static<typeof DiagnosisLine>;
export type ItemLine = Static<typeof ItemLine>;
export type ResultTemplateLine = Static<typeof ResultTemplateLine>;
export type PatientLine = Static<typeof PatientLine>;
export type GatewayAccountLine = Static<typeof GatewayAccountLine>;

/** Name of the file (without `.jsonl`) → schema of one of its lines. In the order in which they refer to each other. */
export const PROVINCE_FILES = {
  wards: WardLine,
  facilities: FacilityLine,
  departments: DepartmentLine,
  practitioners: PractitionerLine,
  machines: MachineLine,
  diagnoses: DiagnosisLine,
  drugs: ItemLine,
  services: ItemLine,
  supplies: ItemLine,
  'result-templates': ResultTemplateLine,
  patients: PatientLine,
} as const;
export type ProvinceFile = keyof typeof PROVINCE_FILES;
