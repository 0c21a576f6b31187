import { setTimeout as sleep } from 'node:timers/promises';
import { loadCatalogue } from '../catalogues/index.ts';
import { findClaimByKey } from '../claims/index.ts';
import { currentLanguage, readConfig } from '../config.ts';
import { type CorrectionTask, listTasks, remedyOf } from '../exports/index.ts';
import { type Directory, type Facility, loadDirectory } from '../facilities/index.ts';
import {
  askLookup,
  type CatalogueForm,
  listPapers,
  type PaperDecision,
  type PaperState,
  type PaperView,
  readInsurerSetting,
  readLookup,
  readMonth,
  readPaper,
  resolvePaper,
  setInsurerSetting,
  submitAdjustment,
  submitCatalogues,
  submitMonth,
} from '../insurer/index.ts';
import { text } from '../messages/index.ts';
import { type Database, SYSTEM_USER, type Transaction } from '../platform/database/index.ts';
import { Problem } from '../platform/problem.ts';
import { openDatabase } from '../runtime/databases.ts';
import { openEnvironment } from '../runtime/environment.ts';
import { say, sayElsewhere, untilDone, words } from './console.ts';
import { CommandFailure } from './failure.ts';

const LOOK_EVERY_MS = 250;
const ACTING = { userId: SYSTEM_USER, purpose: 'insurer', requestId: 'his-insurer' } as const;

interface Place {
  readonly facility: string;
  readonly json: boolean;
}

/** Asks about a card and waits for the answer, which a worker fetches. */
export async function insurerLookUp(
  kind: 'card' | 'copay',
  options: Place & { readonly card: string; readonly name: string; readonly birth: string },
): Promise<void> {
  await atFacility(options.facility, async (inTransaction, { facility }) => {
    const { card, name, birth } = options;
    const wish = { kind, card, name, birth, encounterId: null };
    const { id } = await inTransaction((tx) => askLookup(tx, facility.id, wish, new Date()));
    const endsAt = Date.now() + readConfig().CARD_LOOKUP_WAIT_MS;
    let view = await inTransaction((tx) => readLookup(tx, facility.id, id));
    while (view.state === 'waiting' && Date.now() < endsAt) {
      await sleep(LOOK_EVERY_MS);
      view = await inTransaction((tx) => readLookup(tx, facility.id, id));
    }
    if (options.json) return print(view);
    const { state, verdict, code, trouble, details } = view;
    const said = state === 'answered' ? `${kind}.${verdict}` : state === 'waiting' ? 'waiting' : 'notChecked';
    process.stdout.write(`${text(currentLanguage(), `insurer.${said}`)} (${code ?? trouble ?? state})\n`);
    if (details) process.stdout.write(`${JSON.stringify(details, null, 2)}\n`);
  });
}

/** Hands in what has changed of a facility's catalogues. */
export async function insurerCatalogues(
  options: Place & { readonly form?: readonly CatalogueForm[] },
): Promise<void> {
  await atFacility(options.facility, async (inTransaction, { facility, directory }) => {
    const papers = await inTransaction(async (tx) => {
      const catalogue = await loadCatalogue(tx);
      return submitCatalogues(tx, facility, { directory, catalogue }, new Date(), options.form);
    });
    if (options.json) return print({ papers });
    if (papers.length === 0) say('insurer.nothingChanged');
    for (const { form, rows, paperId } of papers) process.stdout.write(`${form}\t${rows}\t${paperId}\n`);
  });
}

/** Hands in the summary of a month, or shows what would stand in it. @param options.month `YYYY-MM` */
export async function insurerMonth(
  options: Place & { readonly month: string; readonly preview: boolean },
): Promise<void> {
  const period = options.month.replace('-', '');
  await atFacility(options.facility, async (inTransaction, { facility }) => {
    const month = await inTransaction((tx) => readMonth(tx, facility.id, period));
    const paperId = options.preview
      ? null
      : await inTransaction((tx) => submitMonth(tx, facility, period, new Date()));
    if (options.json) return print({ period, ...month, paperId });
    process.stdout.write(`${words('insurer.records', { records: month.records })}\n`);
    for (const [name, sum] of Object.entries(month.sums)) process.stdout.write(`${name}\t${sum}\n`);
    if (paperId) process.stdout.write(`${paperId}\n`);
  });
}

/** Shows how a facility asks the insurer; with an option, sets that first. */
export async function insurerSetting(
  options: Place & {
    readonly staff?: string;
    readonly staffId?: string;
    readonly askResults?: 'on' | 'off';
  },
): Promise<void> {
  const { staff: name, staffId: nationalId, askResults } = options;
  if ((name === undefined) !== (nationalId === undefined))
    throw new CommandFailure(words('insurer.staffBoth'), 2);
  const change = {
    ...(name && nationalId ? { staff: { name, nationalId } } : {}),
    ...(askResults ? { asksResults: askResults === 'on' } : {}),
  };
  await atFacility(options.facility, async (inTransaction, { facility }) => {
    const setting = await inTransaction(async (tx) => {
      const before = await readInsurerSetting(tx, facility.id);
      if (Object.keys(change).length === 0) return before;
      return setInsurerSetting(tx, facility.id, { ...before, ...change }, new Date());
    });
    if (options.json) return print(setting);
    const { staff, copay, asksResults } = setting;
    for (const [name, value] of [
      ['staff', staff ? `${staff.name} ${staff.nationalId}` : '–'],
      ['copay', `${copay.repeatMinutes} min, ${copay.dailyLimit}/day`],
      ['askResults', asksResults ? 'on' : 'off'],
    ])
      process.stdout.write(`${name}\t${value}\n`);
  });
}

/** Hands in form 09/BH for a claim that was assessed and corrected since. */
export async function insurerAdjust(
  claimKey: string,
  options: Place & { readonly reason: string },
): Promise<void> {
  await atFacility(options.facility, async (inTransaction, { facility }) => {
    const paper = await inTransaction(async (tx) => {
      const task = await adjustmentTask(tx, facility.id, claimKey);
      const id = await submitAdjustment(tx, task.id, options.reason, new Date());
      return readPaper(tx, facility.id, id);
    });
    if (options.json) return print(paper);
    process.stdout.write(`${paper.id}\t${paper.state}\n`);
  });
}

async function adjustmentTask(
  tx: Transaction,
  facilityId: string,
  claimKey: string,
): Promise<CorrectionTask> {
  const claim = await findClaimByKey(tx, claimKey);
  if (!claim) throw new Problem('not-found', { what: 'claim' });
  const { encounterId } = claim;
  const all = { before: null, assignedTo: null, after: null, limit: 200 };
  const open = await listTasks(tx, { facilityId, isOpen: true, encounterId, ...all });
  const task = open.find(({ cause, history }) => remedyOf(cause, history) === 'form-09BH');
  if (!task) throw new Problem('correction-no-form');
  return task;
}

/** Papers, the newest first; of one facility or of all. */
export async function insurerPapers(options: {
  readonly facility?: string;
  readonly state?: PaperState;
  readonly json: boolean;
}): Promise<void> {
  const state = options.state ?? null;
  const shown = (papers: readonly PaperView[]) => {
    if (options.json) return print({ papers });
    if (papers.length === 0) say('insurer.noPapers');
    for (const paper of papers)
      process.stdout.write(
        `${[paper.facilityCode, paper.id, paper.kind, paper.period ?? '', paper.state, paper.cause ?? ''].join('\t')}\n`,
      );
  };
  if (options.facility)
    return atFacility(options.facility, async (inTransaction, { facility }) =>
      shown(await inTransaction((tx) => listPapers(tx, facility.id, state))),
    );
  await withDatabase(async (database) => {
    const province = { ...ACTING, facilityId: null, reach: 'province' } as const;
    shown(await database.transaction(province, (tx) => listPapers(tx, null, state)));
  });
}

/** What a person saw at the portal about a paper whose answer was lost. */
export async function insurerResolve(
  id: string,
  options: Place & {
    readonly as: 'resend' | 'received';
    readonly number?: string;
    readonly reason: string;
  },
): Promise<void> {
  const { reason, number } = options;
  if (options.as === 'received' && !number) throw new CommandFailure(words('insurer.numberMissing'), 2);
  const decision: PaperDecision =
    options.as === 'received'
      ? { decision: 'received', reason, transactionId: number ?? '' }
      : { decision: 'resend', reason };
  await atFacility(options.facility, async (inTransaction, { facility }) => {
    const paper = await inTransaction((tx) => resolvePaper(tx, facility.id, id, decision, new Date()));
    if (options.json) return print(paper);
    process.stdout.write(`${paper.id}\t${paper.state}\n`);
  });
}

type InTransaction = <T>(work: (tx: Transaction) => Promise<T>) => Promise<T>;

async function atFacility(
  code: string,
  work: (
    inTransaction: InTransaction,
    place: { readonly facility: Facility; readonly directory: Directory },
  ) => Promise<void>,
): Promise<void> {
  await withDatabase(async (database) => {
    const province = { ...ACTING, facilityId: null, reach: 'province' } as const;
    const directory = await database.transaction(province, loadDirectory);
    const facility = directory.byCode(code);
    if (!facility) throw new CommandFailure(words('unknownFacility', { code }));
    const acting = { ...ACTING, facilityId: facility.id, reach: 'facility' } as const;
    await work((inside) => database.transaction(acting, inside), { facility, directory });
  });
}

async function withDatabase(work: (database: Database) => Promise<void>): Promise<void> {
  const config = readConfig();
  await untilDone(async (stops) => {
    const environment = await openEnvironment(config, { stops, onElsewhere: sayElsewhere });
    const database = openDatabase(environment.urls.his_app, 2, () => undefined);
    stops.add(() => database.close());
    try {
      await work(database);
    } catch (error) {
      throw error instanceof Problem ? refused(error) : error;
    }
  });
}

/** A refusal in the words that the API would use. */
function refused({ type, values }: Problem): CommandFailure {
  const language = currentLanguage();
  const { what } = values;
  const named = what === undefined ? values : { ...values, what: text(language, `problem.what.${what}`) };
  return new CommandFailure(text(language, `problem.${type}.detail`, named));
}

const print = (value: unknown): void => void process.stdout.write(`${JSON.stringify(value)}\n`);
