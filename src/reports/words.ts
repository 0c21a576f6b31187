import { readFileSync } from 'node:fs';
import { type Money, moneyText } from '../platform/money.ts';

interface Words {
  readonly digits: readonly string[];
  readonly oneAfterTens: string;
  readonly fourAfterTens: string;
  readonly fiveAfterTens: string;
  readonly ten: string;
  readonly tens: string;
  readonly noTens: string;
  readonly hundred: string;
  readonly thousand: string;
  readonly million: string;
  readonly billion: string;
  readonly currency: string;
}
const W = JSON.parse(readFileSync(new URL('./forms/number-words.json', import.meta.url), 'utf8')) as Words;

/**
 * An amount as it stands on paper in words, first letter large, with the currency. The spelling is decided in
 * docs/decisions/0016 and stands in forms/number-words.json.
 * @param amount whole đồng, not negative
 * @throws RangeError for parts of a đồng (round first) and for less than nothing
 */
export function amountInWords(amount: Money): string {
  const [whole = '', fraction] = moneyText(amount).split('.');
  if (fraction !== '00' || whole.startsWith('-'))
    throw new RangeError(`no whole amount of money: ${moneyText(amount)}`);
  const words = `${numberInWords(whole)} ${W.currency}`;
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** @param digits a whole number without sign, however long */
export function numberInWords(digits: string): string {
  const known = digits.replace(/^0+/, '');
  return known === '' ? (W.digits[0] ?? '') : spoken(known, false).join(' ');
}

const BILLION = 9;

/** @param follows something larger was said before, so that a missing hundred is said too */
function spoken(digits: string, follows: boolean): string[] {
  if (digits.length > BILLION) {
    const high = spoken(digits.slice(0, -BILLION), follows);
    return [...high, W.billion, ...spoken(digits.slice(-BILLION), true)];
  }
  const padded = digits.padStart(BILLION, '0');
  const parts: string[] = [];
  for (const [index, name] of [W.million, W.thousand, ''].entries()) {
    const three = padded.slice(index * 3, index * 3 + 3);
    if (three === '000') continue;
    parts.push(...upToThousand(three, follows || parts.length > 0));
    if (name) parts.push(name);
  }
  return parts;
}

function upToThousand(three: string, follows: boolean): string[] {
  const [hundreds, tens, ones] = three.split('').map(Number) as [number, number, number];
  const digit = (value: number) => W.digits[value] ?? '';
  const parts: string[] = [];
  const hasHundreds = hundreds > 0 || follows;
  if (hasHundreds) parts.push(digit(hundreds), W.hundred);
  if (tens === 0) {
    if (ones > 0) parts.push(...(hasHundreds ? [W.noTens] : []), digit(ones));
    return parts;
  }
  parts.push(...(tens === 1 ? [W.ten] : [digit(tens), W.tens]));
  if (ones === 0) return parts;
  if (ones === 5) parts.push(W.fiveAfterTens);
  else if (tens > 1 && ones === 1) parts.push(W.oneAfterTens);
  else if (tens > 1 && ones === 4) parts.push(W.fourAfterTens);
  else parts.push(digit(ones));
  return parts;
}
