import type { TSchema } from 'typebox';
import * as audit from './audit.ts';
import * as billing from './billing.ts';
import * as claims from './claims.ts';
import * as encounters from './encounters.ts';
import * as history from './history.ts';
import * as identity from './identity.ts';
import * as patients from './patients.ts';
import * as payments from './payments.ts';
import { Body, Type } from './types.ts';
import * as visits from './visits.ts';

const more = {
  Version: Body({ version: Type.Integer() }),
};

/** Every body, query and answer of the API by name, as JSON Schema. */
export const API_SCHEMAS: Readonly<Record<string, TSchema>> = {
  ...patients,
  ...encounters,
  ...visits,
  ...audit,
  ...billing,
  ...payments,
  ...claims,
  ...history,
  ...identity,
  ...more,
};
