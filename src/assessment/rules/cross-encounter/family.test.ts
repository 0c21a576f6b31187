// The whole suite runs the tests of a family in one file: loading all rules takes longer than trying some.
import './identity.test.ts';
import './stays.test.ts';
import './visits.test.ts';
