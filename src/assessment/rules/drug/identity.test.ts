import { ruleTable, xml1 } from '../../../../test/harness/rules.ts';
import { catalogueOf } from '../../catalogues.ts';
import type { Row } from '../../rule.ts';
import { rules } from './index.ts';

const drugs = (...rows: Row[]) => ({ XML2: rows.map((row) => ({ MA_NHOM: '4', MA_THUOC: '40.1', ...row })) });

ruleTable(rules, 'DRG_ROUTE_CODE', [
  ['by mouth', drugs({ DUONG_DUNG: '1.01' }), []],
  [
    'other shapes',
    drugs({ DUONG_DUNG: '1.1' }, { DUONG_DUNG: '10.01' }, { DUONG_DUNG: 'uống' }),
    ['XML2:1 DUONG_DUNG', 'XML2:2 DUONG_DUNG', 'XML2:3 DUONG_DUNG'],
  ],
  ['blank', drugs({ DUONG_DUNG: '' }), []],
  ['blood', drugs({ DUONG_DUNG: 'x', MA_NHOM: '7' }, { DUONG_DUNG: 'x', MA_NHOM: '17' }), []],
]);

for (const [id, field, more] of [
  ['DRG_REGISTRATION_REQUIRED', 'SO_DANG_KY', {}],
  ['DRG_TENDER_REQUIRED', 'TT_THAU', { PHAM_VI: '1' }],
  ['DRG_DOSE_REQUIRED', 'LIEU_DUNG', {}],
] as const)
  ruleTable(rules, id, [
    ['filled in', drugs({ ...more, [field]: 'x' }), []],
    [
      'blank, in each drug group',
      drugs({ ...more }, { ...more, MA_NHOM: '5', [field]: ' ' }, { ...more, MA_NHOM: '6' }),
      [`XML2:1 ${field}`, `XML2:2 ${field}`, `XML2:3 ${field}`],
    ],
    ['blood', drugs({ ...more, MA_NHOM: '7' }, { ...more, MA_NHOM: '17' }), []],
    ['exempt by code', drugs({ ...more, MA_THUOC: '40.17' }, { ...more, MA_THUOC: '40.573' }), []],
    ['the code beside it', drugs({ ...more, MA_THUOC: '40.174' }), [`XML2:1 ${field}`]],
    ['exempt by beginning', drugs({ ...more, MA_THUOC: '05C.12' }, { ...more, MA_THUOC: 'HD1' }), []],
    ['no drugs', xml1({}), []],
  ]);

const tender = (TT_THAU: string) => drugs({ TT_THAU });
ruleTable(rules, 'DRG_TENDER_FORMAT', [
  ['four parts', tender('123/QĐ-SYT;G1;N4;2026'), []],
  ['more parts, blanks around', tender(' 123 ; G99 ; N1 ; 2010 ; Gi.26 ; x'), []],
  ['three parts', tender('123;G1;N4'), ['XML2:1 TT_THAU']],
  ['no decision', tender(';G1;N4;2026'), ['XML2:1 TT_THAU']],
  [
    'lot 0, lot 100',
    drugs({ TT_THAU: '1;G0;N1;2026' }, { TT_THAU: '1;G100;N1;2026' }),
    ['XML2:1 TT_THAU', 'XML2:2 TT_THAU'],
  ],
  [
    'a year before, a year too far',
    drugs({ TT_THAU: '1;G1;N1;2009' }, { TT_THAU: '1;G1;N1;2029' }),
    ['XML2:1 TT_THAU', 'XML2:2 TT_THAU'],
  ],
  ['the last year', tender('1;G1;N1;2028'), []],
  ['made by the hospital', tender('45/QĐ-BV;2026'), []],
  ['made by the hospital, no year', tender('45/QĐ-BV;x'), ['XML2:1 TT_THAU']],
  ['blank', tender(''), []],
]);

ruleTable(
  rules,
  'DRG_ROUTE_CODE',
  [
    ['in the catalogue', drugs({ DUONG_DUNG: '1.01' }), []],
    ['not in it', drugs({ DUONG_DUNG: '9.99' }), ['XML2:1 DUONG_DUNG']],
  ],
  { route_catalogue: catalogueOf([{ code: '1.01' }], 'code')! },
);
