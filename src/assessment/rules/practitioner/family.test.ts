// The whole suite runs the tests of a family in one file: loading all rules takes longer than trying some.
import './attendance.test.ts';
import './day.test.ts';
import './known.test.ts';
import './rights.test.ts';
import './together.test.ts';
