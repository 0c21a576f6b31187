import type { Assessing, RuleSetting } from '../assessment/server.ts';
import type { Law } from '../benefits/index.ts';
import type { Catalogue } from '../catalogues/index.ts';
import type { ClaimChoices } from '../claims/index.ts';
import type { Recording } from '../encounters/index.ts';
import type { DeadlineRules } from '../exports/index.ts';
import type { Directory, Facility } from '../facilities/index.ts';
import type { Caller } from '../identity/index.ts';
import type { Language } from '../messages/index.ts';
import type { Database, Transaction } from '../platform/database/index.ts';
import type { Clock } from '../platform/dates.ts';
import type { Id } from '../platform/ids.ts';
import { Problem } from '../platform/problem.ts';
import type { ReferenceCache } from '../platform/reference-cache.ts';

/** What the routes share. */
export interface ApiDependencies {
  readonly database: Database;
  readonly directory: ReferenceCache<Directory>;
  readonly catalogue: ReferenceCache<Catalogue>;
  /** How the rules of the assessment are set. */
  readonly ruleSettings: Pick<ReferenceCache<readonly RuleSetting[]>, 'get'>;
  readonly claimChoices: ClaimChoices;
  readonly law: Law;
  readonly clock: Clock;
  /** Milliseconds that a look-up of a card waits for its answer. */
  readonly cardLookupWaitMs: number;
  /** By which claims must have reached the insurer. */
  readonly deadlines: DeadlineRules;
  /** A rule of the assessment failed. */
  readonly onRuleFailure: (error: unknown) => void;
}

/** One request inside its transaction. */
export interface RequestContext {
  readonly tx: Transaction;
  readonly caller: Caller;
  readonly directory: Directory;
  readonly catalogue: Catalogue;
  readonly ruleSettings: readonly RuleSetting[];
  readonly claimChoices: ClaimChoices;
  readonly law: Law;
  readonly clock: Clock;
  readonly deadlines: DeadlineRules;
  readonly onRuleFailure: (error: unknown) => void;
  /** Of whoever reads the answer. */
  readonly language: Language;
}

/** The caller's facility. @throws not-allowed for the province's office, which records no visits */
export function facilityOf(context: RequestContext): Facility {
  const { facilityId } = context.caller;
  const facility = facilityId ? context.directory.byId(facilityId) : undefined;
  if (!facility) throw new Problem('not-allowed');
  return facility;
}

export function recordingOf(context: RequestContext): Recording {
  return {
    facility: facilityOf(context),
    recordedBy: context.caller.accountId,
    now: context.clock.now(),
    directory: context.directory,
    catalogue: context.catalogue,
    law: context.law,
  };
}

/** What the rules of the assessment are asked with. */
export function assessingOf(context: RequestContext): Assessing {
  return {
    directory: context.directory,
    catalogue: context.catalogue,
    law: context.law,
    settings: context.ruleSettings,
    choices: context.claimChoices,
    now: context.clock.now(),
    onFailure: context.onRuleFailure,
  };
}

/** For lists that a facility sees of itself and the province of everyone: whose rows, given the optional filter. */
export function scopeOf(context: RequestContext, facilityCode: string | undefined): Id | null {
  const own = context.caller.facilityId;
  if (facilityCode === undefined) return own;
  const wanted = context.directory.byCode(facilityCode);
  if (!wanted || (own !== null && wanted.id !== own)) throw new Problem('not-found', { what: 'facility' });
  return wanted.id;
}

/** A path parameter that must be an id. @throws not-found: to the caller an impossible id is an unknown one */
export function idParam(value: string | undefined, what: string): Id {
  if (!value || !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value))
    throw new Problem('not-found', { what });
  return value;
}
