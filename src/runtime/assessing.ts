import { pathToFileURL } from 'node:url';
import type { RuleSetting } from '../assessment/server.ts';
import { type Law, loadPolicy } from '../benefits/index.ts';
import type { Config } from '../config.ts';
import type { ReferenceCache } from '../platform/reference-cache.ts';

/** The law as this process applies it. */
export const lawOf = ({ BENEFIT_CONTRACT: contract }: Partial<Pick<Config, 'BENEFIT_CONTRACT'>>): Law =>
  loadPolicy(undefined, contract ? pathToFileURL(contract) : null);

const NOTHING_SET: readonly RuleSetting[] = [];

/** How the rules of the assessment are set, as the database has it. */
export const ruleSettings = (): Pick<ReferenceCache<readonly RuleSetting[]>, 'get'> => ({
  get: async () => NOTHING_SET,
});
