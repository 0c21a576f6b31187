import type { Law } from '../../benefits/index.ts';
import type { Catalogue } from '../../catalogues/index.ts';
import type { ClaimChoices } from '../../claims/index.ts';
import { selectingDate, type VisitRecord } from '../../encounters/index.ts';
import type { Directory, Facility } from '../../facilities/index.ts';
import { type LocalDate, localDateTime } from '../../platform/dates.ts';
import { builtInsOf } from '../built-ins.ts';
import type { Catalogues } from '../catalogues.ts';
import { checkerOf } from '../check.ts';
import type { Neighbours } from '../encounter.ts';
import { type InForce, rulesInForce, type Selected } from '../in-force.ts';
import type { AnyRule, BuiltIns, Claim, Stage } from '../rule.ts';
import type { RuleSetting } from '../settings.ts';
import { type Assessed, keptFindings } from './assessed.ts';
import { knownCatalogues } from './known-catalogues.ts';

/** What the rules are asked with: reference data of this process, the law, how rules are set, the time. */
export interface Assessing {
  readonly directory: Directory;
  readonly catalogue: Catalogue;
  readonly law: Law;
  readonly settings: readonly RuleSetting[];
  /** How claims are read where the sources of the tables disagree. */
  readonly choices: ClaimChoices;
  readonly now: Date;
  /** A rule that fails says nothing: never is it a reason to refuse what somebody saved. */
  readonly onFailure: (error: unknown) => void;
}

export type Here = Pick<Facility, 'id' | 'code'>;

/** A visit as it is judged. */
export interface Judged {
  readonly visit: VisitRecord;
  readonly claim: Claim;
}

/** The day that selects rules and catalogues: as for the code lists of the claim. */
export const dayOf = ({ encounter }: VisitRecord): LocalDate => selectingDate('codeLists', encounter);

export const inForceFor = ({ settings }: Assessing, here: Here, day: LocalDate): InForce =>
  rulesInForce(settings, here.id, day);

export const cataloguesFor = ({ directory, catalogue }: Assessing, here: Here, day: LocalDate): Catalogues =>
  knownCatalogues(directory, catalogue)(here, day);

/** Can the rule be asked here at all? The data of other claims is always there: the database has it. */
export const isAskable = (rule: AnyRule, catalogues: Catalogues): boolean =>
  (rule.needs ?? []).every((name) => OTHER_CLAIMS.has(name) || catalogues[name] !== undefined);
const OTHER_CLAIMS: ReadonlySet<string> = new Set(['other_encounters', 'other_facilities']);
const MANY_CLAIMS = 2;

/** Pure: what the rules say of one visit. @param selected those to ask; absent = all of the stage */
export function judge(
  stage: Stage,
  assessing: Assessing,
  here: Here,
  { visit, claim }: Judged,
  neighbours: () => Neighbours,
  selected?: Selected,
): Assessed {
  const day = dayOf(visit);
  const inForce = inForceFor(assessing, here, day);
  const { rules, speaking } = selected ?? inForce.at(stage);
  const failed = new Set<string>();
  const checker = checkerOf(
    {
      rules,
      builtIns: builtInsFor(assessing.law),
      catalogues: cataloguesFor(assessing, here, day),
      checkTime: localDateTime(assessing.now).slice(0, 16).replace(/\D/g, ''),
      onFailure: (error, rule) => {
        failed.add(rule);
        assessing.onFailure(error);
      },
    },
    MANY_CLAIMS,
  );
  const found = attempted(assessing, () => checker.claim(claim, day, neighbours()));
  return {
    encounterId: visit.encounter.id,
    patientId: visit.patient.id,
    visitVersion: visit.encounter.version,
    stage,
    rulesHash: inForce.hash,
    // What a rule found before stays while it fails: only of what was asked is anything cleared.
    asked: found ? without(speaking, failed) : NOTHING,
    findings: keptFindings(found ?? [], {
      claim,
      inForce,
      stage,
      speaks: (rule) => speaking.has(rule),
    }),
  };
}

const NOTHING: ReadonlySet<string> = new Set();
const without = (all: ReadonlySet<string>, some: ReadonlySet<string>): ReadonlySet<string> =>
  some.size === 0 ? all : new Set([...all].filter((one) => !some.has(one)));

/** What must not stop anybody's work. @returns null when it failed */
export function attempted<T>({ onFailure }: Pick<Assessing, 'onFailure'>, work: () => T): T | null {
  try {
    return work();
  } catch (error) {
    onFailure(error);
    return null;
  }
}

const builtIns = new WeakMap<Law, BuiltIns>();
function builtInsFor(law: Law): BuiltIns {
  const found = builtIns.get(law) ?? builtInsOf(law);
  builtIns.set(law, found);
  return found;
}
