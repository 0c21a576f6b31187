// The whole suite runs the tests of a family in one file: loading all rules takes longer than trying some.
import './class.test.ts';
import './disease.test.ts';
import './entitlement.test.ts';
import './exemption.test.ts';
import './facility.test.ts';
import './level.test.ts';
import './limits.test.ts';
import './papers.test.ts';
import './route.test.ts';
import './yearly.test.ts';
