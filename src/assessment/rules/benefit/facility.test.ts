import { ruleTable, xml1 } from '../../../../test/harness/rules.ts';
import { type CatalogueRow, catalogueOf } from '../../catalogues.ts';
import { rules } from './index.ts';

const contracts: CatalogueRow[] = [
  { code: '40021', from: '20260101', to: '20261031' },
  { code: '40022', outpatientOnly: true },
];
const visit = (MA_CSKCB: string, NGAY_VAO: string, MA_LOAI_KCB = '01') =>
  xml1({ MA_CSKCB, NGAY_VAO, MA_LOAI_KCB });
ruleTable(
  rules,
  'BEN_CONTRACT_SCOPE',
  [
    ['its last day', visit('40021', '202610312359', '03'), []],
    ['the day after', visit('40021', '202611010000'), ['XML1 NGAY_VAO']],
    ['no contract', visit('40023', '202610310800'), ['XML1 NGAY_VAO']],
    ['out-patients only', visit('40022', '202610310800', '01'), []],
    ...['03', '04', '09'].map(
      (type) => [`type ${type}`, visit('40022', '202610310800', type), ['XML1 MA_LOAI_KCB']] as const,
    ),
    ['no arrival', visit('40023', ''), []],
    ['no facility', visit('', '202610310800'), []],
  ],
  { contract_table: catalogueOf(contracts, 'code')! },
);

const facilities: CatalogueRow[] = [
  ...['healthStation', 'polyclinic', 'maternityHome', 'clinic', 'hospital'].map((kind) => ({
    code: kind,
    kind,
  })),
  { code: 'unknown' },
];
const care = (MA_CSKCB: string, MA_LOAI_KCB: string) => xml1({ MA_CSKCB, MA_LOAI_KCB });
const spoken = ['XML1 MA_LOAI_KCB'];
ruleTable(
  rules,
  'BEN_FACILITY_TYPE_LEVEL',
  [
    ...['healthStation', 'polyclinic', 'maternityHome'].map(
      (kind) => [`06, ${kind}`, care(kind, '06'), []] as const,
    ),
    ...['clinic', 'hospital'].map((kind) => [`06, ${kind}`, care(kind, '06'), spoken] as const),
    ['03 at a station', care('healthStation', '03'), spoken],
    ['04 at a station', care('healthStation', '04'), spoken],
    ['09 at a station', care('healthStation', '09'), []],
    ['03 at a hospital', care('hospital', '03'), []],
    ['no kind there', care('unknown', '06'), []],
    ['not in the catalogue', care('40099', '06'), []],
    ['no type', care('healthStation', ''), []],
  ],
  { facility_catalogue: catalogueOf(facilities, 'code')! },
);

const examined = (MA_KHOA: string, T_BHTT = '0.01', MA_DOITUONG_KCB = '3.1', MA_LOAI_KCB = '03') => ({
  ...xml1({ MA_DOITUONG_KCB, MA_LOAI_KCB }),
  XML3: [{ MA_KHOA, T_BHTT }],
});
ruleTable(rules, 'BEN_INPATIENT_OFFROUTE_EXAM_DEPT', [
  ['in the ward', examined('K03'), []],
  ['in the examination department', examined('K01'), ['XML3:1 MA_KHOA']],
  ['not paid by the insurer', examined('K01', '0.00'), []],
  ['unknown money', examined('K01', ''), []],
  ['on route', examined('K01', '1', '1.1'), []],
  ['class 3', examined('K01', '1', '3'), []],
  ['an out-patient', examined('K01', '1', '3.1', '01'), []],
]);
