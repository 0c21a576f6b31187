import { expect, test } from '@jest/globals';
import { setTable, visit } from '../../../../test/harness/rules.ts';
import { rules } from './index.ts';

const SAME = {
  HO_TEN: 'Nguyễn Văn An',
  MA_BENH_CHINH: 'J18.9',
  T_TONGCHI_BV: '100000.00',
  T_BHTT: '80000.00',
};
const first = visit(SAME);
const again = (values = {}) => visit({ ...SAME, MA_LK: 'B', ...values });
const spoken = ['2 XML1 MA_LK'];

setTable(rules, 'XENC_DUPLICATE_CLAIM', [
  ['the same again', [first, again()], spoken],
  ['the name in other letters', [first, again({ HO_TEN: '  NGUYỄN  văn An ' })], spoken],
  ['exactly the tolerance', [first, again({ T_BHTT: '80002.00' })], spoken],
  ['a hundredth more', [first, again({ T_BHTT: '80002.01' })], []],
  ['a minute later', [first, again({ NGAY_VAO: '202611020801' })], []],
  ['another disease', [first, again({ MA_BENH_CHINH: 'J18' })], []],
  ['another facility', [first, again({ MA_CSKCB: '40555', SO_CCCD: '1' })], []],
  ['another person', [first, again({ MA_BN: 'P2' })], []],
  ['no sum', [visit({ ...SAME, T_BHTT: '' }), again({ T_BHTT: '' })], []],
  ['the same record sent twice', [first, visit(SAME)], []],
  ['a pair is reported once', [first, again(), again({ MA_LK: 'C' })], ['2 XML1 MA_LK', '3 XML1 MA_LK']],
  ['alone', [first], []],
]);

setTable(rules, 'XENC_MA_LK_REUSED', [
  ['the same record again', [first, first], []],
  ['for another patient', [first, visit({ MA_BN: 'P2' })], spoken],
  ['for another arrival', [first, visit({ NGAY_VAO: '202611030800' })], spoken],
  ['a minute later', [first, visit({ NGAY_VAO: '202611020801' })], spoken],
  ['the arrival is blank', [first, visit({ NGAY_VAO: '' })], []],
  ['at another facility', [first, visit({ MA_BN: 'P2', MA_CSKCB: '40555' })], []],
  ['no key', [visit({ MA_LK: '' }), visit({ MA_LK: '', MA_BN: 'P2' })], []],
]);

const citizen = (MA_LK: string, HO_TEN: string, NGAY_SINH: string, more = {}) =>
  visit({ MA_LK, MA_BN: MA_LK, SO_CCCD: '040190000001', HO_TEN, NGAY_SINH, ...more });
setTable(rules, 'XENC_CCCD_TWO_PATIENTS', [
  [
    'the same person, day unknown',
    [citizen('A', 'Lê An', '199002030000'), citizen('B', 'LÊ  AN', '199000000000')],
    [],
  ],
  [
    'another name',
    [citizen('A', 'Lê An', '199002030000'), citizen('B', 'Lê Ân', '199002030000')],
    ['2 XML1 SO_CCCD'],
  ],
  [
    'another year',
    [citizen('A', 'Lê An', '199012310000'), citizen('B', 'Lê An', '199101010000')],
    ['2 XML1 SO_CCCD'],
    { cause: 'person B' },
  ],
  ['a blank name', [citizen('A', '', '199002030000'), citizen('B', 'Lê Ân', '199002030000')], []],
  [
    'at another facility: not to be shown',
    [citizen('A', 'Lê An', '1990'), citizen('B', 'Vũ Bình', '1990', { MA_CSKCB: '40555' })],
    [],
  ],
  ['no number', [visit({ HO_TEN: 'Lê An' }), visit({ MA_LK: 'B', HO_TEN: 'Vũ Bình' })], []],
]);

const card = (MA_LK: string, HO_TEN: string, NGAY_SINH: string, more = {}) =>
  visit({ MA_LK, MA_BN: MA_LK, MA_THE_BHYT: 'DN4400012345678', HO_TEN, NGAY_SINH, ...more });
const AN = card('A', 'Lê An', '199002030000');
setTable(rules, 'XENC_CARD_TWO_PERSONS', [
  [
    'two persons on one day',
    [AN, card('B', 'Vũ Bình', '198001010000')],
    ['2 XML1 MA_THE_BHYT'],
    { cause: 'person B' },
  ],
  [
    'the class of the card has changed',
    [AN, card('B', 'Vũ Bình', '198001010000', { MA_THE_BHYT: 'HT3400012345678' })],
    ['2 XML1 MA_THE_BHYT'],
  ],
  ['only the name differs', [AN, card('B', 'Lê Thị An', '199002030000')], []],
  ['only the birth differs', [AN, card('B', 'Lê An', '198001010000')], []],
  [
    'the next day',
    [AN, card('B', 'Vũ Bình', '198001010000', { NGAY_VAO: '202611030000', NGAY_RA: '202611031000' })],
    [],
  ],
  [
    'the last minute of the day',
    [AN, card('B', 'Vũ Bình', '198001010000', { NGAY_VAO: '202611022359', NGAY_RA: '202611031000' })],
    ['2 XML1 MA_THE_BHYT'],
  ],
  ['another card', [AN, card('B', 'Vũ Bình', '1980', { MA_THE_BHYT: 'DN4400012345679' })], []],
  ['no card', [card('A', 'Lê An', '1990', { MA_THE_BHYT: '' }), card('B', 'Vũ Bình', '1980')], []],
]);

const leavePaper = (MA_LK: string, SO_CT: string, NGAY_CT: string, more = {}) =>
  visit({ MA_LK, ...more }, { XML11: [{ SO_CT, NGAY_CT }] });
setTable(rules, 'XENC_PAPER_SERIAL', [
  [
    'used twice in a year',
    [leavePaper('A', '12', '20260101'), leavePaper('B', '12', '20261231')],
    ['2 XML11 SO_CT'],
  ],
  ['the next year', [leavePaper('A', '12', '20251231'), leavePaper('B', '12', '20260101')], []],
  [
    'another facility',
    [leavePaper('A', '12', '2026'), leavePaper('B', '12', '2026', { MA_CSKCB: '40555' })],
    [],
  ],
  [
    'another kind of paper',
    [leavePaper('A', '12', '2026'), visit({ MA_LK: 'B' }, { XML14: [{ SO_GIAYHEN_KL: '12' }] })],
    [],
  ],
  ['the same record again', [leavePaper('A', '12', '2026'), leavePaper('A', '12', '2026')], []],
  [
    'a referral has no date: the end of the visit counts',
    ['A', 'B'].map((MA_LK) => visit({ MA_LK }, { XML13: [{ SO_CHUYENTUYEN: '3' }] })),
    ['2 XML13 SO_CHUYENTUYEN'],
  ],
  [
    'the discharge paper',
    ['A', 'B'].map((MA_LK) => visit({ MA_LK }, { XML7: [{ SO_LUU_TRU: '3' }] })),
    ['2 XML7 SO_LUU_TRU'],
  ],
  ['no paper', [visit({}), visit({ MA_LK: 'B' })], []],
]);

test('XENC_MA_LK_REUSED is silent for a record that stands twice in its file', () => {
  expect(rules.find(({ id }) => id === 'XENC_MA_LK_REUSED')?.parents).toEqual(['STR_DUPLICATE_HOSO']);
});
