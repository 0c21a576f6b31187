import { daysBetween } from '../../../platform/dates.ts';
import type { Encounter, Neighbours, PersonKey } from '../../encounter.ts';
import { INPATIENT_CLASSES, isoDay, minutesBetween, OUTPATIENT_CLASSES, plusMinutes } from '../../rule.ts';

/** What the two encounters of a pair are to each other. A pair is reported once: on the one given later. */

export const isInpatient = ({ type }: Encounter) => INPATIENT_CLASSES.has(type);
export const isOutpatient = ({ type }: Encounter) => OUTPATIENT_CLASSES.has(type);
/** Somebody came for drugs only. */
export const isPickUp = ({ objectCode }: Encounter) => /^(7(\.\d+)?|10)$/.test(objectCode);
export const isEmergency = ({ objectCode }: Encounter) => objectCode === '2';

/** Encounters of the same person that were given before this one. */
export const givenBefore = (neighbours: Neighbours, by: readonly PersonKey[]) =>
  neighbours.ofPerson(by).filter(({ position }) => position < neighbours.self.position);

/** Encounters of the same person that began before this one; at the same minute: that were given before. */
export const begunBefore = ({ self, ofPerson }: Neighbours, by: readonly PersonKey[]) =>
  ofPerson(by).filter(
    ({ arrival, position }) =>
      self.arrival !== null &&
      arrival !== null &&
      (arrival < self.arrival || (arrival === self.arrival && position < self.position)),
  );

const sendsTo = (from: Encounter, to: Encounter) =>
  ['2', '5'].includes(from.leaving) && from.wentTo === to.facility;
/** Did one of them end in a transfer to the other? */
export const isTransfer = (a: Encounter, b: Encounter) => sendsTo(a, b) || sendsTo(b, a);

/** The end of these types is the day of the last dose: they occupy somebody for a day at most. */
export const LAST_DOSE_TYPES = ['02', '05', '07'];
const DAY = 24 * 60;

/** When somebody was there, `[from, to)`; null when one end is not known. */
export function presence({ arrival, leave, type }: Encounter, lastDoseTypes: readonly string[]) {
  if (arrival === null || leave === null) return null;
  const nextDay = plusMinutes(arrival, DAY);
  return { from: arrival, to: lastDoseTypes.includes(type) && nextDay < leave ? nextDay : leave };
}

/** Minutes for which somebody was at both; 0 when they only touch, null when a time is not known. */
export function minutesInBoth(a: Encounter, b: Encounter, lastDoseTypes: readonly string[] = []) {
  const [one, other] = [presence(a, lastDoseTypes), presence(b, lastDoseTypes)];
  if (!one || !other) return null;
  const from = one.from > other.from ? one.from : other.from;
  const to = one.to < other.to ? one.to : other.to;
  return from < to ? minutesBetween(from, to) : 0;
}

/** Calendar days from one moment or day to another. */
export const daysFrom = (from: string, to: string) => daysBetween(isoDay(from), isoDay(to));
