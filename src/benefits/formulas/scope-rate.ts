import type { LocalDate } from '../../platform/dates.ts';
import { type Decimal, decimal } from '../../platform/money.ts';
import { Problem } from '../../platform/problem.ts';
import { percent, withFacts } from '../facts.ts';
import type { Law } from '../law.ts';
import type { RuleApplication } from '../types.ts';

const whole = decimal('100');
const nothing: readonly RuleApplication[] = [];

/**
 * Percent of a line's price that lies inside the insured scope, for a line that a card covers.
 * @param scopeCode 1 in scope (the catalogue's ratio counts, but not for cards without limits), 2 the patient pays,
 *   3 outside the list but paid for army and police
 * @param catalogueRate percent, 100 when the catalogue sets no ratio
 * @param digit benefit digit that counts
 * @throws Problem `unknown-code` for another scope code; `policy-not-in-force`
 * @source QĐ 130/QĐ-BYT, PHAM_VI and TYLE_TT_BH; TT 37/2024, TT 04/2017/TT-BYT; NĐ 70/2015/NĐ-CP
 */
export function scopeRate(
  scopeCode: string,
  catalogueRate: Decimal,
  digit: string,
  policyDate: LocalDate,
  law: Law,
): { rate: Decimal; because: readonly RuleApplication[] } {
  if (scopeCode === '1') return inScope(catalogueRate, digit, policyDate, law);
  if (scopeCode === '2') {
    const { value, because } = law.trace(policyDate, 'SCOPE-OUT', scopeCode, (policy) =>
      policy.decimal('scope.rate.2'),
    );
    return { rate: value, because: [because] };
  }
  if (scopeCode === '3') return armyScope(digit, policyDate, law);
  throw new Problem('unknown-code', {}, [{ pointer: '/scopeCode', message: 'benefits.place.scopeCode' }]);
}

function inScope(catalogueRate: Decimal, digit: string, policyDate: LocalDate, law: Law) {
  if (catalogueRate.eq(whole)) return { rate: whole, because: nothing };
  const { value: isUnlimited, because } = law.trace(policyDate, 'SCOPE-RATIO', digit, (policy) => {
    policy.method('scope.catalogue-ratio', 'limits-insured-amount');
    return policy.codes('scope.unlimited-digits').includes(digit);
  });
  const rate = isUnlimited ? whole : catalogueRate;
  return {
    rate,
    because: [withFacts(because, { rate: percent(rate), catalogueRate: percent(catalogueRate) })],
  };
}

function armyScope(digit: string, policyDate: LocalDate, law: Law) {
  const isEntitled = law
    .trace(policyDate, 'SCOPE-ARMY', 'digits', (policy) => policy.codes('scope.rate.3.entitled-digits'))
    .value.includes(digit);
  const key = isEntitled ? 'entitled' : 'others';
  const { value, because } = law.trace(policyDate, isEntitled ? 'SCOPE-ARMY' : 'SCOPE-OUT', key, (policy) => {
    const rate = policy.entry('scope.rate.3', key);
    policy.note('rate', percent(rate));
    policy.note('digits', { kind: 'code', value: policy.codes('scope.rate.3.entitled-digits').join(', ') });
    return rate;
  });
  return { rate: value, because: [because] };
}
