import { type Decimal, decimal } from '../../../platform/money.ts';
import { type Encounter, SAME_PERSON } from '../../encounter.ts';
import { papersOf } from '../../projection.ts';
import { type AnyRule, comparable, inTable, number, rule, value } from '../../rule.ts';
import { givenBefore } from './pairs.ts';

/** đồng */
const TOLERANCE = '2';

const areNear = (a: Decimal | null, b: Decimal | null, tol: string) =>
  a !== null && b !== null && a.minus(b).abs().lte(decimal(tol));
const amount = (text: string) => number({ text }, 'text');

/** The same visit written twice; a blank among what is compared = it cannot be told. */
export function isDuplicate(a: Encounter, b: Encounter, tol: string = TOLERANCE): boolean {
  const same = (read: (one: Encounter) => string | null) => Boolean(read(a)) && read(a) === read(b);
  return (
    same(({ facility }) => facility) &&
    same(({ name }) => comparable(name)) &&
    same(({ arrival }) => arrival) &&
    same(({ leave }) => leave) &&
    same(({ diagnosis }) => diagnosis) &&
    areNear(amount(a.cost), amount(b.cost), tol) &&
    areNear(amount(a.insured), amount(b.insured), tol)
  );
}

const birthYear = ({ birth }: Encounter) => birth.slice(0, 4);
const differ = (a: string, b: string) => a !== '' && b !== '' && a !== b;
const haveOtherName = (a: Encounter, b: Encounter) => differ(comparable(a.name), comparable(b.name));

/** Records, numbers and cards that two claims must not share. */
export const identity: readonly AnyRule[] = [
  rule({
    id: 'XENC_DUPLICATE_CLAIM',
    severity: 'error',
    stage: 'export',
    needs: ['other_encounters'],
    params: { tol: TOLERANCE, samePerson: SAME_PERSON },
    check: (_, { tol, samePerson }, { neighbours }) => {
      const earlier = givenBefore(neighbours, samePerson);
      if (earlier.length === 0) return 'not-applicable';
      const other = earlier.find((one) => isDuplicate(neighbours.self, one, tol));
      return other ? [inTable('XML1', 'MA_LK', { other: other.key })] : [];
    },
  }),
  rule({
    id: 'XENC_MA_LK_REUSED',
    severity: 'error',
    stage: 'export',
    needs: ['other_encounters'],
    parents: ['STR_DUPLICATE_HOSO'],
    params: {},
    check: (_, __, { neighbours: { self, withKey } }) => {
      const earlier = withKey().filter(({ position }) => position < self.position);
      if (self.key === '' || earlier.length === 0) return 'not-applicable';
      const isOther = (one: Encounter) =>
        differ(one.patient, self.patient) || differ(one.arrival ?? '', self.arrival ?? '');
      return earlier.some(isOther) ? [inTable('XML1', 'MA_LK', { value: self.key })] : [];
    },
  }),
  // Within the facility: the name of another facility's patient is not shown. The number alone says who is compared.
  rule({
    id: 'XENC_CCCD_TWO_PATIENTS',
    severity: 'warning',
    stage: 'order',
    cause: 'person',
    needs: ['other_encounters'],
    params: { samePerson: SAME_PERSON },
    check: (_, __, { neighbours }) => {
      const { self } = neighbours;
      const earlier = givenBefore(neighbours, ['SO_CCCD']).filter(
        ({ facility }) => facility === self.facility,
      );
      if (earlier.length === 0) return 'not-applicable';
      const other = earlier.find(
        (one) => haveOtherName(one, self) || differ(birthYear(one), birthYear(self)),
      );
      return other ? [inTable('XML1', 'SO_CCCD', { name: other.name })] : [];
    },
  }),
  rule({
    id: 'XENC_CARD_TWO_PERSONS',
    severity: 'warning',
    stage: 'order',
    cause: 'person',
    needs: ['other_facilities'],
    params: { samePerson: SAME_PERSON },
    check: ({ xml1 }, _, { neighbours }) => {
      const { self } = neighbours;
      const users = givenBefore(neighbours, ['MA_THE_BHYT']).filter((one) => sharesADay(one, self));
      if (users.length === 0) return 'not-applicable';
      const others = users.filter((one) => haveOtherName(one, self) && differ(one.birth, self.birth));
      if (others.length === 0) return [];
      const persons = new Set([self, ...others].map(({ name, birth }) => `${comparable(name)}|${birth}`));
      const values = { card: value(xml1, 'MA_THE_BHYT'), count: String(persons.size) };
      return [inTable('XML1', 'MA_THE_BHYT', values)];
    },
  }),
  rule({
    id: 'XENC_PAPER_SERIAL',
    severity: 'warning',
    stage: 'export',
    needs: ['other_encounters'],
    params: {},
    check: (claim, _, { neighbours: { self, withPaper } }) => {
      const papers = papersOf(claim);
      if (papers.length === 0) return 'not-applicable';
      return papers.flatMap((paper) => {
        const other = withPaper(paper).find(({ position }) => position < self.position);
        const values = { value: paper.number, other: other?.key ?? '' };
        return other ? [inTable(paper.table, paper.field, values)] : [];
      });
    },
  }),
];

/** Was each of them there on a day of the other? */
function sharesADay(a: Encounter, b: Encounter): boolean {
  const [first, second] = [daysOf(a), daysOf(b)];
  return first !== null && second !== null && first.from <= second.to && second.from <= first.to;
}

function daysOf({ arrival, leave }: Encounter) {
  if (arrival === null) return null;
  return { from: arrival.slice(0, 8), to: (leave ?? arrival).slice(0, 8) };
}
