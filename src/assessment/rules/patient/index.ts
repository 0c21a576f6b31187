import type { AnyRule } from '../../rule.ts';
import { birth } from './birth.ts';
import { card } from './card.ts';
import { origin } from './origin.ts';
import { validity } from './validity.ts';

export const rules: readonly AnyRule[] = [...birth, ...origin, ...card, ...validity];
