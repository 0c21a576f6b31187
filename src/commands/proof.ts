import { countSettled } from '../billing/index.ts';
import { type ClaimChoices, claimChoices } from '../claims/index.ts';
import { currentLanguage, readConfig } from '../config.ts';
import { progressBar } from '../demo/progress.ts';
import { loadDirectory } from '../facilities/index.ts';
import { type MessageValues, text } from '../messages/index.ts';
import { type Database, SYSTEM_CONTEXT } from '../platform/database/index.ts';
import { addDays, instantAt } from '../platform/dates.ts';
import {
  differencesOf,
  loadStatementForm,
  PLACES,
  proveMoney,
  type UnreadableClaim,
  type VisitMoney,
} from '../reports/index.ts';
import { openDatabase } from '../runtime/databases.ts';
import { openEnvironment } from '../runtime/environment.ts';
import { sayElsewhere, untilDone, words } from './console.ts';
import { CommandFailure, explainFailure } from './failure.ts';

export interface ProofCommand {
  readonly date: string;
  readonly facility?: string;
  readonly json: boolean;
}

const t = (key: string, values?: MessageValues) => text(currentLanguage(), `money.${key}`, values);

/**
 * Compares the money of a day wherever it stands. Exit code 0: equal; 1: differences, printed visit by visit; 2: the
 * comparison could not be made.
 */
export async function proofMoney(options: ProofCommand): Promise<void> {
  try {
    const config = readConfig();
    await untilDone(async (stops) => {
      const environment = await openEnvironment(config, { stops, onElsewhere: sayElsewhere });
      const database = openDatabase(environment.urls.his_export, 2, () => undefined);
      stops.add(() => database.close());
      await prove(database, options, claimChoices(config));
    });
  } catch (error) {
    if (error instanceof CommandFailure) throw error;
    throw new CommandFailure(explainFailure(error, currentLanguage()).message, 2);
  }
}

async function prove(
  database: Database,
  { date, facility: code, json }: ProofCommand,
  choices: ClaimChoices,
): Promise<void> {
  const directory = await database.transaction(SYSTEM_CONTEXT, loadDirectory);
  const facility = code === undefined ? null : directory.byCode(code);
  if (facility === undefined) throw new CommandFailure(words('unknownFacility', { code: code ?? '' }), 2);
  const wanted = {
    from: instantAt(date),
    to: instantAt(addDays(date, 1)),
    facilityId: facility?.id ?? null,
  };
  const total = (await countSettled(database, wanted)).reduce((sum, { visits }) => sum + visits, 0);
  const bar = progressBar(t('comparing'), total);
  const counts = { visits: 0, documents: 0, different: 0 };
  if (json) process.stdout.write(`{"date":${JSON.stringify(date)},"differences":[`);
  await proveMoney(database, directory, { form: loadStatementForm(), choices }, wanted, (visit) => {
    counts.visits += 1;
    if ('money' in visit && visit.isDocument) counts.documents += 1;
    bar.add();
    const found = findingOf(visit);
    if (!found) return;
    if (json) process.stdout.write(`${counts.different > 0 ? ',' : ''}${JSON.stringify(found.json)}`);
    else process.stdout.write(found.text);
    counts.different += 1;
  }).finally(() => bar.stop());
  const isEqual = counts.different === 0;
  if (json) process.stdout.write(`],${JSON.stringify({ ...counts, equal: isEqual }).slice(1)}\n`);
  else if (isEqual)
    process.stdout.write(`${t(counts.visits > 0 ? 'equal' : 'nothing', { day: date, ...counts })}\n`);
  if (!isEqual) throw new CommandFailure(t('different', { day: date, ...counts }));
}

/** What is wrong with a visit, for a program and for a person; null when its money is equal everywhere. */
function findingOf(
  visit: VisitMoney | UnreadableClaim,
): { readonly json: object; readonly text: string } | null {
  const { encounterId, claimKey, facilityCode } = visit;
  const of = { encounterId, claimKey, facilityCode };
  const head = `${facilityCode} · ${encounterId} · ${claimKey}`;
  if ('finding' in visit) {
    const { finding } = visit;
    return { json: { ...of, finding }, text: `${head}\n${t('unreadable', { finding })}\n` };
  }
  const differences = differencesOf(visit);
  const parts = Object.entries(differences);
  if (parts.length === 0) return null;
  const lines = parts.map(([part, said]) => {
    const amounts = PLACES.map((place) => `${t(`place.${place}`)} ${said[place]}`).join(', ');
    return `${t('difference', { part: t(`part.${part}`), amounts })}\n`;
  });
  return { json: { ...of, isDocument: visit.isDocument, differences }, text: `${head}\n${lines.join('')}` };
}
