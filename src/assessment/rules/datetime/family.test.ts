// The whole suite runs the tests of a family in one file: loading all rules takes longer than trying some.
import './form.test.ts';
import './length.test.ts';
import './neighbours.test.ts';
import './orders.test.ts';
import './pace.test.ts';
import './sending.test.ts';
import './sequence.test.ts';
import './stay.test.ts';
