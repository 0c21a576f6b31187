import { ruleTable, xml1 } from '../../../../test/harness/rules.ts';
import { rules } from './index.ts';

const long = (length: number) => 'A'.repeat(length);
ruleTable(rules, 'STR_MAX_LENGTH', [
  ['100 characters', xml1({ MA_LK: long(100) }), []],
  ['101 characters', xml1({ MA_LK: long(101) }), ['XML1 MA_LK']],
  ['the largest that is in use counts', xml1({ NHOM_MAU: long(10) }), []],
  ['and not one more', xml1({ NHOM_MAU: long(11) }), ['XML1 NHOM_MAU']],
  ['characters, not bytes', xml1({ HO_TEN: 'ế'.repeat(255) }), []],
  ['composed first', xml1({ HO_TEN: 'ế'.normalize('NFD').repeat(255) }), []],
  ['characters beyond the first plane count once', xml1({ HO_TEN: '𠀀'.repeat(255) }), []],
  ['256 of them', xml1({ HO_TEN: '𠀀'.repeat(256) }), ['XML1 HO_TEN']],
  ['blanks around do not count', { ...xml1({}), XML2: [{ DUONG_DUNG: ' 1.01 ' }] }, []],
  ['a tender has a limit of its own', { ...xml1({}), XML3: [{ TT_THAU: long(255) }] }, []],
  ['and not one more', { ...xml1({}), XML3: [{ TT_THAU: long(256) }] }, ['XML3:1 TT_THAU']],
  ['papers too', { ...xml1({}), XML7: [{ MA_LK: long(101) }] }, ['XML7 MA_LK']],
  ['no limit', xml1({ SO_CCCD: long(500) }), []],
  ['47.5 from July 2026 on', { ...xml1({ NGAY_VAO: '202607010000' }), XML2: [{ MUC_HUONG: '47.5' }] }, []],
  ['what the dictionary does not know', xml1({ KHAC: long(9999) }), []],
]);

const numbered = (T_BHTT: string) => xml1({ T_BHTT });
ruleTable(rules, 'STR_NUMBER_FORMAT', [
  [
    'whole, with decimals, negative',
    { ...numbered('1'), XML2: [{ SO_LUONG: '0.333' }, { SO_LUONG: '-1' }] },
    [],
  ],
  ['blanks around', numbered(' 12.50 '), []],
  ...['1,5', '1.234.567', '1 000', '5đ', '.5', '5.', '+5', '1e3'].map(
    (text) => [text, numbered(text), ['XML1 T_BHTT']] as const,
  ),
  [
    'rows and papers',
    { XML3: [{ SO_LUONG: 'x' }], XML11: [{ SO_NGAY_NGHI: 'ba' }] },
    ['XML3:1 SO_LUONG', 'XML11 SO_NGAY_NGHI'],
  ],
  ['blank', numbered(''), []],
  ['a code is no number', xml1({ MA_LOAI_KCB: 'x' }), []],
]);

const coded = (...codes: string[]) => ({ XML2: codes.map((MA_THUOC) => ({ MA_THUOC })) });
ruleTable(rules, 'STR_CODE_WHITESPACE', [
  ['none', coded('40.67'), []],
  [
    'around, inside, a tab',
    coded(' 40.67', '40.67 ', '40 67', '40.67\t'),
    ['XML2:1 MA_THUOC', 'XML2:2 MA_THUOC', 'XML2:3 MA_THUOC', 'XML2:4 MA_THUOC'],
  ],
  [
    'what nobody sees',
    coded('40.67\u00A0', '40.\u200B67', '\uFEFF40.67'),
    ['XML2:1 MA_THUOC', 'XML2:2 MA_THUOC', 'XML2:3 MA_THUOC'],
  ],
  [
    'in other tables',
    { ...xml1({ MA_KHOA: 'K01 ' }), XML4: [{ MA_DICH_VU: ' 1' }] },
    ['XML1 MA_KHOA', 'XML4:1 MA_DICH_VU'],
  ],
  ['nothing but a blank is blank', coded(' '), []],
  ['texts', xml1({ HO_TEN: ' A B ' }), []],
]);

const named = (HO_TEN: string) => xml1({ HO_TEN });
ruleTable(rules, 'STR_TEXT_UNICODE', [
  ['composed', named('Nguyễn Thị Đẹp?'), []],
  ['decomposed', named('Nguyễn'.normalize('NFD')), ['XML1 HO_TEN']],
  ['a lost character', named('Nguy\uFFFDn'), ['XML1 HO_TEN']],
  ['a question mark in a word', named('Nguy?n'), ['XML1 HO_TEN']],
  ['a question mark beside a word', { XML5: [{ DIEN_BIEN_LS: 'Đau bụng? Sốt' }] }, []],
  ['control characters', named('A\u007F'), ['XML1 HO_TEN']],
  ['lines and tabs', { XML4: [{ KET_LUAN: 'A\tB\r\nC' }] }, []],
  [
    'rows',
    { XML2: [{ TEN_THUOC: 'a?b' }], XML4: [{ KET_LUAN: 'a?b' }] },
    ['XML2:1 TEN_THUOC', 'XML4:1 KET_LUAN'],
  ],
  ['blank', named(' '), []],
]);

const done = (MA_LOAI_KCB: string, MA_NHOM: string, NGAY_TH_YL = '') => ({
  ...xml1({ MA_LOAI_KCB }),
  XML2: [{ NGAY_TH_YL }],
  XML3: [{ MA_NHOM, NGAY_TH_YL }],
});
ruleTable(rules, 'STR_REQUIRED_NGAY_TH_YL', [
  ['written', done('03', '1', '202611200800'), []],
  ['an in-patient', done('03', '1'), ['XML2:1 NGAY_TH_YL', 'XML3:1 NGAY_TH_YL']],
  ['drugs to take home', done('01', '18'), ['XML3:1 NGAY_TH_YL']],
  ['an examination', done('01', '13'), []],
  ['no rows', xml1({ MA_LOAI_KCB: '03' }), []],
]);
