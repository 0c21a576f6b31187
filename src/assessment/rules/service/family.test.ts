// The whole suite runs the tests of a family in one file: loading all rules takes longer than trying some.
import './catalogue.test.ts';
import './content.test.ts';
import './examination-count.test.ts';
import './machine.test.ts';
import './repetition.test.ts';
import './service.test.ts';
