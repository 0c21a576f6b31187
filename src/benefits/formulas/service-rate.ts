import type { LocalDate } from '../../platform/dates.ts';
import type { Decimal } from '../../platform/money.ts';
import { Problem } from '../../platform/problem.ts';
import type { Law, Ruling } from '../law.ts';
import type { BenefitLine } from '../types.ts';
import { bedRate } from './bed-rate.ts';
import { examRate } from './exam-rate.ts';
import { surgeryRate } from './surgery-rate.ts';

/**
 * Percent of the price that is charged at all; null = the whole price, because nothing recorded reduces it.
 * @throws Problem `unknown-code` for an examination without its place in the series; `policy-not-in-force`
 * @source QĐ 130/QĐ-BYT, TYLE_TT_DV
 */
export function serviceRate(line: BenefitLine, policyDate: LocalDate, law: Law): Ruling<Decimal> | null {
  const { kind, examOrdinal, sameDayReturn, surgeryRole, bedOccupants, isStretcher } = line;
  if (kind === 'exam') {
    // Without its place in the series the fee of an examination is not known, and it is not guessed. The one that
    // opens a second visit of the day is by that the first of its visit.
    const ordinal = examOrdinal ?? (sameDayReturn === true ? 1 : 0);
    if (ordinal < 1)
      throw new Problem('unknown-code', {}, [
        { pointer: '/examOrdinal', message: 'benefits.place.examOrdinal' },
      ]);
    return examRate(ordinal, sameDayReturn === true, policyDate, law);
  }
  if (kind === 'bed' && (bedOccupants !== undefined || isStretcher === true))
    return bedRate(bedOccupants ?? 1, isStretcher === true, policyDate, law);
  return surgeryRole === undefined ? null : surgeryRate(surgeryRole, policyDate, law);
}
