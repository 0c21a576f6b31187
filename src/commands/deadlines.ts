import { currentLanguage, readConfig } from '../config.ts';
import {
  deadlineRules,
  listWaiting,
  type Radar,
  readRadar,
  type Stakes,
  URGENCIES,
  type WaitingView,
  workerContext,
} from '../exports/index.ts';
import { loadDirectory } from '../facilities/index.ts';
import { type MessageValues, text } from '../messages/index.ts';
import { localDateTime, systemClock } from '../platform/dates.ts';
import { money, moneyForPeople } from '../platform/money.ts';
import { openDatabase } from '../runtime/databases.ts';
import { openEnvironment } from '../runtime/environment.ts';
import { sayElsewhere, untilDone } from './console.ts';
import { CommandFailure } from './failure.ts';

const language = currentLanguage();
const say = (key: string, values?: MessageValues) => text(language, `deadlines.${key}`, values);
const MOST_FACILITIES = 20;
const MOST_VISITS = 20;

/**
 * Shows what the insurer still waits for, by the time that is left.
 * @throws CommandFailure (2) for a facility that is not there; (1) when something is overdue
 */
export async function deadlines(options: { facility?: string; json: boolean }): Promise<void> {
  const config = readConfig();
  const rules = deadlineRules(config.STRICTER_DEADLINE_FROM);
  await untilDone(async (stops) => {
    const environment = await openEnvironment(config, { stops, onElsewhere: sayElsewhere });
    const database = openDatabase(environment.urls.his_export, 2, () => undefined);
    stops.add(() => database.close());
    const context = workerContext(null, 'his-deadlines');
    const now = systemClock.now();
    const { radar, visits } = await database.transaction(context, async (tx) => {
      const facility = options.facility ? (await loadDirectory(tx)).byCode(options.facility) : null;
      if (facility === undefined) throw new CommandFailure(say('noFacility', { code: options.facility! }), 2);
      const facilityId = facility?.id ?? null;
      const wanted = { facilityId, after: null, limit: MOST_VISITS };
      return {
        radar: await readRadar(tx, facilityId, rules, now),
        visits: await listWaiting(tx, wanted, rules, now),
      };
    });
    const lines = options.json
      ? [JSON.stringify({ at: now.toISOString(), ...radar, items: visits })]
      : linesOf(radar, visits);
    process.stdout.write(`${lines.join('\n')}\n`);
    const { count } = radar.total.overdue;
    if (count > 0) throw new CommandFailure(say('overdue', { count }));
  });
}

function linesOf({ total, facilities }: Radar, visits: readonly WaitingView[]): string[] {
  const more = facilities.length - MOST_FACILITIES;
  return [
    stakesLine(say('total'), total),
    ...facilities.slice(0, MOST_FACILITIES).map((one) => stakesLine(one.facilityCode, one)),
    ...(more > 0 ? [say('more', { count: more })] : []),
    ...(visits.length > 0 ? [say('oldest')] : []),
    ...visits.map((visit) =>
      say('visit', {
        id: visit.encounterId,
        facility: visit.facilityCode,
        deadline: localDateTime(visit.deadline).slice(0, 16).replace('T', ' '),
        why: visit.obstacle ? `${say('why.obstacle')} (${visit.obstacle})` : say(`why.${visit.why}`),
      }),
    ),
  ];
}

const stakesLine = (name: string, stakes: Stakes): string =>
  say('line', {
    name,
    ...Object.fromEntries(URGENCIES.map((urgency) => [urgency, stakes[urgency].count])),
    money: moneyForPeople(money(stakes.overdue.insurerPays).plus(money(stakes.day.insurerPays)), language),
  });
