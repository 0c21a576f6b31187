import { pathToFileURL } from 'node:url';
import { type Law, loadPolicy } from '../benefits/index.ts';
import type { Config } from '../config.ts';

/** The law with what the province agreed about its open questions. @throws PolicyFileError */
export function lawInForce({ BENEFIT_CONTRACT: contract }: Pick<Config, 'BENEFIT_CONTRACT'>): Law {
  return loadPolicy(undefined, contract === null ? null : pathToFileURL(contract));
}
