import { expect, test } from '@jest/globals';
import { dosageOf } from './dosage.ts';

const read = (text: string) => {
  const dose = dosageOf(text);
  if (!dose) return null;
  const of = (one: typeof dose.each) => one && `${one.over.toFixed()}/${one.under.toFixed()}`;
  return [of(dose.each), of(dose.times), dose.days, dose.units.join()];
};

test.each([
  ['2 viên/lần * 3 lần/ngày * 5 ngày [30 viên]', ['2/1', '3/1', 5, 'viên']],
  ['2 viên/lần*3 lần/ngày*5 ngày 6 viên/ngày', ['2/1', '3/1', 5, 'viên']],
  ['2 * 3 * 5', ['2/1', '3/1', 5, '']],
  ['0,5 Viên / lần * 2 lần / ngày * 10', ['0.5/1', '2/1', 10, 'viên']],
  ['1/2 viên/lần * 2.5 lần/ngày * 3 ngày', ['1/2', '2.5/1', 3, 'viên']],
  ['1 lọ/lần * 2 lần/ngày', ['1/1', '2/1', null, 'lọ']],
  ['1 lọ/lần * 2 lần/ngày [2 lọ/ngày]', ['1/1', '2/1', null, 'lọ']],
  ['Bôi ngoài da ngày 2 lần * 7 ngày [1 tuýp]', [null, null, 7, '']],
  ['Uống sau ăn * 5', [null, null, 5, '']],
  ['Sáng: 1 viên, Trưa: 0,5 viên, Tối: 1/2 viên [2 viên/ngày]', [null, null, null, 'viên']],
  ['sáng 1 viên; chiều 1 gói * 7 ngày', [null, null, 7, 'viên,gói']],
  ['Tối: 1', [null, null, null, '']],
])('%s', (text, expected) => expect(read(text)).toEqual(expected));

test.each([
  'uống khi đau',
  'hai viên/lần * 3 lần/ngày * 5 ngày',
  '2 viên/lần * 3 lần/ngày * hết thuốc',
  '2 viên * 3 lần * 5 ngày * 2 tuần',
  '* 5 ngày',
  'Sáng: một viên',
  'uống * theo đơn',
])('no dosage: %s', (text) => expect(read(text)).toBeNull());
