// The whole suite runs the tests of a family in one file: loading all rules takes longer than trying some.
import './address.test.ts';
import './birth.test.ts';
import './card-codes.test.ts';
import './card-period.test.ts';
import './card.test.ts';
import './lookup.test.ts';
import './origin.test.ts';
import './person.test.ts';
import './validity.test.ts';
import './weight.test.ts';
