import { listRules, listVersions, type RuleView, type SettingVersion } from '../assessment/server.ts';
import { currentLanguage, readConfig } from '../config.ts';
import { loadDirectory } from '../facilities/index.ts';
import { text } from '../messages/index.ts';
import { SYSTEM_CONTEXT, SYSTEM_USER, type Transaction } from '../platform/database/index.ts';
import { localDate } from '../platform/dates.ts';
import type { Id } from '../platform/ids.ts';
import { sayElsewhere, untilDone, words } from './console.ts';
import { CommandFailure } from './failure.ts';

export interface RulesOptions {
  /** Code; absent = as the province has them. */
  readonly facility?: string;
  readonly date?: string;
  readonly json: boolean;
}

/** How every rule is asked of claims of a day. */
export async function rulesList(options: RulesOptions): Promise<void> {
  await withRules(options, async (tx, facilityId, day) => {
    const rules = await listRules(tx, facilityId, day, new Date());
    print(options.json, { day, facility: options.facility ?? null, rules: rules.map(asJson) }, () =>
      rules.map(row),
    );
  });
}

/** One rule: what it says, how it is asked, and every version of its setting. */
export async function rulesShow(id: string, options: RulesOptions): Promise<void> {
  await withRules(options, async (tx, facilityId, day) => {
    const rule = (await listRules(tx, facilityId, day, new Date())).find(({ fact }) => fact.id === id);
    if (!rule) throw new CommandFailure(words('unknownRule', { id }), 2);
    const versions = rule.isOfFiles ? [] : await listVersions(tx, facilityId, id);
    print(options.json, { ...asJson(rule), settings: versions }, () => [
      row(rule),
      `  ${text(currentLanguage(), `rules.${id}`)}`,
      `  ${JSON.stringify(rule.standing.params)} ${JSON.stringify(rule.standing.exempt)}`,
      ...versions.map(versionRow),
    ]);
  });
}

const asJson = ({ fact, standing, setBy, figure }: RuleView) => {
  const { id, group, severity, stage } = fact;
  return { id, group, severity, stage, ...standing, setBy, ...figure };
};

function row({ fact: { id, stage }, standing, setBy, figure }: RuleView): string {
  const effect = words(`rules.effect.${standing.isEnabled ? standing.effect : 'off'}`);
  return `${id.padEnd(38)} ${stage.padEnd(10)} ${effect.padEnd(10)} ${words(`rules.setBy.${setBy}`).padEnd(9)} ${figure.hits}`;
}

function versionRow(version: SettingVersion): string {
  const { facilityId, number, validFrom, validTo, isEnabled, effect, params, setByName, setAt, reason } =
    version;
  const level = words(`rules.setBy.${facilityId === null ? 'province' : 'facility'}`);
  const said = JSON.stringify({ isEnabled, effect, params });
  return `  ${level} ${number}  ${validFrom}…${validTo ?? ''}  ${said}  ${setAt.slice(0, 10)} ${setByName ?? '–'}: ${reason}`;
}

function print(json: boolean, document: object, lines: () => readonly string[]): void {
  process.stdout.write(json ? `${JSON.stringify(document)}\n` : `${lines().join('\n')}\n`);
}

async function withRules(
  { facility, date }: RulesOptions,
  work: (tx: Transaction, facilityId: Id | null, day: string) => Promise<void>,
): Promise<void> {
  const config = readConfig();
  await untilDone(async (stops) => {
    const { openEnvironment } = await import('../runtime/environment.ts');
    const { openDatabase } = await import('../runtime/databases.ts');
    const environment = await openEnvironment(config, { stops, onElsewhere: sayElsewhere });
    const database = openDatabase(environment.urls.his_app, 1, () => undefined);
    try {
      const directory = await database.transaction(SYSTEM_CONTEXT, loadDirectory);
      const found = facility === undefined ? null : directory.byCode(facility);
      if (found === undefined) throw new CommandFailure(words('unknownFacility', { code: facility ?? '' }));
      const reach = found ? ('facility' as const) : ('province' as const);
      const context = {
        userId: SYSTEM_USER,
        facilityId: found?.id ?? null,
        reach,
        purpose: 'rules',
        requestId: 'rules',
      };
      await database.transaction(context, (tx) => work(tx, found?.id ?? null, date ?? localDate(new Date())));
    } finally {
      await database.close();
    }
  });
}
