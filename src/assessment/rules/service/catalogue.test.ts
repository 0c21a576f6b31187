import { ruleTable, xml1 } from '../../../../test/harness/rules.ts';
import { catalogueOf } from '../../catalogues.ts';
import type { Row } from '../../rule.ts';
import { rules } from './index.ts';

const CODE = '18.0149.0040';
const services = {
  service_catalogue: catalogueOf(
    [
      {
        MA_DICH_VU: CODE,
        TEN_DICH_VU: 'Chụp CLVT sọ não',
        MA_NHOM: '2',
        DON_GIA_BH: 522000,
        from: '20260101',
        to: '20261231',
      },
      {
        MA_DICH_VU: CODE,
        TEN_DICH_VU: 'Chụp cắt lớp sọ não',
        MA_NHOM: '3',
        DON_GIA_BH: '500000',
        from: '20260101',
        to: '20261231',
      },
      { MA_DICH_VU: '03.0001.0000', DON_GIA_BH: 0 },
      { MA_DICH_VU: '13.0033.0614', sex: '2', minDays: 3650 },
      { MA_DICH_VU: '10.0001.0001', site: true, sites: ['L', 'R'] },
      { MA_DICH_VU: '10.0002.0001', site: true },
    ],
    'MA_DICH_VU',
  )!,
};
const service = (row: Row, visit: Row = {}) => ({
  ...xml1(visit),
  XML3: [{ MA_DICH_VU: CODE, MA_NHOM: '2', PHAM_VI: '1', NGAY_YL: '202611020900', ...row }],
});
const at = (field: string) => [`XML3:1 ${field}`];

ruleTable(
  rules,
  'SVC_IN_CATALOGUE',
  [
    ['known', service({}), []],
    ['the first day', service({ NGAY_YL: '202601010000' }), []],
    ['the day before', service({ NGAY_YL: '202512312359' }), at('MA_DICH_VU')],
    ['the day after the last', service({ NGAY_YL: '202701010000' }), at('MA_DICH_VU')],
    ['stopped: the base code counts', service({ MA_DICH_VU: `${CODE}_TB` }), []],
    ['sent out', service({ MA_DICH_VU: `${CODE}.K.40001` }), []],
    ['unknown', service({ MA_DICH_VU: '18.0150.0040' }), at('MA_DICH_VU')],
    ['a supply', service({ MA_DICH_VU: 'X', MA_NHOM: '10' }), []],
    ['transport', service({ MA_DICH_VU: 'VC.40001', MA_NHOM: '12' }), []],
    ['the patient pays', service({ MA_DICH_VU: 'X', PHAM_VI: '2' }), []],
    ['blank', service({ MA_DICH_VU: '' }), []],
  ],
  services,
);
ruleTable(
  rules,
  'SVC_NAME_MATCH',
  [
    ['either name', service({ TEN_DICH_VU: 'CHỤP  CẮT LỚP SỌ NÃO' }), []],
    ['another', service({ TEN_DICH_VU: 'Chụp X-quang' }), at('TEN_DICH_VU')],
    [
      'local anaesthesia',
      service({ MA_DICH_VU: `${CODE}_GT`, TEN_DICH_VU: 'Chụp CLVT sọ não [gây tê]' }),
      [],
    ],
    [
      'that ending without the suffix',
      service({ TEN_DICH_VU: 'Chụp CLVT sọ não [gây tê]' }),
      at('TEN_DICH_VU'),
    ],
    ['the catalogue has no name', service({ MA_DICH_VU: '03.0001.0000', TEN_DICH_VU: 'x' }), []],
    ['unknown code', service({ MA_DICH_VU: '18.0150.0040', TEN_DICH_VU: 'x' }), []],
    ['blank', service({ TEN_DICH_VU: '' }), []],
  ],
  services,
);
ruleTable(
  rules,
  'SVC_PRICE_MATCH',
  [
    ['the highest', service({ DON_GIA_BH: '522000' }), []],
    ['lower', service({ DON_GIA_BH: '1' }), []],
    ['exactly the tolerance', service({ DON_GIA_BH: '522000.5' }), []],
    ['a thousandth more', service({ DON_GIA_BH: '522000.501' }), at('DON_GIA_BH')],
    ['an unpriced code', service({ MA_DICH_VU: '03.0001.0000', DON_GIA_BH: '1' }), []],
    ['a supply of the service', service({ MA_NHOM: '10', DON_GIA_BH: '9999999' }), []],
    ['unknown code', service({ MA_DICH_VU: '18.0150.0040', DON_GIA_BH: '9999999' }), []],
    ['no number', service({ DON_GIA_BH: 'x' }), []],
  ],
  services,
);
ruleTable(
  rules,
  'SVC_PRICE_MATCH',
  [
    ['one of the prices', service({ DON_GIA_BH: '500000' }), []],
    ['between them', service({ DON_GIA_BH: '510000' }), at('DON_GIA_BH')],
    ['stopped', service({ MA_DICH_VU: `${CODE}_TB`, DON_GIA_BH: '0' }), []],
  ],
  services,
  { allowLower: false },
);
ruleTable(
  rules,
  'SVC_GROUP_MATCH',
  [
    ['of either row', service({ MA_NHOM: '3' }), []],
    ['another', service({ MA_NHOM: '1' }), at('MA_NHOM')],
    ['unknown code', service({ MA_DICH_VU: '18.0150.0040', MA_NHOM: '1' }), []],
    ['the catalogue has no group', service({ MA_DICH_VU: '03.0001.0000', MA_NHOM: '1' }), []],
    ['blank', service({ MA_NHOM: '' }), []],
  ],
  services,
);
const woman = { MA_DICH_VU: '13.0033.0614' };
ruleTable(
  rules,
  'SVC_AGE_GENDER',
  [
    ['a woman', service(woman, { GIOI_TINH: '2', NGAY_SINH: '199002030000' }), []],
    ['a man', service(woman, { GIOI_TINH: '1', NGAY_SINH: '199002030000' }), at('MA_DICH_VU')],
    ['3650 days old', service(woman, { GIOI_TINH: '2', NGAY_SINH: '201611040000' }), []],
    ['3649 days old', service(woman, { GIOI_TINH: '2', NGAY_SINH: '201611050000' }), at('MA_DICH_VU')],
    ['nothing is known of the patient', service(woman), []],
    ['no limits', service({}, { GIOI_TINH: '1' }), []],
  ],
  services,
);
const sided = (VI_TRI_TH_DVKT: string, MA_DICH_VU = '10.0001.0001') =>
  service({ MA_DICH_VU, VI_TRI_TH_DVKT });
ruleTable(
  rules,
  'SVC_BODY_SIDE',
  [
    ['of the list', sided('L'), []],
    ['not of the list', sided('X'), at('VI_TRI_TH_DVKT')],
    ['blank', sided(''), at('VI_TRI_TH_DVKT')],
    ['there is no list', sided('X', '10.0002.0001'), []],
    ['wants none', sided('', CODE), []],
  ],
  services,
);
