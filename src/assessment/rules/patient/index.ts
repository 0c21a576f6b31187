import type { AnyRule } from '../../rule.ts';
import { address } from './address.ts';
import { birth } from './birth.ts';
import { card } from './card.ts';
import { cardCodes } from './card-codes.ts';
import { cardPeriod } from './card-period.ts';
import { lookup } from './lookup.ts';
import { origin } from './origin.ts';
import { person } from './person.ts';
import { validity } from './validity.ts';
import { weight } from './weight.ts';

export const rules: readonly AnyRule[] = [
  ...person,
  ...birth,
  ...origin,
  ...address,
  ...weight,
  ...card,
  ...cardCodes,
  ...validity,
  ...cardPeriod,
  ...lookup,
];
