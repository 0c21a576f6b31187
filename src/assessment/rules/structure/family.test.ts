// The whole suite runs the tests of a family in one file: loading all rules takes longer than trying some.
import './codes.test.ts';
import './elements.test.ts';
import './form.test.ts';
import './numbering.test.ts';
import './numbers.test.ts';
import './presence.test.ts';
import './required.test.ts';
