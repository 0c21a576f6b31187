import { ruleTable, xml1 } from '../../../../test/harness/rules.ts';
import { catalogueOf } from '../../catalogues.ts';
import { rules } from './index.ts';

for (const [id, field] of [
  ['NOTE_TEXT_REQUIRED', 'DIEN_BIEN_LS'],
  ['NOTE_TIME_REQUIRED', 'THOI_DIEM_DBLS'],
  ['NOTE_AUTHOR', 'NGUOI_THUC_HIEN'],
] as const)
  ruleTable(rules, id, [
    ['filled in', { XML5: [{ [field]: 'x' }] }, []],
    ['blank and absent', { XML5: [{ [field]: ' ' }, {}] }, [`XML5:1 ${field}`, `XML5:2 ${field}`]],
    ['no notes', xml1({}), []],
  ]);

const stay = xml1({ NGAY_VAO: '202611010800', NGAY_RA: '202611011000' });
const noted = (...times: string[]) => ({ ...stay, XML5: times.map((at) => ({ THOI_DIEM_DBLS: at })) });
ruleTable(rules, 'NOTE_TIME_IN_STAY', [
  ['both ends belong to the stay', noted('202611010800', '202611011000'), []],
  [
    'a minute before, a minute after',
    noted('202611010759', '202611011001'),
    ['XML5:1 THOI_DIEM_DBLS', 'XML5:2 THOI_DIEM_DBLS'],
  ],
  ['what is no time is left to others', noted('', '2026'), []],
  ['a stay that cannot be read', { XML1: [{}], XML5: [{ THOI_DIEM_DBLS: '202611010800' }] }, []],
]);

const left = (MA_LOAI_RV: string, MA_NOI_DEN = '') => xml1({ MA_LOAI_RV, MA_NOI_DEN });
ruleTable(rules, 'DIS_TRANSFER_DESTINATION', [
  ['home', left('1'), []],
  ['on to another facility', left('2', '40001'), []],
  ['sent on at the own wish', left('5', '40001'), []],
  ['sent on, nobody knows where', left('2'), ['XML1 MA_NOI_DEN']],
  ['home, and to a facility', left('1', '40001'), ['XML1 MA_NOI_DEN']],
  ['still there', left('', '40001'), []],
]);

ruleTable(rules, 'DIS_DEATH_CONSISTENCY', [
  ['died, nothing more', xml1({ KET_QUA_DTRI: '5' }), []],
  [
    'died, and is to come again, and is sent on',
    xml1({ KET_QUA_DTRI: '5', NGAY_TAI_KHAM: '20261201', MA_NOI_DEN: '40001' }),
    ['XML1 NGAY_TAI_KHAM', 'XML1 MA_NOI_DEN'],
  ],
  ['died, with a paper of the living', { ...xml1({ KET_QUA_DTRI: '8' }), XML14: [{}] }, ['XML14 null']],
  ['lives', { ...xml1({ KET_QUA_DTRI: '4', NGAY_TAI_KHAM: '20261201' }), XML14: [{}] }, []],
]);

const inpatient = (more: Record<string, string>) =>
  xml1({ MA_LOAI_KCB: '03', LY_DO_VNT: 'x', PP_DIEU_TRI: 'x', CHAN_DOAN_VAO: 'x', ...more });
ruleTable(rules, 'DIS_INPATIENT_REASONS', [
  ['all said', inpatient({}), []],
  ['the reason as a code', inpatient({ LY_DO_VNT: '', MA_LY_DO_VNT: '1' }), []],
  ['no reason', inpatient({ LY_DO_VNT: ' ' }), ['XML1 LY_DO_VNT']],
  [
    'nothing else',
    inpatient({ PP_DIEU_TRI: '', CHAN_DOAN_VAO: '' }),
    ['XML1 PP_DIEU_TRI', 'XML1 CHAN_DOAN_VAO'],
  ],
  ['a stay of less than four hours', inpatient({ MA_LOAI_KCB: '09', LY_DO_VNT: '' }), []],
]);

const reason = (MA_LY_DO_VNT: string) => xml1({ MA_LY_DO_VNT });
ruleTable(
  rules,
  'DIS_ADMISSION_REASON_CODE',
  [
    ['known', reason('A0001'), []],
    ['unknown', reason('A0002'), ['XML1 MA_LY_DO_VNT']],
    ['known and too long', reason('A00001'), ['XML1 MA_LY_DO_VNT']],
    ['blank', reason(' '), []],
  ],
  { admission_reason_catalogue: catalogueOf([{ code: 'A0001' }, { code: 'A00001' }], 'code')! },
);

ruleTable(
  rules,
  'NOTE_AUTHOR',
  [
    ['somebody from elsewhere', { XML5: [{ NGUOI_THUC_HIEN: 'C.TX' }] }, []],
    ['both of the staff', { XML5: [{ NGUOI_THUC_HIEN: 'A;B' }] }, []],
    ['one of them not', { XML5: [{ NGUOI_THUC_HIEN: 'A;C' }] }, ['XML5:1 NGUOI_THUC_HIEN']],
    [
      'nobody of the staff',
      { XML5: [{ NGUOI_THUC_HIEN: 'C' }] },
      ['XML5:1 NGUOI_THUC_HIEN'],
      { cause: 'practitioner C' },
    ],
  ],
  { staff_catalogue: catalogueOf([{ MA_BHXH_CCHN: 'A' }, { MA_BHXH_CCHN: 'B' }], 'MA_BHXH_CCHN')! },
);
