import { expect, test } from '@jest/globals';
import { CHECK_DAY, ruleTable, xml1 } from '../../../../test/harness/rules.ts';
import { loadPolicy } from '../../../benefits/index.ts';
import { builtInsOf } from '../../built-ins.ts';
import { catalogueOf } from '../../catalogues.ts';
import { checkFile } from '../../check.ts';
import type { Row } from '../../rule.ts';
import { rules } from './index.ts';

const ROW = {
  MA_NHOM: '4',
  MA_THUOC: '40.30',
  DUONG_DUNG: '1.01',
  SO_DANG_KY: 'VD-1',
  NGAY_YL: '202611020900',
  LIEU_DUNG: '1 viên/lần * 2 lần/ngày * 5 ngày',
};
const drugs = (...rows: Row[]) => ({
  ...xml1({ MA_LOAI_KCB: '01' }),
  XML2: rows.map((row) => ({ ...ROW, ...row })),
});
const second = ['XML2:2 MA_THUOC'];

ruleTable(rules, 'DRG_DUPLICATE_SAME_DAY', [
  ['twice', drugs({}, {}), second],
  ['three times is one finding', drugs({}, {}, {}), ['XML2:3 MA_THUOC']],
  ['later that day', drugs({}, { NGAY_YL: '202611022359' }), second],
  ['the next day', drugs({}, { NGAY_YL: '202611030000' }), []],
  ['another dose', drugs({}, { LIEU_DUNG: '2 * 2 * 5' }), []],
  ['another route', drugs({}, { DUONG_DUNG: '2.10' }), []],
  ['another doctor', drugs({}, { MA_BAC_SI: '2' }), []],
  ['another department', drugs({}, { MA_KHOA: 'K02' }), []],
  ['an in-patient', { ...drugs({}, {}), ...xml1({ MA_LOAI_KCB: '03' }) }, []],
  ['no code', drugs({ MA_THUOC: '' }, { MA_THUOC: '' }), []],
  ['no time', drugs({ NGAY_YL: '' }, { NGAY_YL: '' }), []],
]);

ruleTable(rules, 'DRG_SAME_INGREDIENT', [
  ['two registrations', drugs({}, { SO_DANG_KY: 'VD-2' }), second, { cause: 'drug 40.30' }],
  ['a combination that begins with it', drugs({}, { SO_DANG_KY: 'VD-2', MA_THUOC: '40.30+40.31' }), second],
  ['one registration', drugs({}, { SO_DANG_KY: ' vd - 1' }), []],
  ['another route', drugs({}, { SO_DANG_KY: 'VD-2', DUONG_DUNG: '2.10' }), []],
  ['the next day', drugs({}, { SO_DANG_KY: 'VD-2', NGAY_YL: '202611030000' }), []],
  ['a solvent', drugs({ MA_THUOC: '40.1021' }, { SO_DANG_KY: 'VD-2', MA_THUOC: '40.1021' }), []],
  ['no registration', drugs({}, { SO_DANG_KY: '' }), []],
  ['blood', drugs({}, { SO_DANG_KY: 'VD-2', MA_NHOM: '7' }), []],
]);

const interactions = {
  interaction_catalogue: catalogueOf(
    [
      { a: '40.30', b: '40.99', level: 'contraindicated', note: 'xuất huyết', to: '20261231' },
      { a: '40.30', b: '40.98', level: 'major' },
    ],
    'a',
  )!,
};
ruleTable(
  rules,
  'DRG_INTERACTION',
  [
    ['on one day', drugs({}, { MA_THUOC: '40.99' }), second, { cause: 'drug 40.99' }],
    ['the other way round', drugs({ MA_THUOC: '40.99' }, {}), second],
    ['in a combination', drugs({}, { MA_THUOC: '40.1+40.99' }), second],
    ['on the last day of the first', drugs({}, { MA_THUOC: '40.99', NGAY_YL: '202611060900' }), second],
    ['the day after', drugs({}, { MA_THUOC: '40.99', NGAY_YL: '202611070900' }), []],
    ['the pair is named once', drugs({}, { MA_THUOC: '40.99' }, { MA_THUOC: '40.99' }), second],
    ['a lower level', drugs({}, { MA_THUOC: '40.98' }), []],
    [
      'no longer in the catalogue',
      drugs({ NGAY_YL: '202701010900' }, { MA_THUOC: '40.99', NGAY_YL: '202701010900' }),
      [],
    ],
    ['one drug', drugs({}), []],
  ],
  interactions,
);
ruleTable(
  rules,
  'DRG_INTERACTION',
  [
    ['that level', drugs({}, { MA_THUOC: '40.98' }), second],
    ['a higher one', drugs({}, { MA_THUOC: '40.99' }), second],
    ['no pair', drugs({}, { MA_THUOC: '40.97' }), []],
  ],
  interactions,
  { minLevel: 'major' },
);
test('DRG_INTERACTION names both drugs', () => {
  const file = {
    facilityCode: '40021',
    madeOn: CHECK_DAY,
    records: [drugs({ TEN_THUOC: 'Warfarin' }, { MA_THUOC: '40.99', TEN_THUOC: 'Aspirin' })],
  };
  const only = rules.filter(({ id }) => id === 'DRG_INTERACTION');
  const [found] = checkFile(file, {
    builtIns: builtInsOf(loadPolicy()),
    rules: only,
    catalogues: interactions,
  });
  expect(found?.values).toMatchObject({ a: 'Warfarin', b: 'Aspirin', note: 'xuất huyết' });
});

const withService = (drug: Row, service: Row) => ({
  XML2: [{ MA_THUOC: '40.17', T_BHTT: '80.00', NGAY_TH_YL: '202611020900', ...drug }],
  XML3: [{ MA_DICH_VU: '01.0128.0209', T_BHTT: '80.00', NGAY_TH_YL: '202611020900', ...service }],
});
const services = { service_catalogue: catalogueOf([{ MA_DICH_VU: '01.0128.0209' }], 'MA_DICH_VU')! };
const oxygen = ['XML2:1 MA_THUOC'];
ruleTable(
  rules,
  'DRG_OXYGEN_WITH_VENTILATOR',
  [
    ['the same day', withService({ NGAY_TH_YL: '202611022359' }, {}), oxygen],
    ['the next day', withService({ NGAY_TH_YL: '202611030000' }, {}), []],
    ['the patient pays', withService({ T_BHTT: '0.00' }, {}), []],
    ['ventilation is not charged', withService({}, { T_BHTT: '0' }), []],
    ['another drug', withService({ MA_THUOC: '40.18' }, {}), []],
    ['another service', withService({}, { MA_DICH_VU: '01.0129.0209' }), []],
  ],
  services,
  { ventilation: ['01.0128.0209'] },
);

const inclusion = {
  inclusion_catalogue: catalogueOf([{ service: '01.0128.0209', ingredient: '40.17' }], 'service')!,
};
ruleTable(
  rules,
  'DRG_INCLUDED_IN_SERVICE',
  [
    ['linked', withService({ MA_DICH_VU: '01.0128.0209', NGAY_TH_YL: '202611010900' }, {}), oxygen],
    ['given in the same minute', withService({}, {}), oxygen],
    ['a minute later', withService({ NGAY_TH_YL: '202611020901' }, {}), []],
    ['a combination', withService({ MA_THUOC: '40.1+40.17' }, {}), oxygen],
    ['another ingredient', withService({ MA_THUOC: '40.18' }, {}), []],
    ['the patient pays', withService({ T_BHTT: '0' }, {}), []],
    ['no time', withService({ NGAY_TH_YL: '' }, { NGAY_TH_YL: '' }), []],
  ],
  inclusion,
);
