import {
  baseSalary,
  bedDays,
  cardLevel,
  type Law,
  type Multiple,
  parseCard,
  type RuleApplication,
  remainingCopay,
  threshold,
  transportAmount,
} from '../../benefits/index.ts';
import type { Computed, Value } from './computed.ts';
import { CaseFault, type Fields } from './fields.ts';

/** A result, and the rules where it stands on any. */
interface Outcome {
  readonly value: Value;
  readonly because?: readonly RuleApplication[];
}
type Outcomes = Readonly<Record<string, () => Outcome>>;

/** What each function of a case file reads at once, and what it can be asked. */
const FUNCTIONS: Readonly<Record<string, (input: Fields, law: Law) => Outcomes>> = {
  thresholds(input, law) {
    const date = input.day('date');
    const multiple = (of: Multiple) => () => ruled(threshold(of, date, law));
    return {
      baseSalary: () => ruled(baseSalary(date, law)),
      low15: multiple('low-cost-visit'),
      copay6: multiple('annual-copay'),
      supply45: multiple('supply-package'),
    };
  },
  remainingCopay2026(input, law) {
    const paidBeforeChange = input.number('accumulatedBefore20260701');
    const paid = input.number('accumulatedFrom20260701');
    return {
      remaining() {
        const { remaining, because } = remainingCopay({ paid, paidBeforeChange }, '2026-07-01', law);
        return { value: remaining, because: [because] };
      },
    };
  },
  parseCard(input, law) {
    const card = parseCard(input.text('maThe'));
    return {
      objectGroup: () => ({ value: card.objectGroup }),
      benefitDigit: () => ({ value: card.benefitDigit }),
      provinceCode: () => ({ value: card.provinceCode }),
      number: () => ({ value: card.insuranceNumber }),
      baseLevel: () => ruled(printedLevel(card.benefitDigit, law)),
    };
  },
  cardLevel(input, law) {
    const card = parseCard(input.text('maThe'));
    const date = input.day('date');
    const holder = {
      arrivedOn: date,
      birthDate: input.dayOrNull('birthDate'),
      receivesSocialPension: input.flag('socialPension'),
    };
    return {
      level() {
        const { level, because } = cardLevel(card, date, holder, law);
        return { value: level, because };
      },
    };
  },
  transportAmount(input, law) {
    const [date, km, price] = [input.day('date'), input.number('km'), input.number('fuelPricePerLitre')];
    return { amount: () => ruled(transportAmount(km, price, date, law)) };
  },
  bedDays(input, law) {
    const isStillIll = input.oneOf('outcome', [
      'recovered',
      'transferredStillIll',
      'worseDischargedOnRequest',
      'died',
    ]);
    const stay = {
      arrivedAt: moment(input, 'ngayVao'),
      admittedAt: input.whenOrNull('ngayVaoNoiTru')?.at ?? null,
      endedAt: moment(input, 'ngayRa'),
      isStillIll: isStillIll !== 'recovered',
    };
    return { days: () => ({ value: bedDays(stay, law) }) };
  },
};

/** The level of the digit itself, as every text since the first has it: no day is asked for. */
function printedLevel(digit: string, law: Law) {
  const id = `card-level.${digit}`;
  const since = law.parameters.find((parameter) => parameter.id === id)?.values.at(-1)?.from ?? '';
  return law.trace(since, 'CARD-LEVEL', `printed ${digit}`, (policy) => policy.decimal(id));
}

function ruled({ value, because }: { value: Value; because: RuleApplication }): Outcome {
  return { value, because: [because] };
}

function moment(input: Fields, name: string): string {
  const { at } = input.when(name);
  if (at === null) throw new CaseFault(input.place(name), 'noTime');
  return at;
}

/** Computes a function of a case file. @throws CaseFault; Problem for what the law refuses */
export function computeFunction(fields: Fields, law: Law): Computed {
  const name = fields.oneOf('fn', Object.keys(FUNCTIONS));
  const input = fields.object('input');
  if (!input) throw new CaseFault('input', 'missing');
  const outcomes = FUNCTIONS[name]?.(input, law) ?? {};
  const known = new Map<string, Outcome>();
  const outcome = (path: string): Outcome | undefined => {
    const found = known.get(path) ?? (Object.hasOwn(outcomes, path) ? outcomes[path]?.() : undefined);
    if (found) known.set(path, found);
    return found;
  };
  return {
    value: (path) => outcome(path)?.value,
    get explanation() {
      return [...known].map(([path, { value, because = [] }]) => ({ path, amount: value, rules: because }));
    },
  };
}
