import { type AnyRule, causedBy } from '../../rule.ts';
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
  ...causedBy('person', person),
  ...causedBy('person', birth),
  ...causedBy('person', origin),
  ...causedBy('person', address),
  ...causedBy('person', weight),
  ...causedBy('person', card),
  ...causedBy('person', cardCodes),
  ...causedBy('person', validity),
  ...causedBy('person', cardPeriod),
  ...causedBy('person', lookup),
];
