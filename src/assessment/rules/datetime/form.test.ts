import { ruleTable, xml1 } from '../../../../test/harness/rules.ts';
import { rules } from './index.ts';

const arrived = (NGAY_VAO: string) => xml1({ NGAY_VAO });
ruleTable(rules, 'DT_FORMAT_12', [
  ['the first and the last minute of a day', xml1({ NGAY_VAO: '202611200000', NGAY_RA: '202611202359' }), []],
  ['a day that leap years have', arrived('202802290800'), []],
  ...[
    '202602290800',
    '202613010800',
    '202611202400',
    '202611202360',
    '20261120',
    '20261120080000',
    '2026-11-20',
  ].map((text) => [text, arrived(text), ['XML1 NGAY_VAO']] as const),
  [
    'in every table',
    {
      XML2: [{ NGAY_YL: 'x' }],
      XML3: [{ NGAY_KQ: 'x' }],
      XML5: [{ THOI_DIEM_DBLS: 'x' }],
      XML7: [{ NGAY_RA: 'x' }],
    },
    ['XML2:1 NGAY_YL', 'XML3:1 NGAY_KQ', 'XML5:1 THOI_DIEM_DBLS', 'XML7 NGAY_RA'],
  ],
  ['blank', arrived(' '), []],
  ['the day of birth has its own rule', xml1({ NGAY_SINH: '202600000000' }), []],
  ['a paper on which they are lists', { XML13: [{ NGAY_VAO: '202611200800;202611210800' }] }, []],
]);

const again = (NGAY_TAI_KHAM: string) => xml1({ NGAY_TAI_KHAM });
ruleTable(rules, 'DT_FORMAT_8', [
  ['a day', again('20261201'), []],
  ['several', again('20261201;20270101'), []],
  ['one of several is none', again('20261201;20270229'), ['XML1 NGAY_TAI_KHAM']],
  ['a moment', again('202612010800'), ['XML1 NGAY_TAI_KHAM']],
  ['several where one may stand', xml1({ NAM_NAM_LIEN_TUC: '20260101;20260102' }), ['XML1 NAM_NAM_LIEN_TUC']],
  [
    'papers',
    { XML7: [{ NGAY_CT: '1' }], XML9: [{ NGAY_CT: '1' }], XML14: [{ NGAY_HEN_KL: '20260230' }] },
    ['XML7 NGAY_CT', 'XML9:1 NGAY_CT', 'XML14 NGAY_HEN_KL'],
  ],
  ['blank', again(''), []],
]);
