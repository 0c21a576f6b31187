import { type LocalDate, localDate } from '../platform/dates.ts';

/** What a date can select (docs/decisions/0005). */
export type Selected = 'law' | 'facilityFacts' | 'card' | 'price' | 'codeLists';

interface VisitTimes {
  readonly arrivedAt: string;
  readonly endedAt: string | null;
}
interface LineTimes {
  readonly orderedAt: string;
  readonly performedAt: string | null;
}

/**
 * Which day selects what; the only place that knows.
 * - law and the facility's facts: arrival (base salary, route factor, rates, ceilings)
 * - card and its level: the line's execution, else its order
 * - price and catalogue item: the line's order
 * - table edition and code lists: the end of the visit; for a draft, arrival
 * @source NĐ 188/2025, QĐ 130/QĐ-BYT as read in decision D1 of the benefit reference
 */
export function selectingDate(what: 'law' | 'facilityFacts' | 'codeLists', visit: VisitTimes): LocalDate;
export function selectingDate(what: 'card' | 'price', visit: VisitTimes | null, line: LineTimes): LocalDate;
export function selectingDate(what: Selected, visit: VisitTimes | null, line?: LineTimes): LocalDate {
  switch (what) {
    case 'law':
    case 'facilityFacts':
      return localDate(visit!.arrivedAt);
    case 'codeLists':
      return localDate(visit!.endedAt ?? visit!.arrivedAt);
    case 'card':
      return localDate(line!.performedAt ?? line!.orderedAt);
    case 'price':
      return localDate(line!.orderedAt);
  }
}
