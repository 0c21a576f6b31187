/**
 * The tests that judge the law's code, as one suite, so that each mutant costs one start of jest. Not the properties:
 * what their random visits find must not decide whether a mutant counts as noticed.
 */
import '../../src/commands/benefit-cases/check.test.ts';
import '../../src/benefits/propose-route.test.ts';
import '../../src/benefits/policy-files.test.ts';
import '../../src/benefits/refusals.test.ts';
import '../../src/benefits/treatment-days.test.ts';
import '../../src/benefits/formulas.test.ts';
import '../../src/benefits/contract.test.ts';
import '../../src/benefits/explain.test.ts';
import '../../src/benefits/rulings.test.ts';
import '../properties/benefits-law.test.ts';
