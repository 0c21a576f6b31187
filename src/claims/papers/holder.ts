import { localDate, yearsBetween } from '../../platform/dates.ts';
import { birthMoment } from '../projection/facts.ts';
import type { VisitView } from '../projection/projection.ts';

/** Under this age a child without a card counts as insured: `TEKT`. */
const CHILD_AGE = 6;

/** What every paper says of the patient. */
export function holder({ patient, cards, clinical, encounter, ...visit }: VisitView) {
  const day = localDate(encounter.endedAt ?? encounter.arrivedAt);
  return {
    birth: birthMoment(patient).slice(0, 8),
    cardNumber: cards[0]?.cardNumber,
    isChildWithoutCard: cards.length === 0 && yearsBetween(patient.birthDate, day) < CHILD_AGE,
    socialInsuranceNumber: clinical.socialInsuranceNumber,
    identityKind: clinical.identity?.kindCode,
    identityIssuedOn: clinical.identity?.issuedOn,
    identityIssuedBy: clinical.identity?.issuedBy,
    mainCode: visit.mainCode,
    mainName: visit.mainName,
    /** Who signs for the facility, by name. */
    signer: clinical.signerName,
  };
}
