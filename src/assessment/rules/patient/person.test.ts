import { ruleTable, xml1 } from '../../../../test/harness/rules.ts';
import { catalogueOf } from '../../catalogues.ts';
import { rules } from './index.ts';

const name = (HO_TEN: string, MA_QUOCTICH = '000') => xml1({ HO_TEN, MA_QUOCTICH });
ruleTable(rules, 'PAT_HO_TEN_TEXT', [
  ['two words', name('Lê An'), []],
  ['letters in two parts (NFD)', name('Nguyễn Ân'.normalize('NFD')), []],
  ['apostrophe, hyphen, dot', name("Y H'Ri Niê-K. Đăm"), []],
  ['one word', name('An'), ['XML1 HO_TEN']],
  ['a dot is no name', name('An .'), ['XML1 HO_TEN']],
  ['one word, a foreigner', name('Suharto', '360'), []],
  ['a digit', name('Lê An 2'), ['XML1 HO_TEN']],
  ['a digit, a foreigner', name('John 2', '840'), ['XML1 HO_TEN']],
  ['a bracket', name('Lê An (con bà Hoa)'), ['XML1 HO_TEN']],
  ['blank', name(' '), []],
]);

const citizen = (SO_CCCD: string, MA_QUOCTICH = '000') => xml1({ SO_CCCD, MA_QUOCTICH });
ruleTable(rules, 'PAT_CCCD_FORMAT', [
  ['twelve digits', citizen('040190000001'), []],
  ['nine digits', citizen('186123456'), []],
  ['ten digits', citizen('1861234567'), ['XML1 SO_CCCD']],
  ['a letter', citizen('B1234567'), ['XML1 SO_CCCD']],
  ['a passport', citizen('B1234567', '840'), []],
  ['six characters', citizen('A12345', '840'), []],
  ['five characters', citizen('A1234', '840'), ['XML1 SO_CCCD']],
  ['sixteen characters', citizen('A123456789012345', '840'), ['XML1 SO_CCCD']],
  ['blank', citizen(''), []],
]);

const aged = (NGAY_SINH: string, more = {}) =>
  xml1({ MA_QUOCTICH: '000', NGAY_VAO: '202611020800', NGAY_SINH, ...more });
ruleTable(rules, 'PAT_CCCD_MISSING', [
  ['fourteen today', aged('201211020000'), ['XML1 SO_CCCD']],
  ['fourteen tomorrow', aged('201211030000'), []],
  ['only the year is known', aged('201200000000'), ['XML1 SO_CCCD']],
  ['has one', aged('199002030000', { SO_CCCD: '040190000001' }), []],
  ['a foreigner', aged('199002030000', { MA_QUOCTICH: '840' }), []],
  ['no birth', aged(''), []],
]);

const bornAs = (SO_CCCD: string, NGAY_SINH: string, GIOI_TINH: string, more = {}) =>
  xml1({ MA_QUOCTICH: '000', SO_CCCD, NGAY_SINH, GIOI_TINH, ...more });
ruleTable(rules, 'PAT_CCCD_BIRTH_SEX', [
  ['a man of 1990', bornAs('040090000001', '199002030000', '1'), []],
  ['a woman of 1990', bornAs('040190000001', '199002030000', '2'), []],
  ['a boy of 2000', bornAs('040200000001', '200001010000', '1'), []],
  ['a girl of 2015', bornAs('040315000001', '201500000000', '2'), []],
  ['another sex', bornAs('040090000001', '199002030000', '2'), ['XML1 SO_CCCD']],
  ['another year', bornAs('040091000001', '199012310000', '1'), ['XML1 SO_CCCD']],
  ['another century', bornAs('040000000001', '200001010000', '1'), ['XML1 SO_CCCD']],
  ['undetermined', bornAs('040090000001', '199102030000', '3'), []],
  ['nine digits', bornAs('186123456', '199102030000', '1'), []],
  ['no day of the calendar', bornAs('040090000001', '199113010000', '1'), []],
  ['a foreigner', bornAs('040090000001', '199102030000', '1', { MA_QUOCTICH: '840' }), []],
]);

const works = (MA_NGHE_NGHIEP: string) => xml1({ MA_NGHE_NGHIEP });
ruleTable(rules, 'PAT_OCCUPATION', [
  ['two digits', works('22'), []],
  ['five digits of older editions', works('00000'), []],
  ['three digits', works('221'), ['XML1 MA_NGHE_NGHIEP']],
  ['a word', works('GV'), ['XML1 MA_NGHE_NGHIEP']],
  ['blank', works(''), []],
]);
ruleTable(
  rules,
  'PAT_OCCUPATION',
  [
    ['in the catalogue', works('22'), []],
    ['none', works('00'), []],
    ['not in the catalogue', works('23'), ['XML1 MA_NGHE_NGHIEP']],
  ],
  { occupation_catalogue: catalogueOf([{ code: '22' }], 'code')! },
);

const phone = (DIEN_THOAI: string) => xml1({ DIEN_THOAI });
ruleTable(rules, 'PAT_PHONE', [
  ['ten digits', phone('0912345678'), []],
  ['eleven digits', phone('02383844528'), []],
  ['with the country', phone('+84 912.345.678'), []],
  ['nine digits', phone('091234567'), ['XML1 DIEN_THOAI']],
  ['twelve digits', phone('091234567890'), ['XML1 DIEN_THOAI']],
  ['no zero', phone('912345678'), ['XML1 DIEN_THOAI']],
  ['blank', phone(''), []],
]);
