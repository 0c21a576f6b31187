import { describe, expect, test } from '@jest/globals';
import { instantAt } from '../platform/dates.ts';
import { parseCard, treatmentDays } from './index.ts';

const arrived = instantAt('2026-03-10', '08:00');
const ended = instantAt('2026-03-14', '10:00');

describe('days of treatment (statistic)', () => {
  test.each([
    ['01', 0],
    ['07', 0],
    ['09', 0],
    ['02', 5],
    ['03', 5],
    ['04', 5],
    ['06', 5],
  ])('kind of care %s: %d', (classCode, days) => {
    expect(treatmentDays(classCode, arrived, ended, null)).toBe(days);
  });
  test('in and out on one day is one day', () => {
    expect(treatmentDays('03', arrived, instantAt('2026-03-10', '23:59'), null)).toBe(1);
  });
  test('the days are those of the wall clock in Viet Nam', () => {
    expect(treatmentDays('03', '2026-03-10T16:59:00.000Z', '2026-03-10T17:01:00.000Z', null)).toBe(2);
  });
  test('admission inside the stay is the first day, outside it is not', () => {
    expect(treatmentDays('03', arrived, ended, instantAt('2026-03-12', '09:00'))).toBe(3);
    expect(treatmentDays('03', arrived, ended, arrived)).toBe(5);
    expect(treatmentDays('03', arrived, ended, ended)).toBe(1);
    expect(treatmentDays('03', arrived, ended, instantAt('2026-03-09', '09:00'))).toBe(5);
    expect(treatmentDays('03', arrived, ended, instantAt('2026-03-15', '09:00'))).toBe(5);
  });
  test('long drug treatment counts days of drugs, class 08 days with a service', () => {
    expect(treatmentDays('05', arrived, ended, null, 28, 3)).toBe(28);
    expect(treatmentDays('08', arrived, ended, null, 28, 3)).toBe(3);
  });
  test.each([
    ['days of drugs not given', '05', undefined, 3],
    ['days with a service not given', '08', 28, undefined],
    ['a kind of care without a known text', '10', 28, 3],
  ])('%s: refused, not guessed', (_name, classCode, drugDays, serviceDays) => {
    expect(() => treatmentDays(classCode, arrived, ended, null, drugDays, serviceDays)).toThrow(
      expect.objectContaining({
        type: 'policy-not-in-force',
        values: { what: `treatment-days.${classCode}`, date: '2026-03-14' },
      }),
    );
  });
});

describe('card number', () => {
  test('its parts', () => {
    expect(parseCard('DN4990000000001')).toEqual({
      objectGroup: 'DN',
      benefitDigit: '4',
      provinceCode: '99',
      insuranceNumber: '0000000001',
    });
  });
  test.each([
    ['digit 0', 'DN0990000000001'],
    ['digit 6', 'DN6990000000001'],
    ['ten digits', '0000000001'],
    ['citizen id', '040123456789'],
    ['too long', 'DN49900000000012'],
    ['small letters', 'dn4990000000001'],
    ['empty', ''],
  ])('%s is refused without repeating the number', (_name, cardNumber) => {
    expect(() => parseCard(cardNumber)).toThrow(
      expect.objectContaining({ type: 'unknown-code', values: {} }),
    );
  });
});
