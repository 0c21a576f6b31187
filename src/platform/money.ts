import Big from 'big.js';

/**
 * Exact decimals. `Big` is configured never to fall back to floats: constructing one from a JS number throws.
 * Division keeps 20 decimals; the divisors here are powers of ten (percent), for which that is exact.
 * Money travels as text with two decimals (`"351000.00"`), quantities, prices and rates as text without trailing zeros.
 */
const Exact = Big();
Exact.strict = true;
Exact.NE = -30;
Exact.PE = 30;
Exact.DP = 20;

/** An exact decimal: a quantity, a unit price (up to three decimals) or a rate in percent (47.5). */
export type Decimal = Big;
/** An exact amount in đồng, at most two decimals. Never a JS number. */
export type Money = Big;
/** What can be read as an exact decimal without loss. */
export type Decimalish = Big | string;

const PLAIN = /^-?\d{1,18}(\.\d{1,6})?$/;

/** @throws RangeError when the text is not a plain decimal (no exponent, no separators, no blanks). */
export function decimal(value: Decimalish): Decimal {
  if (typeof value !== 'string') return value;
  const known = read.get(value);
  if (known) return known;
  if (!PLAIN.test(value)) throw new RangeError(`not a decimal: ${JSON.stringify(value)}`);
  const found = new Exact(value);
  if (value.length > LONGEST_READ) return found;
  if (read.size >= MOST_READ) read.clear();
  read.set(value, found);
  return found;
}

/** Decimals never change: the same rates, tolerances and prices are read once. */
const read = new Map<string, Decimal>();
const MOST_READ = 10_000;
const LONGEST_READ = 12;

/** @throws RangeError when the text carries more than two decimals that are not zero. */
export function money(value: Decimalish): Money {
  const amount = decimal(value);
  const [, fraction = ''] = amount.toFixed().split('.');
  if (fraction.length > 2) throw new RangeError(`not an amount of money: ${amount.toFixed()}`);
  return amount;
}

export const zero: Money = new Exact('0');

export function add(...amounts: readonly Money[]): Money {
  return amounts.reduce((sum, amount) => sum.plus(amount), zero);
}

const TWO_DECIMALS = /^\d{1,16}\.\d{2}$/;

/**
 * The sum of amounts as text, `"351000.00"`. Many small sums make up a claim: amounts in the form in which the database
 * gives them are added as whole cents.
 * @throws RangeError as `money` does
 */
export function sumText(amounts: readonly string[]): string {
  let cents = 0n;
  for (const amount of amounts) {
    if (!TWO_DECIMALS.test(amount)) return moneyText(add(...amounts.map(money)));
    cents += BigInt(amount.slice(0, -3) + amount.slice(-2));
  }
  const digits = cents.toString().padStart(3, '0');
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/**
 * amount × num ÷ den, rounded half away from zero. The only place in the system where money is rounded.
 * @param decimals 2 for every amount of the official tables, 0 only for cash at the desk
 */
export function scale(
  amount: Decimalish,
  num: Decimalish,
  den: Decimalish = '1',
  decimals: 0 | 2 = 2,
): Money {
  const product = decimal(amount).times(decimal(num));
  const tens = typeof den === 'string' ? TENS[den] : undefined;
  if (tens !== undefined) return product.times(tens).round(decimals, Exact.roundHalfUp);
  const divisor = decimal(den);
  if (divisor.eq('0')) throw new RangeError('division by zero');
  return product.div(divisor).round(decimals, Exact.roundHalfUp);
}

/** To divide by these is exactly to multiply by those, which is quicker. */
const TENS: Readonly<Record<string, Decimal>> = {
  '1': new Exact('1'),
  '100': new Exact('0.01'),
  '10000': new Exact('0.0001'),
};

/** `"351000.00"`: how amounts stand in JSON and in the database. */
export function moneyText(amount: Money): string {
  return amount.toFixed(2);
}

/** `"47.5"`, `"100"`, `"3.333"`: no trailing zeros, how decimals stand in claim tables. */
export function decimalText(value: Decimalish): string {
  const text = decimal(value).toFixed();
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

/** `1.234.567 đ` for people, amounts with đồng fractions keep them: `1.234,50 đ`. */
export function moneyForPeople(amount: Money, language: 'vi' | 'en' = 'vi'): string {
  const [whole = '0', fraction = '00'] = amount.toFixed(2).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, language === 'vi' ? '.' : ',');
  const tail = fraction === '00' ? '' : (language === 'vi' ? ',' : '.') + fraction;
  return `${grouped}${tail} ${language === 'vi' ? 'đ' : 'VND'}`;
}
