import { ruleTable, setTable, visit } from '../../../../test/harness/rules.ts';
import { catalogueOf } from '../../catalogues.ts';
import type { Row } from '../../rule.ts';
import { rules } from './index.ts';

const ROW = {
  MA_DICH_VU: '23.0003.1494',
  MA_NHOM: '1',
  PHAM_VI: '1',
  SO_LUONG: '1',
  MA_BAC_SI: 'BS1',
  NGAY_YL: '202611020900',
  NGAY_TH_YL: '202611020930',
};
const rows = (...all: Row[]) => ({ XML3: all.map((row) => ({ ...ROW, ...row })) });
const second = ['XML3:2 MA_DICH_VU'];

ruleTable(rules, 'SVC_DUPLICATE_SAME_MINUTE', [
  ['all the same', rows({}, {}), second],
  ['three times is one finding', rows({}, {}, {}), ['XML3:3 MA_DICH_VU']],
  ['a minute later', rows({}, { NGAY_YL: '202611020901' }), []],
  ['done later', rows({}, { NGAY_TH_YL: '202611020931' }), []],
  ['another doctor', rows({}, { MA_BAC_SI: 'BS2' }), []],
  ['not done yet', rows({ NGAY_TH_YL: '' }, { NGAY_TH_YL: '' }), second],
  ['one is paid by the patient', rows({}, { PHAM_VI: '2' }), []],
  ['beds', rows({ MA_NHOM: '15' }, { MA_NHOM: '15' }), []],
  ['supplies', rows({ MA_NHOM: '10' }, { MA_NHOM: '10' }), []],
  ['no code', rows({ MA_DICH_VU: '' }, { MA_DICH_VU: '' }), []],
]);

const whole = ['XML3 MA_DICH_VU'];
const frequency = {
  service_frequency_catalogue: catalogueOf(
    [
      { code: '23.0003.1494', perDay: 2, days: 90, to: '20261231' },
      { code: '02.0085.1778', perDay: 1 },
    ],
    'code',
  )!,
};
ruleTable(
  rules,
  'SVC_DUPLICATE_SAME_DAY',
  [
    ['the most of a day', rows({}, {}), []],
    ['a tenth more', rows({}, { SO_LUONG: '1.1' }), whole],
    ['the next day', rows({ SO_LUONG: '2' }, { NGAY_YL: '202611030000' }), []],
    ['late on that day', rows({ SO_LUONG: '2' }, { NGAY_YL: '202611022359' }), whole],
    ['stopped ones are a code of their own', rows({ SO_LUONG: '2' }, { MA_DICH_VU: '23.0003.1494_TB' }), []],
    ['no number', rows({ SO_LUONG: '3' }, { SO_LUONG: 'x' }), []],
    ['not limited', rows({ MA_DICH_VU: '23.0004.1494', SO_LUONG: '9' }), []],
    ['no longer limited', rows({ SO_LUONG: '9', NGAY_YL: '202701010000' }), []],
  ],
  frequency,
);
ruleTable(
  rules,
  'SVC_DUPLICATE_SAME_DAY',
  [
    ['once', rows({}), []],
    ['twice', rows({}, {}), whole],
    ['another code', rows({ MA_DICH_VU: '23.0004.1494', SO_LUONG: '2' }), []],
  ],
  {},
  { oncePerDay: ['23.0003.1494'] },
);

const tested = (day: string, values: Row = {}, row: Row = {}) =>
  visit(
    { MA_LK: day, SO_CCCD: '1', NGAY_VAO: `${day}0800`, NGAY_RA: `${day}1000`, ...values },
    rows({ NGAY_YL: `${day}0900`, ...row }),
  );
setTable(
  rules,
  'SVC_MIN_INTERVAL',
  [
    ['after ninety days', [tested('20260804'), tested('20261102')], []],
    [
      'after eighty-nine days',
      [tested('20260805'), tested('20261102')],
      ['2 XML3:1 MA_DICH_VU'],
      { cause: 'service 23.0003.1494' },
    ],
    [
      'at another facility',
      [tested('20260805', { MA_CSKCB: '40555' }), tested('20261102')],
      ['2 XML3:1 MA_DICH_VU'],
    ],
    ['given in the other order', [tested('20261102'), tested('20260805')], ['1 XML3:1 MA_DICH_VU']],
    ['stopped before', [tested('20260805', {}, { MA_DICH_VU: '23.0003.1494_TB' }), tested('20261102')], []],
    ['another person', [tested('20260805', { SO_CCCD: '2', MA_BN: '2' }), tested('20261102')], []],
    ['another service', [tested('20260805', {}, { MA_DICH_VU: '23.0004.1494' }), tested('20261102')], []],
    [
      'no interval',
      [
        tested('20261101', {}, { MA_DICH_VU: '02.0085.1778' }),
        tested('20261102', {}, { MA_DICH_VU: '02.0085.1778' }),
      ],
      [],
    ],
    [
      'on two days of one stay',
      [visit({}), { ...visit({ MA_LK: 'B', MA_BN: '2' }), ...rows({}, { NGAY_YL: '202611030900' }) }],
      ['2 XML3:2 MA_DICH_VU'],
    ],
    ['no time of order', [tested('20260805'), tested('20261102', {}, { NGAY_YL: '' })], []],
  ],
  { catalogues: frequency },
);

const exclusions = {
  exclusion_catalogue: catalogueOf([{ code: '10.0001.0001', within: '10.0002.0002' }], 'code')!,
};
const small = { MA_DICH_VU: '10.0001.0001', MA_NHOM: '18' };
const wide = { MA_DICH_VU: '10.0002.0002', MA_NHOM: '8' };
ruleTable(
  rules,
  'SVC_MUTUALLY_EXCLUSIVE',
  [
    ['on one day', rows(wide, small), second, { cause: 'service 10.0001.0001' }],
    ['in the other order', rows(small, wide), ['XML3:1 MA_DICH_VU']],
    [
      'local anaesthesia: the base code counts',
      rows(wide, { ...small, MA_DICH_VU: '10.0001.0001_GT' }),
      second,
    ],
    ['the next day', rows(wide, { ...small, NGAY_TH_YL: '202611030000' }), []],
    ['ordered only, that day', rows(wide, { ...small, NGAY_TH_YL: '' }), second],
    ['another site', rows({ ...wide, VI_TRI_TH_DVKT: 'L' }, { ...small, VI_TRI_TH_DVKT: 'R' }), []],
    ['alone', rows(small), []],
    ['contained in nothing', rows(wide), []],
    ['another pair', rows(small, {}), []],
    ['nothing that is part of another', rows(wide), []],
  ],
  exclusions,
);
