import fc, { type Arbitrary } from 'fast-check';
import { newId } from '../../src/platform/ids.ts';
import { at, HOSPITAL, STATION, yesterday } from '../harness/visit.ts';

/** Values of requests, made from JSON Schemas. `{{kind:whose:n}}` stands for an id that is chosen when it is sent. */

export interface JsonSchema {
  readonly $ref?: string;
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly patternProperties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly format?: string;
}

/** Long texts are written out when they are sent: `{{long:n}}`. */
export const LONG = [1_000, 20_000, 200_000] as const;
export const PASSWORD = 'a password of the fuzz test';
export const SIGNER = (code: string) => `fuzz.signer.${code}`;
export const MACHINE = (code: string) => `fuzz.machine.${code}`;

const items = ['02.1896', 'T01', 'T02', 'N02.04.020', '22.0121.1369', '23.0075.1494'];
const idOf = (kind: string) =>
  fc
    .tuple(fc.constantFrom('own', 'own', 'own', 'own', 'own', 'own', 'other', 'nobody'), fc.nat(40))
    .map(([whose, place]) => `{{${kind}:${whose}:${place}}}`);
const licence = idOf('licence');
const instant = fc.oneof(
  fc.integer({ min: 0, max: 1_439 }).map((minute) => at(clock(minute))),
  fc.constantFrom(new Date().toISOString(), '2026-07-01T00:00:00+07:00', '1999-12-31T23:59:59.999Z'),
);
const clock = (minute: number) =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
const day = fc.oneof(
  fc.constantFrom(yesterday(), yesterday(), '2026-01-01', '2026-12-31', '1990-02-01', '2199-12-31'),
  fc
    .date({ min: new Date('1900-01-01'), max: new Date('2199-12-30'), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10)),
);
const words = fc.oneof(
  fc.constantFrom('Ho, sốt', 'Viêm mũi họng cấp', 'Nguyễn Văn Thử', 'Xóm 1, xã Mẫu', 'x', 'e\u0302 NFD'),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }),
);

/** What a field of this name usually holds here, so that many requests get past the first checks. */
const USUAL: Readonly<Record<string, Arbitrary<unknown>>> = {
  patientId: idOf('patient'),
  coverageIds: fc.array(idOf('coverage'), { minLength: 1, maxLength: 2 }),
  encounterId: idOf('encounter'),
  accountId: idOf('account'),
  lineId: idOf('line'),
  cursor: fc.oneof(idOf('encounter'), fc.constantFrom('bacsi', 'fuzz')),
  departmentCode: fc.constantFrom('K01', 'K01', 'K03', 'K99'),
  facilityCode: fc.constantFrom(HOSPITAL, STATION, '40001', '99999'),
  registeredFacilityCode: fc.constantFrom(HOSPITAL, STATION),
  fromFacilityCode: fc.constantFrom(HOSPITAL, STATION),
  destinationFacilityCode: fc.constantFrom('40001', STATION),
  itemCode: fc.constantFrom(...items),
  code: fc.constantFrom('J00', 'I10', 'J20.9', 'E11'),
  conditionCodes: fc.constantFrom(['J00'], ['I10', 'J00']),
  classCode: fc.constantFrom('01', '01', '02', '03'),
  routeCode: fc.constantFrom('1.1', '1.1', '3.1', '9'),
  quantity: fc.constantFrom('1', '2', '0.5', '999999.999'),
  weightKg: fc.constantFrom('52.5', '3.2', '120'),
  heightCm: fc.constantFrom('150', '170.5'),
  bedOccupants: fc.constantFrom(1, 2, 3),
  wardCode: fc.constantFrom('16681'),
  provinceCode: fc.constantFrom('40'),
  ethnicityCode: fc.constantFrom('01', '24'),
  outcomeCode: fc.constantFrom('1', '2', '3'),
  dischargeCode: fc.constantFrom('1', '2', '3'),
  cardNumber: fc.constantFrom('DN4400000000001', 'HT3400000000002', 'TE1400000000003'),
  secret: fc.constantFrom(PASSWORD, 'wrong'),
  scopes: fc.constantFrom(['patient.read'], ['patient.read', 'claim.read'], ['audit.read']),
  username: fc.constantFrom(
    SIGNER(HOSPITAL),
    SIGNER(STATION),
    MACHINE(HOSPITAL),
    'quantri.tinh',
    'nobody',
    'fuzz.new',
  ),
  password: fc.constantFrom(PASSWORD, 'wrong'),
  current: fc.constantFrom(PASSWORD, 'wrong'),
  next: fc.constantFrom('một câu dài khó đoán', '123456789012', 'short'),
  name: fc.constantFrom('Nguyễn', 'Trần Thị Mẫu', 'mau'),
  day: fc.constantFrom(yesterday(), '2026-02-01'),
  id: fc
    .tuple(fc.nat(86_400_000), fc.uint8Array({ minLength: 10, maxLength: 10 }))
    .map(([after, random]) => newId(Date.parse('2026-03-01') + after, random)),
  birthDate: fc.constantFrom('1990-02-01', '2024-02-29', '1931-12-31'),
  validFrom: fc.constantFrom('2026-01-01', yesterday()),
  validThrough: fc.constantFrom('2026-12-31', '2027-12-31'),
  arrivedAt: fc.constantFrom(at('08:00'), at('07:30')),
  admittedAt: fc.constantFrom(at('08:05')),
  orderedAt: fc.constantFrom(at('08:10'), at('08:20')),
  performedAt: fc.constantFrom(at('08:30')),
  at: fc.constantFrom(at('08:40')),
  resultAt: fc.constantFrom(at('09:00')),
  endedAt: fc.constantFrom(at('10:00'), at('11:00')),
  amount: fc.constantFrom('1000.00', '5000.00', '1000.50'),
  expectedBalance: fc.constantFrom('0.00', '0.00', '-1000.00', '-5000.00', '-6000.00'),
  tendered: fc.constantFrom('10000.00'),
  method: fc.constantFrom('card', 'cash', 'transfer'),
  reference: fc.constantFrom('T1', 'FT2', 'FT3'),
  bankReference: fc.constantFrom('FT4', 'FT5'),
  float: fc.constantFrom('0.00', '100000.00'),
  countedCash: fc.constantFrom('0.00', '100000.00'),
  series: fc.constantFrom('PT', 'PT7', 'A/26'),
  shiftId: idOf('shift'),
};
const isLicence = (name: string) => /licence/i.test(name);

/**
 * Values that the schema takes.
 * @param name of the field, for what it usually holds
 */
export function valid(
  schema: JsonSchema,
  all: Readonly<Record<string, JsonSchema>>,
  name = '',
): Arbitrary<unknown> {
  const made = plain(schema, all, name);
  const usual = isLicence(name)
    ? schema.type === 'array'
      ? fc.array(licence, { minLength: 1, maxLength: 2 })
      : licence
    : USUAL[name];
  const fits = usual && (schema.type === 'string' || schema.type === 'integer' || schema.type === 'array');
  return fits ? fc.oneof({ weight: 6, arbitrary: usual }, { weight: 1, arbitrary: made }) : made;
}

function plain(
  schema: JsonSchema,
  all: Readonly<Record<string, JsonSchema>>,
  name: string,
): Arbitrary<unknown> {
  if (schema.$ref) return valid(all[schema.$ref.split('/').at(-1)!]!, all, name);
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map((one) => valid(one, all, name)));
  if (schema.enum) return fc.constantFrom(...schema.enum);
  if ('const' in schema) return fc.constant(schema.const);
  switch (schema.type) {
    case 'object':
      return objectOf(schema, all);
    case 'array':
      return fc.array(valid(schema.items ?? {}, all, name.replace(/s$/, '')), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.min(schema.maxItems ?? 3, Math.max(3, schema.minItems ?? 0)),
      });
    case 'string':
      return textOf(schema);
    case 'integer':
    case 'number':
      return fc.integer({ min: schema.minimum ?? -5, max: schema.maximum ?? 1_000 });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    default:
      return fc.jsonValue({ maxDepth: 2 });
  }
}

function objectOf(schema: JsonSchema, all: Readonly<Record<string, JsonSchema>>): Arbitrary<unknown> {
  const fields = Object.entries(schema.properties ?? {}).map(
    ([name, one]) => [name, valid(one, all, name)] as const,
  );
  const required = fields.filter(([name]) => schema.required?.includes(name));
  const record = (chosen: typeof fields, keys: typeof fields) =>
    fc.record(Object.fromEntries(chosen), { requiredKeys: keys.map(([name]) => name) });
  // Few fields, any of them, or all: the more of them, the more rules a body must satisfy at once.
  return fc.oneof(
    { weight: 5, arbitrary: record(required, required) },
    { weight: 2, arbitrary: record(fields, required) },
    { weight: 1, arbitrary: record(fields, fields) },
  );
}

function textOf({ format, pattern, minLength = 0, maxLength = 60 }: JsonSchema): Arbitrary<string> {
  if (format === 'date') return day;
  if (format === 'date-time') return instant;
  if (pattern === undefined) return fc.string({ minLength, maxLength: Math.min(maxLength, 60) });
  if (pattern === '\\S') return words;
  try {
    return fc.stringMatching(new RegExp(pattern));
  } catch {
    return fc.constantFrom('1', '52.5', 'x'); // a pattern that cannot be turned round
  }
}

/** What does not belong where it is put. */
export const HOSTILE: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  0.1,
  1e308,
  Number.MAX_SAFE_INTEGER,
  2 ** 31,
  [],
  {},
  [[[[]]]],
  { $ref: '#' },
  { toString: 1, constructor: 2 },
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  '\ud800',
  '\uffff',
  '\u202egnp.exe',
  '\u200b',
  'e\u0302'.repeat(300),
  '👩‍⚕️'.repeat(50),
  "' or '1'='1",
  "'; drop table patient; --",
  '$1',
  '%s%n%x',
  '{{7*7}}',
  '$' + '{jndi:ldap://127.0.0.1/x}',
  '../../../../etc/passwd',
  'a\r\nX-Injected: yes',
  '<script>alert(1)</script>',
  '__proto__',
  'NaN',
  '1e309',
  '-0',
  '０１２',
  '2026-02-30',
  '0000-00-00',
  '2026-13-45T99:99:99Z',
  '9999-12-31T23:59:59+14:00',
  '999999999999999999999999.99',
  'ffffffff-ffff-ffff-ffff-ffffffffffff',
  '018F0000-0000-7000-8000-000000000000',
  ...LONG.map((length) => `{{long:${length}}}`),
];
/** Names of fields that no schema knows. */
export const FOREIGN_NAMES = [
  'nobodyKnows',
  '__proto__',
  'constructor',
  'facilityId',
  'version',
  'state',
  'is_demo',
  'a/b~c',
  'tên lạ',
  '{{long:20000}}',
] as const;
export const hostile = fc.constantFrom(...HOSTILE);
