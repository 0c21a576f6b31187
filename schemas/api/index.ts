import type { TSchema } from 'typebox';
import * as audit from './audit.ts';
import * as billing from './billing.ts';
import * as certificates from './certificates.ts';
import * as claimChecks from './claim-checks.ts';
import * as claims from './claims.ts';
import * as corrections from './corrections.ts';
import * as deadLetters from './dead-letters.ts';
import * as deadlines from './deadlines.ts';
import * as encounters from './encounters.ts';
import * as findings from './findings.ts';
import * as foreignClaims from './foreign-claims.ts';
import * as history from './history.ts';
import * as identity from './identity.ts';
import * as insurer from './insurer.ts';
import * as patients from './patients.ts';
import * as payments from './payments.ts';
import * as reports from './reports.ts';
import * as results from './results.ts';
import * as rules from './rules.ts';
import { Body, Type } from './types.ts';
import * as visits from './visits.ts';

const more = {
  Version: Body({ version: Type.Integer() }),
};

/** One name, one schema: a second of the same name would silently take the place of the first. */
function named(...parts: readonly Readonly<Record<string, TSchema>>[]): Readonly<Record<string, TSchema>> {
  const all: Record<string, TSchema> = {};
  for (const [name, schema] of parts.flatMap((part) => Object.entries(part))) {
    if (all[name]) throw new Error(`two API schemas are called ${name}`);
    all[name] = schema;
  }
  return all;
}

/** Every body, query and answer of the API by name, as JSON Schema. */
export const API_SCHEMAS = named(
  patients,
  encounters,
  visits,
  audit,
  deadLetters,
  billing,
  payments,
  claims,
  findings,
  claimChecks,
  foreignClaims,
  corrections,
  deadlines,
  certificates,
  history,
  identity,
  insurer,
  reports,
  results,
  rules,
  more,
);
