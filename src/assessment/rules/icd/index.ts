import { type AnyRule, causedBy } from '../../rule.ts';
import { codes } from './codes.ts';
import { national } from './national.ts';
import { pairs } from './pairs.ts';
import { patientFit } from './patient-fit.ts';
import { secondary } from './secondary.ts';

export const rules: readonly AnyRule[] = [
  ...causedBy('diagnosis', codes),
  ...causedBy('diagnosis', national),
  ...pairs,
  ...patientFit,
  ...secondary,
];
