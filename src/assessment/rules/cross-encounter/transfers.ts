import { type Encounter, SAME_PERSON } from '../../encounter.ts';
import { type AnyRule, inTable, rule } from '../../rule.ts';
import { daysFrom, isPickUp } from './pairs.ts';

/** Follow-up slip, drugs handed over: `MA_NOI_DI` names who wrote the slip, nobody was transferred. */
const isOnASlip = (one: Encounter) => one.objectCode === '1.5' || isPickUp(one);

/** Who was sent here was sent from there. */
export const transfers: readonly AnyRule[] = [
  // Silent about a facility of which the set has no claim at all.
  rule({
    id: 'XENC_TRANSFER_PAIR',
    severity: 'warning',
    stage: 'order',
    needs: ['other_facilities'],
    params: { days: 10, samePerson: SAME_PERSON },
    check: (_, { days, samePerson }, { neighbours }) => {
      const { self } = neighbours;
      const { arrival, cameFrom } = self;
      const isTold = cameFrom !== '' && cameFrom !== self.facility && neighbours.hasFacility(cameFrom);
      if (!isTold || arrival === null || isOnASlip(self)) return 'not-applicable';
      const isSender = ({ facility, leave, wentTo }: Encounter) => {
        if (facility !== cameFrom || leave === null || wentTo !== self.facility) return false;
        const passed = daysFrom(leave, arrival);
        return passed >= 0 && passed <= days;
      };
      if (neighbours.ofPerson(samePerson).some(isSender)) return [];
      return [inTable('XML1', 'MA_NOI_DI', { facility: cameFrom })];
    },
  }),
];
