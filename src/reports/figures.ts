import { type Instant, type LocalDate, localDateTime } from '../platform/dates.ts';
import { type Decimalish, decimal, decimalText } from '../platform/money.ts';

/** `1.234.567`, parts of a đồng only where there are some: `1.234,5`. For tables whose heading names the unit. */
export function figure(value: Decimalish): string {
  const [whole = '0', fraction] = decimalText(decimal(value)).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, '.');
  return fraction === undefined ? grouped : `${grouped},${fraction}`;
}

/** An amount: as above, but parts of a đồng always with both digits. */
export function amountFigure(value: string): string {
  const shown = figure(value);
  return /,\d$/.test(shown) ? `${shown}0` : shown;
}

/** `14/08/2026`. */
export function dayFigure(day: LocalDate): string {
  return day.split('-').toReversed().join('/');
}

/** `09:00 14/08/2026`, the wall clock in Viet Nam. */
export function momentFigure(at: Instant): string {
  const [day = '', time = ''] = localDateTime(at).split('T');
  return `${time.slice(0, 5)} ${dayFigure(day)}`;
}
