import { compareStored, findClaimByKey, type VersionComparison } from '../claims/index.ts';
import { currentLanguage, readConfig } from '../config.ts';
import { workerContext } from '../exports/index.ts';
import { type MessageValues, text } from '../messages/index.ts';
import type { Database } from '../platform/database/index.ts';
import { openDatabase } from '../runtime/databases.ts';
import { openEnvironment } from '../runtime/environment.ts';
import { sayElsewhere, untilDone } from './console.ts';
import { CommandFailure } from './failure.ts';

const say = (key: string, values?: MessageValues) => text(currentLanguage(), `corrections.${key}`, values);

/**
 * Shows what changed between two stored versions of a claim; without numbers, between the last two.
 * @throws CommandFailure (2) when there is no such claim or version
 */
export async function claimsCompare(
  claimKey: string,
  options: { from?: number; to?: number; json: boolean },
): Promise<void> {
  await untilDone(async (stops) => {
    const environment = await openEnvironment(readConfig(), { stops, onElsewhere: sayElsewhere });
    const database = openDatabase(environment.urls.his_export, 2, () => undefined);
    stops.add(() => database.close());
    const { facilityId, encounterId, newest } = await claimOf(database, claimKey);
    const to = options.to ?? newest;
    const from = options.from ?? Math.max(1, to - 1);
    const compared = await database.transaction(workerContext(facilityId, 'his-claims-compare'), (tx) =>
      compareStored(tx, { facilityId, encounterId }, from, to),
    );
    if (!compared) throw new CommandFailure(say('compare.none', { key: claimKey }), 2);
    const lines = options.json
      ? [JSON.stringify({ claimKey, from, to, ...compared })]
      : linesOf(claimKey, from, to, compared);
    process.stdout.write(`${lines.join('\n')}\n`);
  });
}

async function claimOf(database: Database, claimKey: string) {
  const context = { ...workerContext(null, 'his-claims-compare'), reach: 'province' as const };
  const found = await database.transaction(context, (tx) => findClaimByKey(tx, claimKey));
  if (!found) throw new CommandFailure(say('compare.none', { key: claimKey }), 2);
  return found;
}

function linesOf(key: string, from: number, to: number, { differences, money }: VersionComparison): string[] {
  const changed = Object.entries(money).filter(([, one]) => one.old !== one.new);
  return [
    say('compare.head', { key, from, to, count: differences.length }),
    ...(differences.length === 0 ? [say('compare.same')] : []),
    ...differences.map(({ table, oldRow, newRow, field, old, new: now }) =>
      say('compare.row', {
        table,
        oldRow: oldRow ?? '–',
        newRow: newRow ?? '–',
        field,
        old: old ?? '–',
        new: now ?? '–',
      }),
    ),
    ...changed.map(([name, one]) => say('compare.money', { name: say(`money.${name}`), ...one })),
  ];
}
