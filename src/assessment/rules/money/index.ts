import type { AnyRule } from '../../rule.ts';
import { lineAmounts } from './line-amounts.ts';
import { lineLimits } from './line-limits.ts';
import { lineShares } from './line-shares.ts';
import { review } from './review.ts';
import { totals } from './totals.ts';

export const rules: readonly AnyRule[] = [...lineAmounts, ...lineShares, ...lineLimits, ...totals, ...review];
