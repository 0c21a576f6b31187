import type { AnyRule } from '../../rule.ts';
import { identity } from './identity.ts';
import { stays } from './stays.ts';
import { supply } from './supply.ts';
import { transfers } from './transfers.ts';
import { visits } from './visits.ts';

export const rules: readonly AnyRule[] = [...identity, ...stays, ...transfers, ...visits, ...supply];
