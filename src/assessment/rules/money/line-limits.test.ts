import { ruleTable, xml1 } from '../../../../test/harness/rules.ts';
import type { Row } from '../../rule.ts';
import { lineLimits } from './line-limits.ts';

const drugs = (...rows: Row[]) => ({ XML2: rows });
const services = (...rows: Row[]) => ({ XML3: rows });

const sources = {
  T_NGUONKHAC_NSNN: '1',
  T_NGUONKHAC_VTNN: '20',
  T_NGUONKHAC_VTTN: '300',
  T_NGUONKHAC_CL: '4000',
};
ruleTable(lineLimits, 'MON_OTHER_SOURCE_SUM', [
  [
    'all four',
    { ...drugs({ ...sources, T_NGUONKHAC: '4321' }), ...services({ ...sources, T_NGUONKHAC: '4321' }) },
    [],
  ],
  ['blank parts are nothing', drugs({ T_NGUONKHAC: '5', T_NGUONKHAC_CL: '5', T_NGUONKHAC_NSNN: ' ' }), []],
  ['all blank', drugs({}), []],
  ['the whole blank', drugs({ T_NGUONKHAC: '', T_NGUONKHAC_CL: '1.01' }), ['XML2:1 T_NGUONKHAC']],
  [
    'the tolerance, up and down',
    drugs({ ...sources, T_NGUONKHAC: '4322' }, { ...sources, T_NGUONKHAC: '4320' }),
    [],
  ],
  [
    'a hundredth more',
    { ...drugs({ ...sources, T_NGUONKHAC: '4322.01' }), ...services({ ...sources, T_NGUONKHAC: '4319.99' }) },
    ['XML2:1 T_NGUONKHAC', 'XML3:1 T_NGUONKHAC'],
  ],
  [
    'unreadable',
    drugs({ ...sources, T_NGUONKHAC: 'x' }, { T_NGUONKHAC: '9', T_NGUONKHAC_VTNN: '1.000,5' }),
    [],
  ],
]);

ruleTable(lineLimits, 'MON_OTHER_SOURCE_RANGE', [
  [
    'nothing, some, all',
    drugs(
      { T_NGUONKHAC: '0', THANH_TIEN_BV: '100' },
      { T_NGUONKHAC: '50', THANH_TIEN_BV: '100' },
      { T_NGUONKHAC: '100', THANH_TIEN_BV: '100' },
    ),
    [],
  ],
  ['blank', drugs({ T_NGUONKHAC: '', THANH_TIEN_BV: '100' }, { T_NGUONKHAC: '100', THANH_TIEN_BV: '' }), []],
  ['the tolerance', drugs({ T_NGUONKHAC: '101', THANH_TIEN_BV: '100' }), []],
  [
    'a hundredth more',
    {
      ...drugs({ T_NGUONKHAC: '101.01', THANH_TIEN_BV: '100' }),
      ...services({ T_NGUONKHAC: '101.01', THANH_TIEN_BV: '100' }),
    },
    ['XML2:1 T_NGUONKHAC', 'XML3:1 T_NGUONKHAC'],
  ],
  [
    'less than nothing, without tolerance',
    drugs({ T_NGUONKHAC: '-0.01', THANH_TIEN_BV: '100' }),
    ['XML2:1 T_NGUONKHAC'],
  ],
  [
    'unreadable',
    drugs({ T_NGUONKHAC: 'x', THANH_TIEN_BV: '100' }, { T_NGUONKHAC: '9', THANH_TIEN_BV: 'x' }),
    [],
  ],
]);

const amounts = (THANH_TIEN_BH: string, THANH_TIEN_BV = '100'): Row => ({ THANH_TIEN_BH, THANH_TIEN_BV });
ruleTable(lineLimits, 'MON_BH_NOT_ABOVE_BV', [
  ['below, equal', drugs(amounts('0'), amounts('100')), []],
  ['the tolerance', services(amounts('101')), []],
  [
    'a hundredth more',
    { ...drugs(amounts('101.01')), ...services(amounts('101.01')) },
    ['XML2:1 THANH_TIEN_BH', 'XML3:1 THANH_TIEN_BH'],
  ],
  ['blank', drugs(amounts('', '0'), amounts('9', '')), []],
  ['unreadable', drugs(amounts('9', 'x'), amounts('9x', '0')), []],
]);

const prices = (DON_GIA_BH: string, DON_GIA_BV = '100'): Row => ({ DON_GIA_BH, DON_GIA_BV });
ruleTable(lineLimits, 'MON_PRICE_BH_NOT_ABOVE_BV', [
  ['below, equal', services(prices('99.999'), prices('100.000')), []],
  ['a thousandth more, without tolerance', services({}, prices('100.001')), ['XML3:2 DON_GIA_BH']],
  ['blank', services(prices('', '0'), prices('9', '')), []],
  ['unreadable', services(prices('9', 'x'), prices('9x', '0')), []],
  ['drugs have one price', drugs(prices('101')), []],
]);

const arrivedOn = (day: string, ...levels: string[]) => ({
  ...xml1({ NGAY_VAO: day && `${day}0800` }),
  ...drugs(...levels.map((MUC_HUONG) => ({ MUC_HUONG }))),
});
ruleTable(lineLimits, 'MON_RATE_RANGE', [
  [
    '0 and 100',
    services(
      { TYLE_TT_BH: '0', TYLE_TT_DV: '0', MUC_HUONG: '0' },
      { TYLE_TT_BH: '100', TYLE_TT_DV: '100', MUC_HUONG: '100' },
    ),
    [],
  ],
  [
    'above 100',
    {
      ...drugs({ TYLE_TT_BH: '101', MUC_HUONG: '100.1' }),
      ...services({ TYLE_TT_BH: '80', TYLE_TT_DV: '101' }),
    },
    ['XML2:1 TYLE_TT_BH', 'XML2:1 MUC_HUONG', 'XML3:1 TYLE_TT_DV'],
  ],
  ['below 0', drugs({ TYLE_TT_BH: '-1', MUC_HUONG: '-0.1' }), ['XML2:1 TYLE_TT_BH', 'XML2:1 MUC_HUONG']],
  [
    'rates of payment are whole',
    services({ TYLE_TT_BH: '47.5', TYLE_TT_DV: '33.3' }),
    ['XML3:1 TYLE_TT_BH', 'XML3:1 TYLE_TT_DV'],
  ],
  ['zeros behind the point change nothing', services({ TYLE_TT_BH: '80.00', TYLE_TT_DV: '50.0' }), []],
  ['a level with a decimal from the day on', arrivedOn('20260701', '47.5'), []],
  ['two decimals', arrivedOn('20260701', '47.55'), ['XML2:1 MUC_HUONG']],
  ['a level with a decimal the day before', arrivedOn('20260630', '47.5', '80'), ['XML2:1 MUC_HUONG']],
  ['day unknown', arrivedOn('', '47.5', '47.55'), ['XML2:2 MUC_HUONG']],
  ['blank', services({ TYLE_TT_BH: '', TYLE_TT_DV: ' ' }), []],
  ['unreadable: the format speaks', services({ TYLE_TT_BH: 'x', TYLE_TT_DV: '50%', MUC_HUONG: '47,5' }), []],
]);

ruleTable(lineLimits, 'MON_OUT_OF_SCOPE_PAID', [
  ['nothing', drugs({ PHAM_VI: '2', T_BHTT: '0.00' }), []],
  [
    'a hundredth',
    { ...drugs({ PHAM_VI: '2', T_BHTT: '0.01' }), ...services({ PHAM_VI: '2', T_BHTT: '-0.01' }) },
    ['XML2:1 T_BHTT', 'XML3:1 T_BHTT'],
  ],
  [
    'in scope, or scope not said',
    drugs({ PHAM_VI: '1', T_BHTT: '5' }, { PHAM_VI: '3', T_BHTT: '5' }, { T_BHTT: '5' }),
    [],
  ],
  ['blank and unreadable', drugs({ PHAM_VI: '2', T_BHTT: '' }, { PHAM_VI: '2', T_BHTT: 'x' }), []],
]);

ruleTable(lineLimits, 'MON_FUNDED_ELSEWHERE_PAID', [
  ['nothing', drugs({ NGUON_CTRA: '2', T_BHTT: '0' }, { NGUON_CTRA: '4', T_BHTT: '0.00' }), []],
  [
    'a hundredth, from each',
    drugs(...['2', '3', '4'].map((NGUON_CTRA) => ({ NGUON_CTRA, T_BHTT: '0.01' }))),
    ['XML2:1 T_BHTT', 'XML2:2 T_BHTT', 'XML2:3 T_BHTT'],
  ],
  ['the insurer itself, or not said', drugs({ NGUON_CTRA: '1', T_BHTT: '5' }, { T_BHTT: '5' }), []],
  ['blank and unreadable', drugs({ NGUON_CTRA: '2', T_BHTT: '' }, { NGUON_CTRA: '2', T_BHTT: 'x' }), []],
  ['services have no such source', services({ NGUON_CTRA: '2', T_BHTT: '5' }), []],
]);
