import type { TSchema } from 'typebox';
import * as claims from './claims.ts';
import * as encounters from './encounters.ts';
import * as identity from './identity.ts';
import * as patients from './patients.ts';
import { Body, Some, Type } from './types.ts';

const more = {
  Version: Body({ version: Type.Integer() }),
  ClaimFilesQuery: Body({ cursor: Some(Type.String({ maxLength: 40 })) }),
};

/** Every body, query and answer of the API by name, as JSON Schema. */
export const API_SCHEMAS: Readonly<Record<string, TSchema>> = {
  ...patients,
  ...encounters,
  ...claims,
  ...identity,
  ...more,
};
