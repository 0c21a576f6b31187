import type { Law } from '../benefits/index.ts';
import { explainVisit, type VisitExplanation } from '../billing/index.ts';
import { readConfig } from '../config.ts';
import { workerContext } from '../exports/index.ts';
import { loadDirectory } from '../facilities/index.ts';
import { SYSTEM_CONTEXT } from '../platform/database/index.ts';
import { openDatabase } from '../runtime/databases.ts';
import { openEnvironment } from '../runtime/environment.ts';
import { sayElsewhere, untilDone, words } from './console.ts';
import { CommandFailure } from './failure.ts';

/**
 * A chart is seen by its own facility only, so the facilities are asked one after the other, unless the one is named.
 * @param facility code of the facility; null = not known
 */
export async function findVisit(
  id: string,
  facility: string | null,
  law: Law,
): Promise<VisitExplanation | null> {
  let found: VisitExplanation | null = null;
  await untilDone(async (stops) => {
    const environment = await openEnvironment(readConfig(), { stops, onElsewhere: sayElsewhere });
    const database = openDatabase(environment.urls.his_export, 1, () => undefined);
    stops.add(() => database.close());
    const directory = await database.transaction(SYSTEM_CONTEXT, loadDirectory);
    const known = facility === null ? directory.facilities : [directory.byCode(facility)];
    for (const one of known) {
      if (!one) throw new CommandFailure(words('unknownFacility', { code: facility ?? '' }), 2);
      const context = { ...workerContext(one.id, 'his-benefits-explain'), purpose: 'benefit-explanation' };
      found = await database.transaction(context, (tx) => explainVisit(tx, law, one.id, id));
      if (found) return;
    }
  });
  return found;
}
