// The whole suite runs the tests of a family in one file: loading all rules takes longer than trying some.
import './catalogue.test.ts';
import './supplies.test.ts';
import './use.test.ts';
