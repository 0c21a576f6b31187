import { ruleTable, xml1 } from '../../../../test/harness/rules.ts';
import { rules } from './index.ts';

const asked = (more: object = {}) => ({ MA_DICH_VU: '22.0121.1369', MA_NHOM: '1', T_BHTT: '1.00', ...more });

ruleTable(rules, 'LAB_RESULT_MISSING', [
  ['has its result', { XML3: [asked()], XML4: [{ MA_DICH_VU: '22.0121.1369' }] }, []],
  [
    'two rows of one code share a result',
    { XML3: [asked(), asked()], XML4: [{ MA_DICH_VU: '22.0121.1369' }] },
    [],
  ],
  ['no XML4 at all', { XML3: [asked()] }, ['XML3:1 MA_DICH_VU']],
  [
    'the result of another test',
    { XML3: [asked()], XML4: [{ MA_DICH_VU: '22.0121' }] },
    ['XML3:1 MA_DICH_VU'],
  ],
  ['a hundredth paid by the insurer', { XML3: [asked({ T_BHTT: '0.01' })] }, ['XML3:1 MA_DICH_VU']],
  ['not paid by the insurer', { XML3: [asked({ T_BHTT: '0.00' }), asked({ T_BHTT: '' })] }, []],
  ['stopped', { XML3: [asked({ MA_DICH_VU: '22.0121.1369_TB' })] }, []],
  ['groups 3 and 8', { XML3: [asked({ MA_NHOM: '3' }), asked({ MA_NHOM: '8' })] }, ['XML3:1 MA_DICH_VU']],
]);

ruleTable(rules, 'LAB_VALUE_PRESENT', [
  ['a value', { XML4: [{ GIA_TRI: '7.2' }] }, []],
  ['a text only', { XML4: [{ MO_TA: 'x' }, { KET_LUAN: 'y' }] }, []],
  [
    'nothing',
    { XML4: [{ GIA_TRI: ' ', MO_TA: '', KET_LUAN: '' }, {}] },
    ['XML4:1 GIA_TRI', 'XML4:2 GIA_TRI'],
  ],
  ['no results', xml1({}), []],
]);

const image = {
  XML3: [
    { MA_DICH_VU: 'A', MA_NHOM: '2' },
    { MA_DICH_VU: 'B', MA_NHOM: '1' },
  ],
};
ruleTable(rules, 'LAB_IMAGING_TEXT', [
  ['both texts', { ...image, XML4: [{ MA_DICH_VU: 'A', MO_TA: 'x', KET_LUAN: 'y' }] }, []],
  ['one missing', { ...image, XML4: [{ MA_DICH_VU: 'A', MO_TA: 'x' }] }, ['XML4:1 KET_LUAN']],
  ['both missing', { ...image, XML4: [{ MA_DICH_VU: 'A' }] }, ['XML4:1 MO_TA', 'XML4:1 KET_LUAN']],
  ['a laboratory test needs none', { ...image, XML4: [{ MA_DICH_VU: 'B' }] }, []],
]);

for (const [id, field] of [
  ['LAB_RESULT_TIME', 'NGAY_KQ'],
  ['LAB_READER_PRESENT', 'MA_BS_DOC_KQ'],
] as const)
  ruleTable(rules, id, [
    ['filled in', { XML4: [{ [field]: 'x' }] }, []],
    ['blank and absent', { XML4: [{ [field]: ' ' }, {}] }, [`XML4:1 ${field}`, `XML4:2 ${field}`]],
    ['no results', xml1({}), []],
  ]);
