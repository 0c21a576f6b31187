// The whole suite runs the tests of a family in one file: loading all rules takes longer than trying some.
import './catalogue.test.ts';
import './condition.test.ts';
import './days.test.ts';
import './dose.test.ts';
import './identity.test.ts';
import './source.test.ts';
import './together.test.ts';
