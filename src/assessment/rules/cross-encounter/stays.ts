import { type Encounter, SAME_PERSON } from '../../encounter.ts';
import { type AnyRule, inTable, minutesBetween, rule } from '../../rule.ts';
import { isDuplicate } from './identity.ts';
import {
  begunBefore,
  givenBefore,
  isEmergency,
  isInpatient,
  isOutpatient,
  isPickUp,
  isTransfer,
  LAST_DOSE_TYPES,
  minutesInBoth,
} from './pairs.ts';

const disease = ({ diagnosis }: Encounter) => diagnosis.slice(0, 3);
const fromTo = ({ arrival, leave }: Encounter) => ({ from: arrival ?? '', to: leave ?? '' });

interface TwoPlaces {
  readonly minutes: number;
  readonly lastDoseTypes: readonly string[];
}
const TWO_PLACES: TwoPlaces = { minutes: 0, lastDoseTypes: LAST_DOSE_TYPES };

const isAtBoth = (a: Encounter, b: Encounter, { minutes, lastDoseTypes }: TwoPlaces) =>
  a.facility !== b.facility &&
  (minutesInBoth(a, b, lastDoseTypes) ?? 0) > minutes &&
  !isTransfer(a, b) &&
  !isPickUp(a) &&
  !isPickUp(b);

/** Nobody lies in two beds, at two facilities at once, or comes back from the dead. */
export const stays: readonly AnyRule[] = [
  // Intervals are half-open: an outpatient visit that ends when the stay begins does not overlap it.
  rule({
    id: 'XENC_SAME_PATIENT_TWO_STAYS',
    severity: 'error',
    stage: 'order',
    needs: ['other_encounters'],
    params: { samePerson: SAME_PERSON },
    check: (_, { samePerson }, { neighbours }) => {
      const { self } = neighbours;
      const pairs = givenBefore(neighbours, samePerson).filter(
        (one) => one.facility === self.facility && (isInpatient(one) || isInpatient(self)),
      );
      if (pairs.length === 0) return 'not-applicable';
      return pairs
        .filter((one) => (minutesInBoth(one, self) ?? 0) > 0 && !isDuplicate(one, self))
        .map((one) => inTable('XML1', 'NGAY_VAO', { other: one.key, ...fromTo(one) }));
    },
  }),
  rule({
    id: 'XENC_TWO_FACILITIES',
    severity: 'error',
    stage: 'order',
    needs: ['other_facilities'],
    params: { ...TWO_PLACES, samePerson: SAME_PERSON },
    check: (_, { samePerson, ...limits }, { neighbours }) => {
      const { self } = neighbours;
      const elsewhere = givenBefore(neighbours, samePerson).filter((one) => one.facility !== self.facility);
      if (elsewhere.length === 0) return 'not-applicable';
      return elsewhere
        .filter((one) => isAtBoth(one, self, limits))
        .map((one) => inTable('XML1', 'NGAY_VAO', { facility: one.facility, ...fromTo(one) }));
    },
  }),
  rule({
    id: 'XENC_INPATIENT_ELSEWHERE_OUTPATIENT',
    severity: 'error',
    stage: 'order',
    needs: ['other_facilities'],
    params: { samePerson: SAME_PERSON },
    check: (_, { samePerson }, { neighbours }) => {
      const { self } = neighbours;
      const { arrival } = self;
      if (!isOutpatient(self) || isEmergency(self) || arrival === null) return 'not-applicable';
      const elsewhere = neighbours
        .ofPerson(samePerson)
        .filter((one) => isInpatient(one) && one.facility !== self.facility);
      if (elsewhere.length === 0) return 'not-applicable';
      const isInside = (stay: Encounter) =>
        stay.arrival !== null &&
        stay.arrival <= arrival &&
        (stay.isOpen || (stay.leave !== null && arrival < stay.leave));
      return elsewhere
        .filter((stay) => isInside(stay) && !isAtBoth(stay, self, TWO_PLACES))
        .map((stay) => inTable('XML1', 'MA_LOAI_KCB', { facility: stay.facility }));
    },
  }),
  rule({
    id: 'XENC_AFTER_DEATH',
    severity: 'error',
    stage: 'order',
    needs: ['other_facilities'],
    params: { samePerson: SAME_PERSON },
    check: (_, { samePerson }, { neighbours }) => {
      const { arrival } = neighbours.self;
      const deaths = neighbours.ofPerson(samePerson).filter(({ outcome }) => ['5', '8'].includes(outcome));
      if (arrival === null || deaths.length === 0) return 'not-applicable';
      const death = deaths.find(({ leave }) => leave !== null && leave < arrival);
      return death ? [inTable('XML1', 'NGAY_VAO', { date: death.leave?.slice(0, 8) ?? '' })] : [];
    },
  }),
  rule({
    id: 'XENC_SPLIT_STAY',
    severity: 'warning',
    stage: 'order',
    needs: ['other_encounters'],
    params: { hours: 24, samePerson: SAME_PERSON },
    check: (_, { hours, samePerson }, { neighbours }) => {
      const { self } = neighbours;
      const { arrival } = self;
      if (!isInpatient(self) || arrival === null || self.diagnosis === '') return 'not-applicable';
      const stays = begunBefore(neighbours, samePerson).filter(
        (one) =>
          isInpatient(one) &&
          one.facility === self.facility &&
          one.leaving === '1' &&
          disease(one) === disease(self),
      );
      if (stays.length === 0) return 'not-applicable';
      const gaps = stays.flatMap(({ leave }) =>
        leave !== null && leave <= arrival ? [minutesBetween(leave, arrival)] : [],
      );
      const shortest = Math.min(...gaps);
      if (shortest > hours * 60) return [];
      return [inTable('XML1', 'NGAY_VAO', { hours: String(Math.floor(shortest / 60)) })];
    },
  }),
];
