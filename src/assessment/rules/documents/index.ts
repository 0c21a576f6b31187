import type { AnyRule } from '../../rule.ts';
import { appointment } from './appointment.ts';
import { birthPaper } from './birth-paper.ts';
import { discharge } from './discharge.ts';
import { dischargePaper } from './discharge-paper.ts';
import { leaveDays } from './leave-days.ts';
import { leavePapers } from './leave-papers.ts';
import { noteCoverage } from './note-coverage.ts';
import { notes } from './notes.ts';
import { signer } from './signer.ts';
import { summary } from './summary.ts';
import { temporaryCard } from './temporary-card.ts';
import { transfer } from './transfer.ts';

export const rules: readonly AnyRule[] = [
  ...notes,
  ...noteCoverage,
  ...discharge,
  ...dischargePaper,
  ...summary,
  ...birthPaper,
  ...temporaryCard,
  ...leaveDays,
  ...leavePapers,
  ...transfer,
  ...appointment,
  ...signer,
];
