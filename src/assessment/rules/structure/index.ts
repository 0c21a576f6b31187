import type { AnyRule } from '../../rule.ts';
import { codes } from './codes.ts';
import { elements } from './elements.ts';
import { form } from './form.ts';
import { lengths } from './lengths.ts';
import { numbering } from './numbering.ts';
import { numbers } from './numbers.ts';
import { presence } from './presence.ts';
import { required } from './required.ts';

/** `presence` first: without XML1 no other rule looks at the claim. */
export const rules: readonly AnyRule[] = [
  ...presence,
  ...elements,
  ...numbering,
  ...required,
  ...lengths,
  ...form,
  ...codes,
  ...numbers,
];
