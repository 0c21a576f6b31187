import { DEFAULT_RULES } from './check.ts';
import { FILE_RULES } from './envelope.ts';
import type { AnyRule } from './rule.ts';
import { ALL_RULES } from './rules/index.ts';

/** Which rules are asked, and which of them speak. */
export interface Selection {
  /** With those that silence them: a rule says nothing where one above it would speak, whether that is shown or not. */
  readonly rules: readonly AnyRule[];
  /** Of those that judge files before there is a claim. */
  readonly fileRules: readonly string[];
  readonly isAsked: (rule: string) => boolean;
}

export class UnknownRule extends Error {
  readonly id: string;

  constructor(id: string) {
    super(`no rule ${id}`);
    this.name = 'UnknownRule';
    this.id = id;
  }
}

/** @param ids of the only rules to ask; all that are on by default otherwise. @throws UnknownRule */
export function selectRules(ids?: readonly string[]): Selection {
  if (ids === undefined) {
    const fileRules = FILE_RULES.filter(({ isOffByDefault }) => !isOffByDefault).map(({ id }) => id);
    return { rules: DEFAULT_RULES, fileRules, isAsked: () => true };
  }
  const byId = new Map(ALL_RULES.map((one) => [one.id, one]));
  const ofFiles = new Set(FILE_RULES.map(({ id }) => id));
  const wanted = new Set<string>();
  const want = (id: string): void => {
    if (wanted.has(id)) return;
    wanted.add(id);
    for (const parent of byId.get(id)?.parents ?? []) want(parent);
  };
  for (const id of ids) {
    if (!byId.has(id) && !ofFiles.has(id)) throw new UnknownRule(id);
    want(id);
  }
  // Without exactly one XML1 nothing is said of a claim; what could not be read is always said.
  want('STR_XML1_PRESENT');
  return {
    rules: ALL_RULES.filter(({ id }) => wanted.has(id)),
    fileRules: ids.filter((id) => ofFiles.has(id)),
    isAsked: (rule) => ids.includes(rule) || ofFiles.has(rule),
  };
}
