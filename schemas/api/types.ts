import { type Static, type TProperties, type TSchema, Type } from 'typebox';

/**
 * Building blocks of the API's bodies. These TypeBox values *are* JSON Schemas: ajv checks bodies with them, OpenAPI
 * shows them, and `Static` gives the TypeScript types, so there is one source for all three.
 */
export const Uuid = Type.String({
  pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$',
  description: 'UUIDv7, lower case; may be made by the client (stations that were offline)',
});
export const Instant = Type.String({
  format: 'date-time',
  maxLength: 35,
  description: 'moment with zone, RFC 3339',
});
export const Day = Type.String({ format: 'date', description: 'calendar day YYYY-MM-DD' });
export const MoneyText = Type.String({ pattern: '^\\d{1,13}\\.\\d{2}$', description: 'đồng, two decimals' });
export const Quantity = Type.String({
  pattern: '^\\d{1,6}(\\.\\d{1,3})?$',
  description: 'exact decimal, up to three decimals',
});
export const Weight = Type.String({
  pattern: '^(?=.*[1-9])\\d{1,3}(\\.\\d{1,2})?$',
  description: 'kg, more than 0, up to two decimals',
});
export const Height = Type.String({
  pattern: '^(?=.*[1-9])\\d{1,3}(\\.\\d)?$',
  description: 'cm, more than 0, up to one decimal',
});
export const FacilityCode = Type.String({ pattern: '^\\d{5}$' });
export const Licence = Type.String({
  pattern: '^[0-9A-Za-zĐđ./-]{3,50}$',
  description: 'practice licence number',
});
export const DiagnosisCode = Type.String({ pattern: '^[A-Z]\\d{2}(\\.\\d{1,3})?$', description: 'ICD-10' });
export const CardNumber = Type.String({
  pattern: '^[A-Z]{2}[1-5][0-9A-Z]{12}$',
  description: 'insurance card, 15 characters',
});
export const DepartmentCode = Type.String({ pattern: '^[0-9A-Za-z.]{1,20}$' });
export const ItemCode = Type.String({
  pattern: '^[0-9A-Za-z._-]{1,40}$',
  description: 'code of the catalogue item',
});
export const ClassCode = Type.String({ pattern: '^(0[1-9]|1[0-6])$', description: 'kind of care, 01…16' });
/** QĐ 3276/QĐ-BYT (2025), phụ lục 1; the law's parameters have the same keys (a test compares them). */
const ROUTES =
  '1.1 1.2 1.3 1.4 1.5 1.6 1.7 1.11 1.12 1.13 1.14 1.15 1.16 1.17 1.18 2 3.1 3.2 3.3 3.6 7 7.2 7.3 7.4 8 9 10';
export const RouteCode = Type.String({
  enum: ROUTES.split(' '),
  description: 'object code of the visit (1.1, 1.2, 1.3, 2 … 9 = no insurance)',
});
const NOT_BLANK = '\\S';
/** Text with something in it: blanks alone would be trimmed to nothing. */
export const Words = (maxLength: number) => Type.String({ pattern: NOT_BLANK, maxLength });
export const Code = (maxLength: number) => Type.String({ pattern: `^[0-9A-Za-z._-]{1,${maxLength}}$` });

/** An object that refuses unknown fields. */
export const Body = <T extends TProperties>(properties: T, description?: string) =>
  Type.Object(properties, { additionalProperties: false, ...(description ? { description } : {}) });
export const Some = <T extends TSchema>(schema: T) => Type.Optional(schema);
export const List = <T extends TSchema>(schema: T, maxItems: number, minItems = 0) =>
  Type.Array(schema, { minItems, maxItems });
export { type Static, Type };

/** Of a settlement and of each of its lines. */
export const amounts = {
  grossAmount: MoneyText,
  insuredAmount: MoneyText,
  insurerPays: MoneyText,
  copay: MoneyText,
  selfPay: MoneyText,
  otherPayers: MoneyText,
};
