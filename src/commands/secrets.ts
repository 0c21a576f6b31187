import { readConfig } from '../config.ts';
import { type Progress, progressBar } from '../demo/progress.ts';
import { openDatabase } from '../runtime/databases.ts';
import { openEnvironment, secretBox } from '../runtime/environment.ts';
import { reseal } from '../runtime/reseal.repo.ts';
import { say, sayElsewhere, untilDone, words } from './console.ts';
import { CommandFailure } from './failure.ts';

/** Seals every secret of the database anew with the key in force. @throws CommandFailure when some open with no key */
export async function rotateSecrets(): Promise<void> {
  const config = readConfig();
  await untilDone(async (stops) => {
    const environment = await openEnvironment(config, { stops, onElsewhere: sayElsewhere });
    const database = openDatabase(environment.urls.his_owner, 1, () => undefined);
    stops.add(() => database.close());
    let bar: Progress | undefined;
    const { done, unreadable } = await reseal(database, secretBox(config), (seen, total) => {
      if (total === 0) return;
      bar ??= progressBar(words('secretsProgress'), total);
      bar.set(seen);
    }).finally(() => bar?.stop());
    const places = Object.entries(unreadable);
    if (places.length > 0) {
      const count = places.reduce((sum, [, one]) => sum + one, 0);
      const named = places.map(([place, one]) => `${place}: ${one}`).join(', ');
      throw new CommandFailure(words('secretsUnreadable', { count, places: named, done }));
    }
    if (done > 0) say('secretsRotated', { count: done });
    else say('secretsCurrent');
  });
}
