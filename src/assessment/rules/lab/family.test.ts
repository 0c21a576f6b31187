// The whole suite runs the tests of a family in one file: loading all rules takes longer than trying some.
import './indicators.test.ts';
import './results.test.ts';
