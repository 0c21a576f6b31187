import { ruleTable, xml1 } from '../../../../test/harness/rules.ts';
import { catalogueOf } from '../../catalogues.ts';
import type { Row } from '../../rule.ts';
import { rules } from './index.ts';

const CARD = 'DN4400012345678';
const GOOD = {
  card: CARD,
  at: '202611020810',
  result: '000',
  name: 'Lê Thị An',
  birth: '19900203',
  sex: '2',
  registered: '40001',
  validFrom: '20260101',
  validTo: '20261231',
  area: '',
};
const lookups = (...rows: Readonly<Record<string, string>>[]) => ({
  card_lookup: catalogueOf(rows, 'card')!,
});
const visit = (more: Row = {}) =>
  xml1({ MA_THE_BHYT: CARD, NGAY_VAO: '202611020800', NGAY_RA: '202611021000', ...more });
const spoken = ['XML1 MA_THE_BHYT'];
const open = visit({ NGAY_RA: '' });

ruleTable(
  rules,
  'CARD_LOOKUP_STATUS',
  [
    ['the newest answer is good', visit(), []],
    ['made a day before the arrival', visit({ NGAY_VAO: '202611020811' }), []],
    ['the newest one came after the end', visit({ NGAY_RA: '202611020805' }), spoken],
    ['another card', visit({ MA_THE_BHYT: 'HT3400012345678' }), []],
    ['no arrival', visit({ NGAY_VAO: '' }), []],
  ],
  lookups({ card: CARD, at: '202611020801', result: '060', text: 'Sai họ tên' }, GOOD),
);
for (const [result, expected] of [
  ['001', []],
  ['004', []],
  ['003', spoken],
  ['061', spoken],
  ['110', spoken],
  ['054', []],
  ['500', []],
] as const)
  ruleTable(
    rules,
    'CARD_LOOKUP_STATUS',
    [
      [`code ${result}`, open, expected],
      ['a good card beside it', visit({ MA_THE_BHYT: 'GD4400000000001' }), []],
      ['a revoked card beside it', visit({ MA_THE_BHYT: 'GD4400000000002' }), spoken],
      ['the same, a newborn', visit({ MA_THE_BHYT: 'GD4400000000002', MA_DOITUONG_KCB: '1.7' }), []],
    ],
    lookups(
      { card: CARD, at: '202611020801', result },
      { ...GOOD, card: 'GD4400000000001' },
      { ...GOOD, card: 'GD4400000000002', result: '110' },
    ),
  );

ruleTable(
  rules,
  'CARD_LOOKUP_MISSING',
  [
    ['looked up', visit(), []],
    ['exactly a day before', visit({ NGAY_VAO: '202611030810', NGAY_RA: '202611031000' }), []],
    ['a minute earlier', visit({ NGAY_VAO: '202611030811', NGAY_RA: '202611031000' }), spoken],
    ['at the last minute', visit({ NGAY_RA: '202611020810' }), []],
    ['after the end', visit({ NGAY_RA: '202611020809' }), spoken],
    ['another card', visit({ MA_THE_BHYT: 'HT3400012345678' }), spoken],
    ['only trouble was answered', visit({ MA_THE_BHYT: 'GD4400000000001' }), spoken],
    ['a temporary newborn card is looked up in vain', visit({ MA_THE_BHYT: 'TE140KT12345678' }), []],
    ['class 1.7', visit({ MA_THE_BHYT: 'HT3400012345678', MA_DOITUONG_KCB: '1.7' }), []],
    ['no card', visit({ MA_THE_BHYT: '' }), []],
  ],
  lookups(GOOD, { ...GOOD, card: 'GD4400000000001', result: '101' }),
);

const WHO = { HO_TEN: 'Lê Thị An', NGAY_SINH: '199002030000', GIOI_TINH: '2' };
ruleTable(
  rules,
  'CARD_LOOKUP_IDENTITY',
  [
    ['all the same', visit(WHO), []],
    ['the name in other letters', visit({ ...WHO, HO_TEN: 'LÊ THỊ  AN'.normalize('NFD') }), []],
    ['another name', visit({ ...WHO, HO_TEN: 'Lê Thị Ân' }), ['XML1 HO_TEN']],
    ['another day', visit({ ...WHO, NGAY_SINH: '199002040000' }), ['XML1 NGAY_SINH']],
    ['another sex', visit({ ...WHO, GIOI_TINH: '1' }), ['XML1 GIOI_TINH']],
    ['the card holds the year only', visit({ ...WHO, MA_THE_BHYT: 'GD4400000000001' }), []],
    [
      'another year',
      visit({ ...WHO, MA_THE_BHYT: 'GD4400000000001', NGAY_SINH: '199102030000' }),
      ['XML1 NGAY_SINH'],
    ],
    ['the answer holds the verdict only', visit({ ...WHO, MA_THE_BHYT: 'QN5970000000001', HO_TEN: 'X' }), []],
    ['blank', visit({}), []],
    ['not looked up', visit({ ...WHO, MA_THE_BHYT: 'HT3400012345678', HO_TEN: 'X' }), []],
  ],
  lookups(
    GOOD,
    { ...GOOD, card: 'GD4400000000001', birth: '1990' },
    { card: 'QN5970000000001', at: '202611020810', result: '001', name: '', birth: '', sex: '' },
  ),
);

const HELD = { MA_DKBD: '40001', GT_THE_TU: '20260101', GT_THE_DEN: '20261231' };
ruleTable(
  rules,
  'CARD_LOOKUP_VALIDITY',
  [
    ['all the same', visit(HELD), []],
    ['a card of which nobody asked', visit({ ...HELD, MA_THE_BHYT: 'HT3400099999999' }), []],
    ['registered elsewhere', visit({ ...HELD, MA_DKBD: '40002' }), ['XML1 MA_DKBD']],
    ['a day later', visit({ ...HELD, GT_THE_TU: '20260102' }), ['XML1 GT_THE_TU']],
    ['another end', visit({ ...HELD, GT_THE_DEN: '20261230' }), ['XML1 GT_THE_DEN']],
    ['an area that the card has not', visit({ ...HELD, MA_KHUVUC: 'K1' }), ['XML1 MA_KHUVUC']],
    [
      'the second of two cards',
      visit({
        MA_THE_BHYT: `HT3400012345678;${CARD}`,
        MA_DKBD: '40009;40002',
        GT_THE_TU: '20250101;20260101',
        GT_THE_DEN: '20251231;20261231',
      }),
      ['XML1 MA_DKBD'],
    ],
    [
      'the answer holds the verdict only',
      visit({ ...HELD, MA_THE_BHYT: 'QN5970000000001', MA_KHUVUC: 'K1' }),
      [],
    ],
    ['blank', visit({}), []],
    ['not looked up', visit({ ...HELD, MA_THE_BHYT: 'HT3400012345678', MA_DKBD: '40002' }), []],
  ],
  lookups(GOOD, {
    card: 'QN5970000000001',
    at: '202611020810',
    result: '001',
    registered: '',
    validFrom: '',
    validTo: '',
    area: '',
  }),
);
