import { addDays, contains, type Instant, type LocalDate, localDate } from '../../platform/dates.ts';
import { decimalText } from '../../platform/money.ts';
import { parseCard } from '../card.ts';
import { day, number, percent, withFacts } from '../facts.ts';
import type { Law } from '../law.ts';
import type { BenefitCoverage, BenefitLine, BenefitVisit, RuleApplication } from '../types.ts';
import { type CardLevel, cardLevel } from './card-level.ts';

/** The card that pays for a line, or null and why none does. */
export interface CardCover {
  readonly card: CardLevel | null;
  readonly because: readonly RuleApplication[];
}

/**
 * Which card covers a line: of those valid on its day and shown by then, the one with the highest level (digits
 * without limits first among equals, then the order given); else one that was valid at arrival and ended during
 * treatment, for the days of grace; else none.
 * @param isEmergency then a card may be shown until the end of the episode
 * @throws Problem `unknown-code` for a card number without benefit digit; `policy-not-in-force`
 * @source NĐ 188/2025/NĐ-CP Đ21 k1, k2; Đ38 k1; Đ50 k4, k6; Luật BHYT Đ28 k1
 */
export function cardCover(line: BenefitLine, visit: BenefitVisit, isEmergency: boolean, law: Law): CardCover {
  const valid = visit.coverages.filter((coverage) => contains(coverage, line.date));
  const isShown = ({ presentedAt }: BenefitCoverage) =>
    presentedAt === null ||
    isShownBy(presentedAt, line) ||
    (isEmergency && isShownInTime(presentedAt, visit));
  const chosen = best(valid.filter(isShown), line.date, visit, law);
  if (chosen) return chosen;

  const ended = law.trace(line.date, 'CARD-GRACE', visit.classCode, (policy) => {
    const days = policy.decimal('card-cover.grace-days');
    policy.note('days', number(days));
    return { days, applies: policy.codes('card-cover.grace-classes').includes(visit.classCode) };
  });
  const inGrace = ended.value.applies
    ? visit.coverages.filter((it) =>
        isInGrace(it, arrivalOf(visit), line.date, Number(decimalText(ended.value.days))),
      )
    : [];
  const kept = best(inGrace.filter(isShown), line.date, visit, law);
  if (kept) return { card: kept.card, because: [ended.because, ...kept.because] };
  return { card: null, because: [whyNone([...valid, ...inGrace], line.date, law)] };
}

function isShownBy(presentedAt: Instant, line: BenefitLine): boolean {
  // A line known only by its day is covered from the day of presentation on.
  return line.performedAt === undefined
    ? line.date >= localDate(presentedAt)
    : Date.parse(line.performedAt) >= Date.parse(presentedAt);
}

/** In an emergency the card may be shown until the episode ends. */
function isShownInTime(presentedAt: Instant, { endedAt }: BenefitVisit): boolean {
  return endedAt === undefined || Date.parse(presentedAt) <= Date.parse(endedAt);
}

function arrivalOf({ arrivedOn, policyDate }: BenefitVisit): LocalDate {
  return arrivedOn ?? policyDate;
}

/** `to` is the day after the last day of the card, so the days of grace begin on it. */
function isInGrace(
  coverage: BenefitCoverage,
  arrival: LocalDate,
  lineDate: LocalDate,
  days: number,
): boolean {
  const { to } = coverage;
  return to !== null && contains(coverage, arrival) && to <= lineDate && lineDate < addDays(to, days);
}

function best(
  coverages: readonly BenefitCoverage[],
  lineDate: LocalDate,
  visit: BenefitVisit,
  law: Law,
): CardCover | null {
  const { birthDate, receivesSocialPension } = visit;
  const holder = { arrivedOn: arrivalOf(visit), birthDate, receivesSocialPension };
  const cards = coverages.map((it) => cardLevel(parseCard(it.cardNumber), lineDate, holder, law));
  if (cards.length < 2) return cards[0] ? { card: cards[0], because: cards[0].because } : null;
  const choice = law.trace(lineDate, 'CARD-BEST', '', (policy) => {
    policy.method('card-cover.several-cards', 'highest-level');
    return policy.codes('scope.unlimited-digits');
  });
  const unlimited = (card: CardLevel) => (choice.value.includes(card.digit) ? 1 : 0);
  // Strictly better only: among full equals the order given stays.
  const card = cards.reduce((first, next) =>
    (next.level.cmp(first.level) || unlimited(next) - unlimited(first)) > 0 ? next : first,
  );
  return { card, because: [withFacts(choice.because, { level: percent(card.level) }), ...card.because] };
}

function whyNone(unshown: readonly BenefitCoverage[], lineDate: LocalDate, law: Law): RuleApplication {
  // Only a card that was shown late is unshown, so each has its moment.
  const presentedAt = unshown.map((coverage) => coverage.presentedAt!).toSorted()[0];
  if (presentedAt === undefined) {
    return law.trace(lineDate, 'CARD-NONE', '', (policy) => policy.method('card-cover.none', 'self-pay'))
      .because;
  }
  const late = law.trace(lineDate, 'CARD-LATE', 'presentation', (policy) =>
    policy.method('card-cover.late-card', 'from-presentation'),
  );
  return withFacts(late.because, { shownOn: day(localDate(presentedAt)) });
}
