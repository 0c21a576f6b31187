import { GatewayAccountLine } from '../../schemas/catalogue-files/records.ts';
import { type FileProblem, lineChecker, nameOf, readLines } from './province-files.ts';

/** A facility's accounts at the gateway from a JSON Lines file. @returns all problems, line by line; none = usable */
export function readGatewayAccounts(file: URL): {
  readonly accounts: readonly GatewayAccountLine[];
  readonly problems: readonly FileProblem[];
} {
  const problems: FileProblem[] = [];
  const accounts = readLines<GatewayAccountLine>(file, lineChecker(GatewayAccountLine), problems);
  const name = nameOf(file);
  const seen = new Set<string>();
  for (const { facilityCode } of accounts) {
    if (seen.has(facilityCode))
      problems.push({ message: 'demo.file.twice', values: { file: name, key: facilityCode } });
    seen.add(facilityCode);
  }
  return { accounts, problems };
}
