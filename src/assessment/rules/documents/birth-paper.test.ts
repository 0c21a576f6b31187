import { ruleTable, xml1 } from '../../../../test/harness/rules.ts';
import { rules } from './index.ts';

const births = (XML9: readonly Record<string, string>[], XML1: Record<string, string> = {}) => ({
  XML1: [XML1],
  XML9,
});

ruleTable(rules, 'XML9_FOR_BIRTH_WEIGHT', [
  ['one baby', births([{}], { CAN_NANG_CON: '3200' }), []],
  ['twins', births([{}, {}], { CAN_NANG_CON: '2400;2600' }), []],
  ['twins with one paper', births([{}], { CAN_NANG_CON: '2400;2600' }), ['XML9 null']],
  ['no paper', xml1({ CAN_NANG_CON: '3200' }), ['XML9 null']],
  ['no delivery', xml1({}), []],
]);

const mother = (more: Record<string, string>) => births([more]);
const at = (field: string) => [`XML9:1 ${field}`];
ruleTable(rules, 'XML9_MOTHER_FORMAT', [
  [
    'all of it',
    mother({
      MA_BHXH_NND: '4000000001',
      MA_THE_NND: 'DN4404000000001',
      NGAYSINH_NND: '19950101',
      SO_CCCD_NND: '040095000001',
      NGAYCAP_CCCD_NND: '20210101',
      MA_DANTOC_NND: '01',
      MA_QUOCTICH: '000',
    }),
    [],
  ],
  ['nine digits of the old card', mother({ SO_CCCD_NND: '123456789' }), []],
  ['ten digits', mother({ SO_CCCD_NND: '1234567890' }), at('SO_CCCD_NND')],
  ['a passport of a foreigner', mother({ SO_CCCD_NND: 'P1234567', MA_QUOCTICH: '116' }), []],
  ['a passport of a citizen', mother({ SO_CCCD_NND: 'P1234567', MA_QUOCTICH: '000' }), at('SO_CCCD_NND')],
  ['nine digits of an insurance number', mother({ MA_BHXH_NND: '400000001' }), at('MA_BHXH_NND')],
  ['fourteen characters of a card', mother({ MA_THE_NND: 'DN440400000001' }), at('MA_THE_NND')],
  ['born today', mother({ NGAYSINH_NND: '20261124' }), []],
  ['born tomorrow', mother({ NGAYSINH_NND: '20261125' }), at('NGAYSINH_NND')],
  ['no day', mother({ NGAYSINH_NND: '19950231' }), at('NGAYSINH_NND')],
  [
    'a paper of the day of birth',
    mother({ NGAYSINH_NND: '19950101', NGAYCAP_CCCD_NND: '19950101' }),
    at('NGAYCAP_CCCD_NND'),
  ],
  ['a paper of tomorrow', mother({ NGAYCAP_CCCD_NND: '20261125' }), at('NGAYCAP_CCCD_NND')],
  ['one digit of a people', mother({ MA_DANTOC_NND: '1' }), at('MA_DANTOC_NND')],
  ['letters of a country', mother({ MA_QUOCTICH: 'VN' }), at('MA_QUOCTICH')],
  ['nothing said', mother({ MA_BHXH_NND: ' ' }), []],
]);

const child = {
  GIOI_TINH_CON: '1',
  SO_CON: '1',
  LAN_SINH: '1',
  SO_CON_SONG: '1',
  CAN_NANG_CON: '3200',
  NGAY_SINH_CON: '202611010800',
  NOI_SINH_CON: 'x',
  NGUOI_DO_DE: 'x',
  NGUOI_GHI_PHIEU: 'x',
  NGAY_CT: '20261101',
  SO: '1',
  QUYEN_SO: '1',
  MA_TTDV: '1',
};
ruleTable(rules, 'XML9_CHILD_FIELDS', [
  ['all there', births([child]), []],
  [
    'the ends',
    births([{ ...child, GIOI_TINH_CON: '3', CAN_NANG_CON: '200', LAN_SINH: '0', SO_CON_SONG: '0' }]),
    [],
  ],
  [
    'the other ends',
    births([{ ...child, CAN_NANG_CON: '9999', SO_CON: '99', LAN_SINH: '99', SO_CON_SONG: '99' }]),
    [],
  ],
  [
    'below and beyond',
    births([child, { ...child, GIOI_TINH_CON: '4', SO_CON: '0', CAN_NANG_CON: '199' }]),
    ['XML9:2 GIOI_TINH_CON', 'XML9:2 SO_CON', 'XML9:2 CAN_NANG_CON'],
  ],
  ['kilograms', births([{ ...child, CAN_NANG_CON: '3.2' }]), at('CAN_NANG_CON')],
  ['blank', births([{ ...child, QUYEN_SO: ' ' }]), at('QUYEN_SO')],
  ['no paper', xml1({}), []],
]);

const born = (NGAY_SINH_CON: string) =>
  births([{ NGAY_SINH_CON }], { NGAY_VAO: '202611020800', NGAY_RA: '202611051500' });
ruleTable(rules, 'XML9_BIRTH_IN_STAY', [
  ['in the stay', born('202611021200'), []],
  ['a day before, on the way', born('202611010800'), []],
  ['a minute earlier', born('202611010759'), at('NGAY_SINH_CON')],
  ['the last minute', born('202611051500'), []],
  ['a minute later', born('202611051501'), at('NGAY_SINH_CON')],
  ['no time', born('20261102'), []],
  ['still there', births([{ NGAY_SINH_CON: '202601010000' }], { NGAY_VAO: '202611020800' }), []],
]);

ruleTable(rules, 'XML9_BABY_COUNT', [
  ['one of one', births([{ SO_CON: '1', SO_CON_SONG: '1' }]), []],
  ['more living than now', births([{ SO_CON: '1', SO_CON_SONG: '3' }]), []],
  [
    'two papers, one baby',
    births([
      { SO_CON: '1', SO_CON_SONG: '2' },
      { SO_CON: '2', SO_CON_SONG: '1' },
    ]),
    ['XML9:1 SO_CON', 'XML9:2 SO_CON_SONG'],
  ],
  ['what is no number is left to others', births([{ SO_CON: 'x' }, { SO_CON: '' }]), []],
  ['no paper', xml1({}), []],
]);
