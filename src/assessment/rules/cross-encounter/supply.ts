import { type Encounter, SAME_PERSON } from '../../encounter.ts';
import {
  type AnyRule,
  baseCode,
  ingredient,
  inRow,
  moment,
  type PlacedRow,
  rule,
  value,
} from '../../rule.ts';
import { begunBefore, daysFrom, isInpatient, LAST_DOSE_TYPES, presence } from './pairs.ts';

const orderDay = ({ values }: PlacedRow) => moment(values, 'NGAY_YL')?.slice(0, 8) ?? null;

/** Was it over when the next one began? */
function hasEnded(one: Encounter, arrival: string | null): boolean {
  const there = presence(one, LAST_DOSE_TYPES);
  return there !== null && arrival !== null && there.to <= arrival;
}

/** Drugs that still last, tests whose result is already there. */
export const supply: readonly AnyRule[] = [
  rule({
    id: 'XENC_REVISIT_WITHIN_SUPPLY',
    severity: 'warning',
    stage: 'order',
    needs: ['other_facilities'],
    params: { slackDays: 3, samePerson: SAME_PERSON },
    check: ({ xml2 }, { slackDays, samePerson }, { neighbours }) => {
      const { self } = neighbours;
      const supplies = begunBefore(neighbours, samePerson)

        .filter((one) => !isInpatient(one) && hasEnded(one, self.arrival))
        .flatMap(({ supplied, facility }) => supplied.map((one) => ({ ...one, facility })));
      if (supplies.length === 0) return 'not-applicable';
      return xml2.flatMap((row) => {
        const ordered = orderDay(row);
        if (ordered === null) return [];
        const running = supplies
          .filter((one) => one.ingredient === ingredient(row.values) && one.day <= ordered)
          .map((one) => ({ ...one, left: one.days - daysFrom(one.day, ordered) }))
          .filter(({ left }) => left > slackDays)
          .toSorted((a, b) => b.left - a.left)[0];
        if (!running) return [];
        const { left, day: date, facility } = running;
        return [
          inRow(row, 'LIEU_DUNG', {
            code: value(row.values, 'MA_THUOC'),
            left: String(left),
            date,
            facility,
          }),
        ];
      });
    },
  }),
  rule({
    id: 'XENC_TEST_REPEATED_ELSEWHERE',
    severity: 'warning',
    stage: 'order',
    needs: ['other_facilities'],
    params: { days: 7, samePerson: SAME_PERSON },
    check: ({ xml3 }, { days, samePerson }, { neighbours }) => {
      const { self } = neighbours;
      const known = neighbours
        .ofPerson(samePerson)
        .filter(({ facility }) => facility !== self.facility)
        .flatMap(({ services, facility }) => services.map((one) => ({ ...one, facility })));
      const tests = xml3.filter(({ values }) => ['1', '2'].includes(value(values, 'MA_NHOM')));
      if (known.length === 0 || tests.length === 0) return 'not-applicable';
      return tests.flatMap((row) => {
        const ordered = orderDay(row);
        const code = baseCode(row.values);
        if (ordered === null || code === '') return [];
        const result = known
          .filter((one) => one.code === code && isWithin(one.resultDay, ordered, days))
          .toSorted((a, b) => (a.resultDay! < b.resultDay! ? 1 : -1))[0];
        if (!result) return [];
        return [inRow(row, 'MA_DICH_VU', { code, date: result.resultDay ?? '', facility: result.facility })];
      });
    },
  }),
];

/** Did the result come at most so many days before the order, and not after it? */
function isWithin(resultDay: string | null, ordered: string, days: number): boolean {
  if (resultDay === null) return false;
  const passed = daysFrom(resultDay, ordered);
  return passed >= 0 && passed <= days;
}
