import { ruleTable } from '../../../../test/harness/rules.ts';
import type { AnyRule, Row } from '../../rule.ts';
import { lineAmounts } from './line-amounts.ts';

const rowsOf =
  (table: string, base: Row) =>
  (...rows: Row[]) => ({ [table]: rows.map((row) => ({ ...base, ...row })) });
/** The same rules where a facility has set other values. */
const having = (params: object) =>
  lineAmounts.map((one) => ({ ...one, params: { ...(one.params as object), ...params } }) as AnyRule);

const drugs = rowsOf('XML2', {
  SO_LUONG: '3',
  DON_GIA: '1000.5',
  TYLE_TT_BH: '50',
  PHAM_VI: '1',
  THANH_TIEN_BV: '3001.50',
  THANH_TIEN_BH: '1500.75',
});
const services = rowsOf('XML3', {
  MA_NHOM: '8',
  SO_LUONG: '2',
  DON_GIA_BV: '1000',
  DON_GIA_BH: '800',
  TYLE_TT_DV: '50',
  TYLE_TT_BH: '80',
  PHAM_VI: '1',
  THANH_TIEN_BV: '1000.00',
  THANH_TIEN_BH: '640.00',
});

ruleTable(lineAmounts, 'MON_XML2_AMOUNT_BV', [
  ['exact', drugs({}), []],
  ['the tolerance, up and down', drugs({ THANH_TIEN_BV: '3002.50' }, { THANH_TIEN_BV: '3000.50' }), []],
  [
    'a hundredth more',
    drugs({ THANH_TIEN_BV: '3002.51' }, {}, { THANH_TIEN_BV: '3000.49' }),
    ['XML2:1 THANH_TIEN_BV', 'XML2:3 THANH_TIEN_BV'],
  ],
  [
    'half a hundredth is rounded up before it is compared',
    drugs(
      { SO_LUONG: '0.5', DON_GIA: '0.01', THANH_TIEN_BV: '1.01' },
      { SO_LUONG: '0.5', DON_GIA: '0.01', THANH_TIEN_BV: '1.02' },
    ),
    ['XML2:2 THANH_TIEN_BV'],
  ],
  ['blank', drugs({ SO_LUONG: '' }, { DON_GIA: ' ' }, { THANH_TIEN_BV: '' }), []],
  ['unreadable', drugs({ SO_LUONG: 'x' }, { DON_GIA: '1,000.5' }, { THANH_TIEN_BV: '9 đ' }), []],
  ['services have their own', services({ DON_GIA: '1', THANH_TIEN_BV: '9' }), []],
  ['no drugs', {}, []],
]);

ruleTable(lineAmounts, 'MON_XML2_AMOUNT_BH', [
  ['exact', drugs({}), []],
  ['the tolerance, up and down', drugs({ THANH_TIEN_BH: '1501.75' }, { THANH_TIEN_BH: '1499.75' }), []],
  [
    'a hundredth more',
    drugs({ THANH_TIEN_BH: '1501.76' }, { THANH_TIEN_BH: '1499.74' }),
    ['XML2:1 THANH_TIEN_BH', 'XML2:2 THANH_TIEN_BH'],
  ],
  ['nothing insured', drugs({ THANH_TIEN_BH: '0' }), ['XML2:1 THANH_TIEN_BH']],
  [
    'nothing insured because it is out of scope, whatever the rate',
    drugs({ PHAM_VI: '2', THANH_TIEN_BH: '0.00' }),
    [],
  ],
  ['out of scope, yet as the formula has it', drugs({ PHAM_VI: '2' }), []],
  ['out of scope and neither', drugs({ PHAM_VI: '2', THANH_TIEN_BH: '0.01' }), ['XML2:1 THANH_TIEN_BH']],
  ['blank', drugs({ SO_LUONG: '' }, { DON_GIA: '' }, { TYLE_TT_BH: '' }, { THANH_TIEN_BH: '' }), []],
  ['scope not said', drugs({ PHAM_VI: '', THANH_TIEN_BH: '9' }), []],
  ['unreadable', drugs({ TYLE_TT_BH: '50%', THANH_TIEN_BH: '9' }), []],
]);

ruleTable(lineAmounts, 'MON_XML3_AMOUNT_BV', [
  ['the rate cuts the whole price', services({}), []],
  ['the rate cuts the insured part only', services({ THANH_TIEN_BV: '1200' }), []],
  [
    'the tolerance around either',
    services(
      { THANH_TIEN_BV: '999' },
      { THANH_TIEN_BV: '1001' },
      { THANH_TIEN_BV: '1199' },
      { THANH_TIEN_BV: '1201' },
    ),
    [],
  ],
  [
    'a hundredth more',
    services(
      { THANH_TIEN_BV: '998.99' },
      { THANH_TIEN_BV: '1001.01' },
      { THANH_TIEN_BV: '1198.99' },
      { THANH_TIEN_BV: '1201.01' },
    ),
    [1, 2, 3, 4].map((row) => `XML3:${row} THANH_TIEN_BV`),
  ],
  ['the rate left out, as before QĐ 4750', services({ THANH_TIEN_BV: '2000' }), ['XML3:1 THANH_TIEN_BV']],
  [
    'blank',
    services(
      { SO_LUONG: '', THANH_TIEN_BV: '9' },
      { DON_GIA_BV: '', THANH_TIEN_BV: '9' },
      { DON_GIA_BH: '', THANH_TIEN_BV: '9' },
      { TYLE_TT_DV: '', THANH_TIEN_BV: '9' },
      { THANH_TIEN_BV: '' },
    ),
    [],
  ],
  ['unreadable', services({ DON_GIA_BH: '800,0', THANH_TIEN_BV: '9' }), []],
  ['drugs have their own', drugs({ THANH_TIEN_BV: '9' }), []],
]);

ruleTable(having({ variants: ['c'] }), 'MON_XML3_AMOUNT_BV', [
  ['another variant', services({ THANH_TIEN_BV: '2000' }), []],
  [
    'in the place of the others',
    services({}, { THANH_TIEN_BV: '1200' }),
    ['XML3:1 THANH_TIEN_BV', 'XML3:2 THANH_TIEN_BV'],
  ],
]);

ruleTable(lineAmounts, 'MON_XML3_AMOUNT_BH', [
  ['exact', services({}), []],
  ['the tolerance, up and down', services({ THANH_TIEN_BH: '641' }, { THANH_TIEN_BH: '639' }), []],
  [
    'a hundredth more',
    services({ THANH_TIEN_BH: '641.01' }, { THANH_TIEN_BH: '638.99' }),
    ['XML3:1 THANH_TIEN_BH', 'XML3:2 THANH_TIEN_BH'],
  ],
  [
    'nothing insured',
    services({ PHAM_VI: '2', THANH_TIEN_BH: '0.00' }, { THANH_TIEN_BH: '0' }),
    ['XML3:2 THANH_TIEN_BH'],
  ],
  ['out of scope, yet insured', services({ PHAM_VI: '2', THANH_TIEN_BH: '0.01' }), ['XML3:1 THANH_TIEN_BH']],
  [
    'the ceiling of a package only cuts',
    services({ GOI_VTYT: 'G1', THANH_TIEN_BH: '9' }, { GOI_VTYT: 'G1', THANH_TIEN_BH: '641.01' }),
    ['XML3:2 THANH_TIEN_BH'],
  ],
  ['a blank package is none', services({ GOI_VTYT: ' ', THANH_TIEN_BH: '9' }), ['XML3:1 THANH_TIEN_BH']],
  [
    'blank',
    services(
      { SO_LUONG: '', THANH_TIEN_BH: '9' },
      { DON_GIA_BH: '', THANH_TIEN_BH: '9' },
      { TYLE_TT_DV: '', THANH_TIEN_BH: '9' },
      { TYLE_TT_BH: '', THANH_TIEN_BH: '9' },
      { THANH_TIEN_BH: '' },
    ),
    [],
  ],
  ['unreadable', services({ TYLE_TT_BH: 'x', THANH_TIEN_BH: '9' }), []],
  ['drugs have their own', drugs({ THANH_TIEN_BH: '9' }), []],
]);

ruleTable(having({ skipGroups: ['8'], packageCapRows: false }), 'MON_XML3_AMOUNT_BH', [
  ['a group left out', services({ THANH_TIEN_BH: '9' }), []],
  [
    'packages judged like all',
    services({ MA_NHOM: '10', GOI_VTYT: 'G1', THANH_TIEN_BH: '9' }),
    ['XML3:1 THANH_TIEN_BH'],
  ],
]);
