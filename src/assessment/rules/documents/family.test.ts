// The whole suite runs the tests of a family in one file: loading all rules takes longer than trying some.
import './appointment.test.ts';
import './birth-paper.test.ts';
import './discharge-paper.test.ts';
import './documents.test.ts';
import './leave-days.test.ts';
import './leave-papers.test.ts';
import './note-coverage.test.ts';
import './signer.test.ts';
import './summary.test.ts';
import './temporary-card.test.ts';
import './transfer.test.ts';
