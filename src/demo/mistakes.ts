import { ruleFacts } from '../assessment/index.ts';
import { claimKeyFor } from '../encounters/index.ts';
import type { ApiClient, Credential } from './client.ts';
import { type Mistake, PLANTED_RULES, type VisitPlan } from './visits/index.ts';

/** A visit that was recorded wrongly, as it is known beforehand. */
export interface Planted extends Mistake {
  readonly claimKey: string;
}

/** `claim rule`, for lists that are compared. */
export const toldOf = (claimKey: string, rule: string): string => `${claimKey} ${rule}`;

export const keyOf = ({ facilityCode, id }: Pick<VisitPlan, 'facilityCode' | 'id'>): string =>
  claimKeyFor(facilityCode, id);

/** Does an error keep the record of the visit from being sent? */
export const isHeld = ({ mistake }: VisitPlan): boolean => mistake?.severity === 'error';

/** What is wrong in the visits of the day, before anything is recorded. */
export function plantedIn(
  days: readonly { readonly visits: () => Iterable<VisitPlan> }[],
): readonly Planted[] {
  const planted: Planted[] = [];
  for (const day of days)
    for (const plan of day.visits())
      if (plan.mistake) planted.push({ ...plan.mistake, claimKey: keyOf(plan) });
  return planted;
}

/** What counts when the lists are compared: every error, and what only a planted mistake makes speak. */
export const counts = ({ rule, severity }: { readonly rule: string; readonly severity: string }): boolean =>
  severity === 'error' || PLANTED_RULES.includes(rule);

/** What the server keeps of all visits of the province. */
export async function foundAtServer(api: ApiClient, office: Credential): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (let cursor: string | null = ''; cursor !== null; ) {
    const answer = await api.call(
      'GET',
      `/api/v1/findings?limit=200${cursor && `&cursor=${cursor}`}`,
      office,
    );
    if (answer.status !== 200) throw new Error(`findings: ${answer.status} ${JSON.stringify(answer.body)}`);
    const { items, next } = answer.body as { items: readonly Stored[]; next: string | null };
    for (const one of items.filter(counts))
      found.add(toldOf(keyOf({ ...one, id: one.encounterId }), one.rule));
    cursor = next;
  }
  return found;
}

interface Stored extends Mistake {
  readonly facilityCode: string;
  readonly encounterId: VisitPlan['id'];
}

const less = (all: ReadonlySet<string>, others: ReadonlySet<string>): readonly string[] =>
  [...all].filter((one) => !others.has(one));

/** Both lists against each other: equal when nothing is left on either side. */
export interface Compared {
  readonly planted: number;
  /** Kept from being sent. */
  readonly held: number;
  /** Planted and not found, `claim rule`. */
  readonly missed: readonly string[];
  /** Found and not planted. */
  readonly unexpected: readonly string[];
}

/** @param found what the server keeps, and what the files that were sent show without any catalogue */
export function compared(
  planted: readonly Planted[],
  found: { readonly server: ReadonlySet<string>; readonly files: ReadonlySet<string> },
): Compared {
  const told = (some: readonly Planted[]) => new Set(some.map((one) => toldOf(one.claimKey, one.rule)));
  const needData = ruleFacts().flatMap(({ id, needs }) => (needs.length > 0 ? [id] : []));
  const sent = planted.filter(({ severity, rule }) => severity === 'warning' && !needData.includes(rule));
  const [atServer, inFiles] = [told(planted), told(sent)];
  return {
    planted: planted.length,
    held: planted.filter(({ severity }) => severity === 'error').length,
    missed: [...less(atServer, found.server), ...less(inFiles, found.files)],
    unexpected: [...less(found.server, atServer), ...less(found.files, inFiles)],
  };
}
