import { type RuleSetting, readSettings } from '../assessment/server.ts';
import { type Database, FIGURES_CONTEXT } from '../platform/database/index.ts';
import { createReferenceCache, type ReferenceCache } from '../platform/reference-cache.ts';

/**
 * How the rules of the assessment are set, at every facility: only ever added to, so their number says whether the copy
 * is old.
 */
export const ruleSettings = (database: Database): ReferenceCache<readonly RuleSetting[]> =>
  createReferenceCache(database, readSettings, Date.now, LOOK_EVERY_MS, {
    context: FIGURES_CONTEXT,
    revision: 'select count(*)::text as revision from rule_setting',
  });
const LOOK_EVERY_MS = 5_000;
