import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { type Law, loadPolicy, PolicyFileError } from '../benefits/index.ts';
import {
  type Circumstances,
  changeText,
  countSettled,
  isChanged,
  PARTS,
  pricesFrom,
  repriceSettled,
  type Settled,
  type VisitWhatIf,
} from '../billing/index.ts';
import { currentLanguage, readConfig } from '../config.ts';
import { progressBar } from '../demo/progress.ts';
import { loadDirectory } from '../facilities/index.ts';
import { type MessageValues, text } from '../messages/index.ts';
import { type Database, SYSTEM_CONTEXT } from '../platform/database/index.ts';
import { instantAt } from '../platform/dates.ts';
import { add, type Money, moneyForPeople, moneyText, zero } from '../platform/money.ts';
import { openDatabase } from '../runtime/databases.ts';
import { openEnvironment } from '../runtime/environment.ts';
import { readPriceFile } from '../seed/index.ts';
import { sayElsewhere, untilDone, words } from './console.ts';
import { CommandFailure } from './failure.ts';

export interface WhatIfCommand {
  readonly visit?: string;
  readonly month?: string;
  readonly facility?: string;
  readonly policy?: string;
  readonly prices?: string;
  readonly json: boolean;
}

const t = (key: string, values?: MessageValues) => text(currentLanguage(), `money.${key}`, values);

/** Sums of one part over all visits that could be judged. */
interface Sums {
  stored: Money;
  repriced: Money;
}

/** Prices settled visits under another law or other prices and shows what would change. Writes nothing. */
export async function billingWhatIf(options: WhatIfCommand): Promise<void> {
  if ((options.visit === undefined) === (options.month === undefined))
    throw new CommandFailure(t('visitOrMonth'), 2);
  const circumstances = { law: lawOf(options.policy), prices: pricesOf(options.prices) };
  const config = readConfig();
  await untilDone(async (stops) => {
    const environment = await openEnvironment(config, { stops, onElsewhere: sayElsewhere });
    const database = openDatabase(environment.urls.his_export, 2, () => undefined);
    stops.add(() => database.close());
    await show(database, options, circumstances);
  });
}

async function show(database: Database, options: WhatIfCommand, circumstances: Circumstances): Promise<void> {
  const directory = await database.transaction(SYSTEM_CONTEXT, loadDirectory);
  const facility = options.facility === undefined ? null : directory.byCode(options.facility);
  if (facility === undefined)
    throw new CommandFailure(words('unknownFacility', { code: options.facility ?? '' }), 2);
  const wanted = { ...periodOf(options), facilityId: facility?.id ?? null };
  const total = (await countSettled(database, wanted)).reduce((sum, { visits }) => sum + visits, 0);
  if (total === 0 && options.visit) throw new CommandFailure(t('noSuchVisit'), 2);
  const bar = options.month ? progressBar(t('repricing'), total) : null;
  const sums = new Map(PARTS.map((part) => [part as string, { stored: zero, repriced: zero } as Sums]));
  const counts = { visits: 0, changed: 0, refused: 0 };
  const out = options.json ? jsonReport(circumstances.law) : textReport();
  out.begin();
  await repriceSettled(database, directory, wanted, circumstances, (visit) => {
    counts.visits += 1;
    bar?.add();
    const { result } = visit;
    if (result.kind === 'refused') counts.refused += 1;
    else {
      for (const [part, { stored, repriced }] of Object.entries(result.parts)) {
        const sum = sums.get(part)!;
        sum.stored = add(sum.stored, stored);
        sum.repriced = add(sum.repriced, repriced);
      }
      if (!Object.values(result.parts).some(isChanged)) {
        if (options.visit) out.visit(visit);
        return;
      }
      counts.changed += 1;
    }
    out.visit(visit);
  }).finally(() => bar?.stop());
  out.end(counts, sums);
}

interface Report {
  begin(): void;
  visit(visit: VisitWhatIf): void;
  end(counts: Readonly<Record<string, number>>, sums: ReadonlyMap<string, Sums>): void;
}

/** One JSON document, written while it is made: a month does not fit into memory. */
function jsonReport(law: Law): Report {
  let isFirst = true;
  return {
    begin: () => void process.stdout.write(`{"policyVersion":${JSON.stringify(law.version)},"visits":[`),
    visit(visit) {
      const { result, ...of } = visit;
      const shown =
        result.kind === 'refused'
          ? { ...of, refused: result.problem }
          : { ...of, linesRepriced: result.linesRepriced, parts: partsJson(Object.entries(result.parts)) };
      process.stdout.write(`${isFirst ? '' : ','}${JSON.stringify(shown)}`);
      isFirst = false;
    },
    end: (counts, sums) =>
      void process.stdout.write(
        `],"counts":${JSON.stringify(counts)},"total":${JSON.stringify(partsJson(sums))}}\n`,
      ),
  };
}

function partsJson(parts: Iterable<readonly [string, { readonly stored: Money; readonly repriced: Money }]>) {
  return Object.fromEntries(
    [...parts].map(([part, both]) => [
      part,
      { stored: moneyText(both.stored), repriced: moneyText(both.repriced), difference: changeText(both) },
    ]),
  );
}

function textReport(): Report {
  const language = currentLanguage();
  const shown = (amount: Money) => moneyForPeople(amount, language);
  const rows = (parts: Iterable<readonly [string, Sums]>, all: boolean) =>
    [...parts]
      .filter(([, both]) => all || isChanged(both))
      .map(([part, { stored, repriced }]) => {
        const change = repriced.minus(stored);
        const sign = change.gt(zero) ? '+' : '';
        return `  ${t(`part.${part}`).padEnd(26)}${shown(stored).padStart(22)} → ${shown(repriced).padStart(22)}  ${sign}${shown(change)}\n`;
      })
      .join('');
  return {
    begin: () => undefined,
    visit({ encounterId, claimKey, facilityCode, version, result }) {
      const head = t('visit', { facility: facilityCode, id: encounterId, claimKey, version });
      const body =
        result.kind === 'refused'
          ? `  ${t('refused', { problem: text(language, `problem.${result.problem}.title`) })}\n`
          : rows(Object.entries(result.parts), false) || `  ${t('same')}\n`;
      process.stdout.write(`${head}\n${body}`);
    },
    end(counts, sums) {
      process.stdout.write(`${t('whatIfTotal', counts)}\n${rows(sums, true)}`);
    },
  };
}

const EVER = { from: '0001-01-01T00:00:00Z', to: '9999-12-31T00:00:00Z' };

function periodOf({ visit, month }: WhatIfCommand): Omit<Settled, 'facilityId'> {
  if (visit !== undefined) return { ...EVER, encounterId: visit };
  const [year = 0, number = 0] = (month ?? '').split('-').map(Number);
  const next = number === 12 ? `${year + 1}-01` : `${year}-${String(number + 1).padStart(2, '0')}`;
  return { from: instantAt(`${month}-01`), to: instantAt(`${next}-01`) };
}

/** @throws CommandFailure for a folder that is no policy */
function lawOf(dir: string | undefined): Law {
  if (dir === undefined) return loadPolicy();
  if (!existsSync(dir)) throw new CommandFailure(t('noFolder', { dir }), 2);
  try {
    return loadPolicy(pathToFileURL(`${dir}/`));
  } catch (error) {
    if (error instanceof PolicyFileError) throw new CommandFailure(error.message, 2);
    throw error;
  }
}

/** @throws CommandFailure naming each line that is not as required */
function pricesOf(path: string | undefined): Circumstances['prices'] {
  if (path === undefined) return null;
  const { items, problems } = readPriceFile(pathToFileURL(path));
  if (problems.length === 0) return pricesFrom(items);
  const lines = problems.slice(0, 20).map(({ message, values }) => text(currentLanguage(), message, values));
  throw new CommandFailure(lines.join('\n'), 2);
}
