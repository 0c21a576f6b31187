// The whole suite runs the tests of a family in one file: loading all rules takes longer than trying some.
import './line-amounts.test.ts';
import './line-limits.test.ts';
import './line-shares.test.ts';
import './review.test.ts';
import './totals.test.ts';
