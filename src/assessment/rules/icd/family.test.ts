// The whole suite runs the tests of a family in one file: loading all rules takes longer than trying some.
import './codes.test.ts';
import './national.test.ts';
import './pairs.test.ts';
import './patient-fit.test.ts';
import './secondary.test.ts';
