import { type AnyRule, causedBy } from '../../rule.ts';
import { attendance } from './attendance.ts';
import { day } from './day.ts';
import { known } from './known.ts';
import { rights } from './rights.ts';
import { together } from './together.ts';

export const rules: readonly AnyRule[] = [
  ...causedBy('practitioner', known),
  ...causedBy('practitioner', rights),
  ...causedBy('practitioner', attendance),
  ...causedBy('practitioner', together),
  ...causedBy('practitioner', day),
];
