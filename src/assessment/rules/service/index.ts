import { type AnyRule, causedBy } from '../../rule.ts';
import { catalogue } from './catalogue.ts';
import { code } from './code.ts';
import { content } from './content.ts';
import { examination } from './examination.ts';
import { examinationCount } from './examination-count.ts';
import { machine } from './machine.ts';
import { performance } from './performance.ts';
import { repetition } from './repetition.ts';

export const rules: readonly AnyRule[] = [
  ...causedBy('service', code),
  ...causedBy('service', catalogue),
  ...content,
  ...performance,
  ...causedBy('machine', machine),
  ...repetition,
  ...examination,
  ...examinationCount,
];
