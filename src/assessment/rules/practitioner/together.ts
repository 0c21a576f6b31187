import type { Use } from '../../encounter.ts';
import { daysOf } from '../../projection.ts';
import { type AnyRule, inRow, minutesBetween, rule } from '../../rule.ts';
import { type Act, countPersons, executionsOf, ofOthersHere } from './acts.ts';
import { isAccount, nameOf } from './staff.ts';

/** The common part of two times, `[from, to)`; null when they do not meet or one is a moment only. */
function common(a: Pick<Act, 'from' | 'to'>, b: Pick<Use, 'from' | 'to'>) {
  if (a.to === null || b.to === null) return null;
  const from = a.from > b.from ? a.from : b.from;
  const to = a.to < b.to ? a.to : b.to;
  return from < to ? { from, to } : null;
}

/** One pair of hands with two patients. A machine or an integration has none: STF_INTEGRATION_ACCOUNT speaks of those. */
export const together: readonly AnyRule[] = [
  rule({
    id: 'STF_OVERLAP_ACROSS_PATIENTS',
    severity: 'warning',
    stage: 'discharge',
    needs: ['other_encounters'],
    params: { groups: ['2', '3', '8', '18'], minOverlapMinutes: 1 },
    check: (claim, { groups, minOverlapMinutes }, context) => {
      const { neighbours } = context;
      const acts = executionsOf(claim, groups).filter(
        ({ to, person }) => to !== null && !isAccount(person, context),
      );
      if (acts.length === 0) return 'not-applicable';
      const seen = new Set<string>();
      return acts.flatMap((act) => {
        const uses = daysOf(act.from, act.to).flatMap((day) => neighbours.ofPractitioner(act.code, day));
        return ofOthersHere(uses, neighbours).flatMap((use) => {
          const { encounter } = use;
          const overlap = use.act === 'done' && groups.includes(use.group) ? common(act, use) : null;
          const pair = `${act.row.row}|${encounter.position}|${use.from}|${use.to}|${use.group}`;
          if (overlap === null || encounter.position > neighbours.self.position || seen.has(pair)) return [];
          if (minutesBetween(overlap.from, overlap.to) < minOverlapMinutes) return [];
          seen.add(pair);
          return [
            inRow(act.row, 'NGAY_TH_YL', {
              name: nameOf(act.person, context),
              overlap: `${overlap.from}–${overlap.to}`,
              other: encounter.key,
            }),
          ];
        });
      });
    },
  }),
  rule({
    id: 'STF_SAME_MINUTE_STARTS',
    severity: 'warning',
    stage: 'discharge',
    needs: ['other_encounters'],
    params: { groups: ['8', '18'], max: 1 },
    check: (claim, { groups, max }, context) => {
      const { neighbours } = context;
      const acts = executionsOf(claim, groups).filter(({ person }) => !isAccount(person, context));
      if (acts.length === 0) return 'not-applicable';
      const first = acts.filter(
        ({ code, from }, index) =>
          acts.findIndex((other) => other.code === code && other.from === from) === index,
      );
      return first.flatMap((act) => {
        const uses = neighbours
          .ofPractitioner(act.code, act.from.slice(0, 8))
          .filter((use) => use.act === 'done' && groups.includes(use.group) && use.from === act.from)
          .filter(({ encounter }) => encounter.position < neighbours.self.position);
        const count = 1 + countPersons(ofOthersHere(uses, neighbours).map(({ encounter }) => encounter));
        if (count <= max) return [];
        return [
          inRow(act.row, 'NGAY_TH_YL', {
            name: nameOf(act.person, context),
            count: String(count),
            time: act.from,
          }),
        ];
      });
    },
  }),
];
