// The whole suite runs the tests of a family in one file: loading all rules takes longer than trying some.
import './days.test.ts';
import './neighbours.test.ts';
import './review.test.ts';
