import { EDITION_IDS, type EditionId } from './editions.ts';

type CeilingOf = 'item' | 'package';

/** Where the sources of the tables disagree (claim tables, section 11): how we read them. */
export interface ClaimChoices {
  /** What `T_TRANTT` of XML3 holds: the ceiling of one supply item, or that of all supplies of a package. */
  readonly supplyCeiling: Readonly<Record<EditionId, CeilingOf>>;
  /** What `T_BHTT` of XML1 holds: the sum of the rows, or insured cost less co-payment as the annex writes. */
  readonly insurerShare: 'rows' | 'subtraction';
}

export const DEFAULT_CHOICES: ClaimChoices = {
  supplyCeiling: { '130': 'package', '4750': 'package', '3176': 'item', '1931': 'item' },
  insurerShare: 'rows',
};

/** The settings that choose. */
export interface ChoiceSettings {
  readonly CLAIM_SUPPLY_CEILING: 'edition' | CeilingOf;
  readonly CLAIM_INSURER_SHARE: ClaimChoices['insurerShare'];
}

export function claimChoices({ CLAIM_SUPPLY_CEILING, CLAIM_INSURER_SHARE }: ChoiceSettings): ClaimChoices {
  return {
    supplyCeiling:
      CLAIM_SUPPLY_CEILING === 'edition'
        ? DEFAULT_CHOICES.supplyCeiling
        : (Object.fromEntries(
            EDITION_IDS.map((id) => [id, CLAIM_SUPPLY_CEILING]),
          ) as ClaimChoices['supplyCeiling']),
    insurerShare: CLAIM_INSURER_SHARE,
  };
}
