import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { money } from '../platform/money.ts';
import { amountInWords, numberInWords } from './words.ts';

const TABLE: readonly (readonly [string, string])[] = [
  ['0', 'không'],
  ['00', 'không'],
  ['1', 'một'],
  ['4', 'bốn'],
  ['5', 'năm'],
  ['9', 'chín'],
  ['10', 'mười'],
  ['11', 'mười một'],
  ['14', 'mười bốn'],
  ['15', 'mười lăm'],
  ['19', 'mười chín'],
  ['20', 'hai mươi'],
  ['21', 'hai mươi mốt'],
  ['24', 'hai mươi tư'],
  ['25', 'hai mươi lăm'],
  ['30', 'ba mươi'],
  ['44', 'bốn mươi tư'],
  ['55', 'năm mươi lăm'],
  ['91', 'chín mươi mốt'],
  ['99', 'chín mươi chín'],
  ['100', 'một trăm'],
  ['101', 'một trăm linh một'],
  ['104', 'một trăm linh bốn'],
  ['105', 'một trăm linh năm'],
  ['110', 'một trăm mười'],
  ['111', 'một trăm mười một'],
  ['115', 'một trăm mười lăm'],
  ['121', 'một trăm hai mươi mốt'],
  ['500', 'năm trăm'],
  ['505', 'năm trăm linh năm'],
  ['999', 'chín trăm chín mươi chín'],
  ['1000', 'một nghìn'],
  ['1001', 'một nghìn không trăm linh một'],
  ['1010', 'một nghìn không trăm mười'],
  ['1021', 'một nghìn không trăm hai mươi mốt'],
  ['1100', 'một nghìn một trăm'],
  ['4000', 'bốn nghìn'],
  ['5015', 'năm nghìn không trăm mười lăm'],
  ['10000', 'mười nghìn'],
  ['15000', 'mười lăm nghìn'],
  ['21000', 'hai mươi mốt nghìn'],
  ['21001', 'hai mươi mốt nghìn không trăm linh một'],
  ['100000', 'một trăm nghìn'],
  ['105000', 'một trăm linh năm nghìn'],
  ['379500', 'ba trăm bảy mươi chín nghìn năm trăm'],
  ['1000000', 'một triệu'],
  ['1000005', 'một triệu không trăm linh năm'],
  ['1005000', 'một triệu không trăm linh năm nghìn'],
  ['1050000', 'một triệu không trăm năm mươi nghìn'],
  ['1500000', 'một triệu năm trăm nghìn'],
  ['7429603', 'bảy triệu bốn trăm hai mươi chín nghìn sáu trăm linh ba'],
  ['24024024', 'hai mươi tư triệu không trăm hai mươi tư nghìn không trăm hai mươi tư'],
  ['101101101', 'một trăm linh một triệu một trăm linh một nghìn một trăm linh một'],
  ['1000000000', 'một tỷ'],
  ['1000000001', 'một tỷ không trăm linh một'],
  ['1000001000', 'một tỷ không trăm linh một nghìn'],
  ['1005000000', 'một tỷ không trăm linh năm triệu'],
  ['1200000000', 'một tỷ hai trăm triệu'],
  ['21000000000', 'hai mươi mốt tỷ'],
  ['105000000000', 'một trăm linh năm tỷ'],
  ['1000000000000', 'một nghìn tỷ'],
  ['1001000000000', 'một nghìn không trăm linh một tỷ'],
  ['1000000000000000000', 'một tỷ tỷ'],
  [
    '9999999999999',
    'chín nghìn chín trăm chín mươi chín tỷ chín trăm chín mươi chín triệu chín trăm chín mươi chín nghìn chín trăm chín mươi chín',
  ],
];

describe('numbers in words', () => {
  test.each(TABLE)('%s', (digits, words) => expect(numberInWords(digits)).toBe(words));

  test('of an amount: a large first letter and the currency', () => {
    expect(amountInWords(money('220000.00'))).toBe('Hai trăm hai mươi nghìn đồng');
    expect(amountInWords(money('0'))).toBe('Không đồng');
  });

  test('parts of a đồng and less than nothing have none', () => {
    for (const amount of ['0.01', '100.50', '-1', '-0.01'])
      expect(() => amountInWords(money(amount))).toThrow(RangeError);
  });

  test('read back they are the number, up to all that the database can hold', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 9_999_999_999_999_999n }), (number) => {
        expect(readBack(numberInWords(String(number)))).toBe(number);
      }),
      { numRuns: 2000 },
    );
  });

  test('different numbers have different words', () => {
    const words = new Set(Array.from({ length: 20_000 }, (_, number) => numberInWords(String(number))));
    expect(words.size).toBe(20_000);
  });
});

const DIGITS: Readonly<Record<string, bigint>> = {
  không: 0n,
  một: 1n,
  mốt: 1n,
  hai: 2n,
  ba: 3n,
  bốn: 4n,
  tư: 4n,
  năm: 5n,
  lăm: 5n,
  sáu: 6n,
  bảy: 7n,
  tám: 8n,
  chín: 9n,
};

/** A reader of its own: adds up what it hears. */
function readBack(words: string): bigint {
  let [billions, section, group, last] = [0n, 0n, 0n, 0n];
  const close = () => {
    group += last;
    last = 0n;
  };
  for (const word of words.split(' ')) {
    if (word in DIGITS) last = DIGITS[word]!;
    else if (word === 'mười') group += 10n;
    else if (word === 'mươi') [group, last] = [group + last * 10n, 0n];
    else if (word === 'trăm') [group, last] = [group + last * 100n, 0n];
    else if (word === 'nghìn' || word === 'triệu') {
      close();
      [section, group] = [section + group * (word === 'nghìn' ? 1000n : 1_000_000n), 0n];
    } else if (word === 'tỷ') {
      close();
      [billions, section, group] = [(billions + section + group) * 1_000_000_000n, 0n, 0n];
    } else if (word !== 'linh') throw new Error(`no number word: ${word}`);
  }
  return billions + section + group + last;
}
