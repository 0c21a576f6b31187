import { isValidOn } from '../../catalogues.ts';
import type { Use } from '../../encounter.ts';
import { type AnyRule, inRow, minutesBetween, type RuleContext, rule } from '../../rule.ts';
import { type Act, actsOf } from './acts.ts';
import { isAccount, nameOf, staffOf, workingTimes } from './staff.ts';

const EXAMINATION = '13';
const FULL_DAY = 8;

/** The day of a practitioner, over all the claims of that day. */
export const day: readonly AnyRule[] = [
  // Reported where the number is passed, in the order of the examinations.
  rule({
    id: 'STF_DAILY_EXAM_COUNT',
    severity: 'warning',
    stage: 'discharge',
    needs: ['other_encounters'],
    // Examinations in eight hours.
    params: { max: 65 },
    check: (claim, { max }, context) => {
      const { neighbours, catalogues } = context;
      const acts = actsOf(claim.xml3, 'ordered').filter(({ group }) => group === EXAMINATION);
      if (acts.length === 0) return 'not-applicable';
      return acts.flatMap((act) => {
        const date = act.from.slice(0, 8);
        const others = neighbours
          .ofPractitioner(act.code, date)
          .filter(
            (use) =>
              use.act === 'ordered' &&
              use.group === EXAMINATION &&
              use.encounter.facility === neighbours.self.facility,
          );
        const own = acts.filter(({ code, from }) => code === act.code && from.startsWith(date));
        const staff = staffOf(act.person, claim, { catalogues }).filter((row) => isValidOn(row, date));
        const most = (max * hours(workingTimes(staff, date))) / FULL_DAY;
        const before =
          others.filter((use) => isBefore(use, act, neighbours.self.position)).length +
          own.filter(({ row, from }) => from < act.from || (from === act.from && row.row < act.row.row))
            .length;
        if (before > most || before + 1 <= most) return [];
        const count = String(others.length + own.length);
        return [
          inRow(act.row, act.field, { value: act.code, name: nameOf(act.person, context), count, date }),
        ];
      });
    },
  }),
  // Reported on what comes next after something elsewhere. Guests (remote, mobilised) are meant to be elsewhere.
  rule({
    id: 'STF_TWO_FACILITIES_DAY',
    severity: 'warning',
    stage: 'discharge',
    needs: ['other_facilities'],
    params: { travelMinutes: 30 },
    check: (claim, { travelMinutes }, context) => {
      const { neighbours } = context;
      const acts = [...actsOf(claim.chargeRows, 'ordered'), ...actsOf(claim.chargeRows, 'done')].filter(
        ({ isGuest, person }) => !isGuest && !isAccount(person, context),
      );
      if (acts.length === 0) return 'not-applicable';
      const { facility, position } = neighbours.self;
      const days = Map.groupBy(acts, ({ code, from }) => `${code}|${from.slice(0, 8)}`);
      return [...days.values()].flatMap((own) => {
        const { code, person, from } = own[0]!;
        const date = from.slice(0, 8);
        const others = neighbours.ofPractitioner(code, date).filter((use) => use.from.startsWith(date));
        const inTurn = own.toSorted((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0));
        return inTurn.flatMap((act, index) => {
          const last = lastBefore(others, act, position);
          const previous = inTurn[index - 1]?.from ?? '';
          if (!last || last.encounter.facility === facility || last.from <= previous) return [];
          const isNear = minutesBetween(last.from, act.from) < travelMinutes;
          if (
            isRegistered(act, facility, context) &&
            isRegistered({ ...last, person }, last.encounter.facility, context) &&
            !isNear
          )
            return [];
          const facilities = `${last.encounter.facility}, ${facility}`;
          return [
            inRow(act.row, act.field, { value: code, name: nameOf(person, context), facilities, date }),
          ];
        });
      });
    },
  }),
];

const isBefore = (use: Use, act: Act, position: number) =>
  use.from < act.from || (use.from === act.from && use.encounter.position < position);

function lastBefore(uses: readonly Use[], act: Act, position: number): Use | undefined {
  let last: Use | undefined;
  for (const use of uses) if (isBefore(use, act, position) && !(last && last.from > use.from)) last = use;
  return last;
}

/** Has the person a place at that facility, at that time? A place without registered times is meant for all of them. */
function isRegistered(
  { person, from }: Pick<Act, 'person' | 'from'>,
  facility: string,
  { catalogues }: RuleContext,
): boolean {
  const date = from.slice(0, 8);
  return (catalogues.staff_catalogue?.rows(person) ?? [])
    .filter((row) => row.facility === facility && isValidOn(row, date))
    .some((row) => {
      const isAlways = row.working_time === undefined;
      const time = from.slice(8);
      return isAlways || workingTimes([row], date).some((one) => one.from <= time && time < one.to);
    });
}

/** Hours of a working day; eight when none are registered. */
function hours(times: readonly { readonly from: string; readonly to: string }[]): number {
  const minutesOf = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(2));
  const minutes = times.reduce((sum, { from, to }) => sum + minutesOf(to) - minutesOf(from), 0);
  return minutes === 0 ? FULL_DAY : minutes / 60;
}
