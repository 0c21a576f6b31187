import { type AnyRule, arrivalDay, eachFilled, inTable, rule, value, xml1Row } from '../../rule.ts';
import { yearsOn } from './age.ts';
import { earliestBirth } from './birth.ts';

const VIETNAMESE = '000';
const digitsOf = (text: string) => text.replace(/[\s.]/g, '').replace(/^\+84/, '0');

/** Sex digit of a citizen number: 0 and 1 for births of 1900–1999, 2 and 3 for 2000–2099 …; even = male. */
const sexDigit = (year: number, sex: string) => (Math.floor(year / 100) - 19) * 2 + (sex === '2' ? 1 : 0);

/** Name, identity number, occupation, telephone. */
export const person: readonly AnyRule[] = [
  rule({
    id: 'PAT_HO_TEN_TEXT',
    severity: 'warning',
    stage: 'order',
    params: {},
    check: (claim) =>
      eachFilled([xml1Row(claim)], ['HO_TEN'], (text) => {
        const isWritten = /^[\p{L}\p{M} '’.-]+$/u.test(text);
        const parts = text.split(/ +/).filter((part) => /\p{L}/u.test(part));
        const least = value(claim.xml1, 'MA_QUOCTICH') === VIETNAMESE ? 2 : 1;
        return isWritten && parts.length >= least;
      }),
  }),
  rule({
    id: 'PAT_CCCD_FORMAT',
    severity: 'warning',
    stage: 'order',
    params: {},
    check: (claim) => {
      const isForeign = value(claim.xml1, 'MA_QUOCTICH') !== VIETNAMESE;
      const form = isForeign ? /^[0-9A-Za-z]{6,15}$/ : /^(\d{12}|\d{9})$/;
      return eachFilled([xml1Row(claim)], ['SO_CCCD'], (text) => form.test(text));
    },
  }),
  rule({
    id: 'PAT_CCCD_MISSING',
    severity: 'warning',
    stage: 'order',
    params: { minAge: 14 },
    check: (claim, { minAge }) => {
      const age = yearsOn(claim.xml1, arrivalDay(claim));
      if (value(claim.xml1, 'MA_QUOCTICH') !== VIETNAMESE || age === null || age < minAge)
        return 'not-applicable';
      return value(claim.xml1, 'SO_CCCD') === '' ? [inTable('XML1', 'SO_CCCD', { age: String(age) })] : [];
    },
  }),
  rule({
    id: 'PAT_CCCD_BIRTH_SEX',
    severity: 'warning',
    stage: 'order',
    params: {},
    check: ({ xml1 }) => {
      const citizen = value(xml1, 'SO_CCCD');
      const sex = value(xml1, 'GIOI_TINH');
      const born = earliestBirth(xml1)?.slice(0, 4);
      const isJudged =
        /^\d{12}$/.test(citizen) && value(xml1, 'MA_QUOCTICH') === VIETNAMESE && ['1', '2'].includes(sex);
      if (!isJudged || born === undefined) return 'not-applicable';
      const expected = `${sexDigit(Number(born), sex)}${born.slice(2)}`;
      return citizen.slice(3, 6) === expected ? [] : [inTable('XML1', 'SO_CCCD')];
    },
  }),
  // Two digits; files of older editions have five.
  rule({
    id: 'PAT_OCCUPATION',
    severity: 'warning',
    stage: 'order',
    params: {},
    check: (claim, _, { catalogues: { occupation_catalogue: known } }) =>
      eachFilled(
        [xml1Row(claim)],
        ['MA_NGHE_NGHIEP'],
        (text) => /^(\d{2}|\d{5})$/.test(text) && (text === '00' || !known || known.rows(text).length > 0),
      ),
  }),
  rule({
    id: 'PAT_PHONE',
    severity: 'warning',
    stage: 'order',
    params: {},
    check: (claim) =>
      eachFilled([xml1Row(claim)], ['DIEN_THOAI'], (text) => /^0\d{9,10}$/.test(digitsOf(text))),
  }),
];
