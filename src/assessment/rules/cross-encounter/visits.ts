import { type Encounter, SAME_PERSON } from '../../encounter.ts';
import { type AnyRule, inTable, rule } from '../../rule.ts';
import { begunBefore, daysFrom, givenBefore, isEmergency, isOutpatient, isTransfer } from './pairs.ts';

/** Days before and after an appointment on which somebody still comes by appointment. */
const APPOINTMENT = 3;
const isByAppointment = ({ followUps }: Encounter, arrival: string) =>
  followUps.some((day) => /^\d{8}$/.test(day) && Math.abs(daysFrom(day, arrival)) <= APPOINTMENT);
const isSameDay = (a: Encounter, b: Encounter) =>
  a.arrival !== null && a.arrival.slice(0, 8) === b.arrival?.slice(0, 8);

/** Somebody comes again: too soon, too often, on the same day elsewhere, or with another day of exemption. */
export const visits: readonly AnyRule[] = [
  // Somebody who was sent on comes because of that; the same day is left to XENC_SAME_DAY_VISITS and EXM_RETURN_SAME_DAY.
  rule({
    id: 'XENC_REVISIT_INTERVAL',
    severity: 'warning',
    stage: 'order',
    needs: ['other_facilities'],
    params: { days: 7, samePerson: SAME_PERSON },
    check: (_, { days, samePerson }, { neighbours }) => {
      const { self } = neighbours;
      const { arrival } = self;
      if (!isOutpatient(self) || self.diagnosis === '' || arrival === null) return 'not-applicable';
      const before = begunBefore(neighbours, samePerson).filter(
        (one) =>
          isOutpatient(one) &&
          one.diagnosis.slice(0, 3) === self.diagnosis.slice(0, 3) &&
          !isSameDay(one, self) &&
          !isTransfer(one, self),
      );
      if (before.length === 0) return 'not-applicable';
      const last = before
        .map((one) => ({ one, passed: daysFrom(one.arrival!, arrival) }))
        .toSorted((a, b) => a.passed - b.passed)[0]!;
      if (last.passed > days || before.some((one) => isByAppointment(one, arrival))) return [];
      return [inTable('XML1', 'NGAY_VAO', { days: String(last.passed), facility: last.one.facility })];
    },
  }),
  rule({
    id: 'XENC_VISIT_COUNT',
    severity: 'warning',
    stage: 'order',
    needs: ['other_facilities'],
    params: { window: 30, max: 4, samePerson: SAME_PERSON },
    check: (_, { window, max, samePerson }, { neighbours }) => {
      const { arrival } = neighbours.self;
      if (!isOutpatient(neighbours.self) || arrival === null) return 'not-applicable';
      const before = begunBefore(neighbours, samePerson).filter(
        (one) => isOutpatient(one) && daysFrom(one.arrival!, arrival) < window,
      );
      const count = before.length + 1;
      if (count <= max) return [];
      return [inTable('XML1', 'NGAY_VAO', { count: String(count), window: String(window) })];
    },
  }),
  rule({
    id: 'XENC_SAME_DAY_VISITS',
    severity: 'warning',
    stage: 'order',
    needs: ['other_facilities'],
    params: { samePerson: SAME_PERSON },
    check: (_, { samePerson }, { neighbours }) => {
      const { self } = neighbours;
      const elsewhere = givenBefore(neighbours, samePerson).filter((one) => one.facility !== self.facility);
      if (elsewhere.length === 0) return 'not-applicable';
      return elsewhere
        .filter(
          (one) => isSameDay(one, self) && !isTransfer(one, self) && !isEmergency(one) && !isEmergency(self),
        )
        .map(({ facility }) => inTable('XML1', 'NGAY_VAO', { facility }));
    },
  }),
  rule({
    id: 'XENC_COPAY_ACROSS_FACILITIES',
    severity: 'warning',
    stage: 'settlement',
    needs: ['other_facilities'],
    params: { samePerson: SAME_PERSON },
    check: (_, { samePerson }, { neighbours }) => {
      const day = neighbours.self.exemptFrom.slice(0, 8);
      const sameYear = givenBefore(neighbours, samePerson).filter(
        ({ exemptFrom }) => day !== '' && exemptFrom.slice(0, 4) === day.slice(0, 4),
      );
      if (sameYear.length === 0) return 'not-applicable';
      const other = sameYear.find(({ exemptFrom }) => exemptFrom.slice(0, 8) !== day);
      return other ? [inTable('XML1', 'NGAY_MIEN_CCT', { other: other.key })] : [];
    },
  }),
];
