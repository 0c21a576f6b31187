import { ruleTable } from '../../../../test/harness/rules.ts';
import type { AnyRule, Row } from '../../rule.ts';
import { lineShares } from './line-shares.ts';

/** 1000.05, of which 800.05 insured at 80 %: the insurer 640.04, the patient 160.01 and 200. */
const split: Row = {
  MA_NHOM: '4',
  THANH_TIEN_BV: '1000.05',
  THANH_TIEN_BH: '800.05',
  MUC_HUONG: '80',
  T_BHTT: '640.04',
  T_BNCCT: '160.01',
  T_BNTT: '200.00',
  T_NGUONKHAC: '0.00',
};
const drugs = (...rows: Row[]) => ({ XML2: rows.map((row) => ({ ...split, ...row })) });
const services = (...rows: Row[]) => ({ XML3: rows.map((row) => ({ ...split, MA_NHOM: '8', ...row })) });
/** Another source pays; first the patient's own 200, then the co-payment, then what the insurer would. */
const own = { T_NGUONKHAC: '150', T_BNTT: '50' };
const copay = { T_NGUONKHAC: '300', T_BNTT: '0', T_BNCCT: '60.01' };
const insurers = { T_NGUONKHAC: '460.01', T_BNTT: '0', T_BNCCT: '0', T_BHTT: '540.04' };
/** Antiretroviral drugs: just the co-payment. */
const antiretroviral = { T_NGUONKHAC: '160.01', T_BNCCT: '0' };

ruleTable(lineShares, 'MON_LINE_BHTT', [
  ['both tables', { ...drugs({}), ...services({}) }, []],
  ['other sources left blank', drugs({ T_NGUONKHAC: '' }), []],
  ['the tolerance, up and down', drugs({ T_BHTT: '641.04' }, { T_BHTT: '639.04' }), []],
  [
    'a hundredth more',
    { ...drugs({ T_BHTT: '641.05' }), ...services({ T_BHTT: '639.03', T_NGUONKHAC: '' }) },
    ['XML2:1 T_BHTT', 'XML3:1 T_BHTT'],
  ],
  ['a level with a half', drugs({ MUC_HUONG: '47.5', T_BHTT: '380.02' }), []],
  [
    'half a hundredth is rounded up before it is compared',
    drugs(
      { THANH_TIEN_BH: '0.01', MUC_HUONG: '50', T_BHTT: '1.01' },
      { THANH_TIEN_BH: '0.01', MUC_HUONG: '50', T_BHTT: '1.02' },
    ),
    ['XML2:2 T_BHTT'],
  ],
  ['another source pays what is not the insurer’s', drugs(own, copay), []],
  ['another source pays of the insurer’s, too', drugs(insurers), []],
  ['the tolerance then', drugs({ ...insurers, T_BHTT: '541.04' }, { ...insurers, T_BHTT: '539.04' }), []],
  [
    'a hundredth more then',
    drugs({ ...insurers, T_BHTT: '541.05' }, { ...insurers, T_BHTT: '539.03' }),
    ['XML2:1 T_BHTT', 'XML2:2 T_BHTT'],
  ],
  [
    'the halves of a hundredth are not rounded up twice',
    drugs(
      ...['299.01', '299.00'].map((T_BHTT) => ({
        ...insurers,
        T_BHTT,
        THANH_TIEN_BV: '1000.01',
        THANH_TIEN_BH: '800.01',
        MUC_HUONG: '50',
        T_NGUONKHAC: '700',
      })),
    ),
    ['XML2:2 T_BHTT'],
  ],
  ['the insurer pays on in full', drugs({ ...insurers, T_BHTT: '640.04' }), ['XML2:1 T_BHTT']],
  ['another source pays all', drugs({ ...insurers, T_NGUONKHAC: '1000.05', T_BHTT: '0' }), []],
  ['and more than all', drugs({ ...insurers, T_NGUONKHAC: '1500', T_BHTT: '0' }), []],
  [
    'what is insured in full may be paid beyond the co-payment',
    drugs({ ...insurers, THANH_TIEN_BV: '800.05', T_NGUONKHAC: '260.01' }),
    [],
  ],
  ['antiretroviral drugs', drugs(antiretroviral), []],
  [
    'antiretroviral drugs, the insurer pays less',
    drugs({ ...antiretroviral, T_BHTT: '600', T_NGUONKHAC: '200.05' }),
    ['XML2:1 T_BHTT'],
  ],
  ['transport', services({ MA_NHOM: '12', T_BHTT: '9' }), []],
  ['blank', drugs({ THANH_TIEN_BH: '', T_BHTT: '9' }, { MUC_HUONG: '', T_BHTT: '9' }, { T_BHTT: '' }), []],
  [
    'the hospital’s amount matters only to other sources',
    drugs({ THANH_TIEN_BV: '', T_BHTT: '9' }, { ...insurers, THANH_TIEN_BV: '', T_BHTT: '9' }),
    ['XML2:1 T_BHTT'],
  ],
  ['unreadable', drugs({ MUC_HUONG: '80%', T_BHTT: '9' }, { T_NGUONKHAC: 'x', T_BHTT: '9' }), []],
  ['less than nothing from others', drugs({ T_NGUONKHAC: '-5', T_BHTT: '9' }), []],
]);

const supportOfFacility = lineShares.map(
  (one) =>
    ({ ...one, params: { ...(one.params as object), skipOtherSource: true, skipGroups: [] } }) as AnyRule,
);
ruleTable(supportOfFacility, 'MON_LINE_BHTT', [
  ['support given to the facility is not judged', drugs({ ...insurers, T_BHTT: '9' }), []],
  ['rows without it are, transport if wanted', services({ MA_NHOM: '12', T_BHTT: '9' }), ['XML3:1 T_BHTT']],
]);

ruleTable(lineShares, 'MON_LINE_BNCCT', [
  ['both tables', { ...drugs({}), ...services({ T_NGUONKHAC: '' }) }, []],
  ['the tolerance, up and down', drugs({ T_BNCCT: '161.01' }, { T_BNCCT: '159.01' }), []],
  [
    'a hundredth more',
    { ...drugs({ T_BNCCT: '161.02' }), ...services({ T_BNCCT: '159.00', T_NGUONKHAC: '' }) },
    ['XML2:1 T_BNCCT', 'XML3:1 T_BNCCT'],
  ],
  ['another source pays of it, or all', drugs(own, copay, insurers, antiretroviral), []],
  ['no more than without it, and the tolerance', drugs({ T_NGUONKHAC: '1', T_BNCCT: '161.01' }), []],
  ['a hundredth more than that', drugs({ T_NGUONKHAC: '1', T_BNCCT: '161.02' }), ['XML2:1 T_BNCCT']],
  ['less than nothing', drugs({ T_NGUONKHAC: '1', T_BNCCT: '-0.01' }), ['XML2:1 T_BNCCT']],
  ['blank', drugs({ THANH_TIEN_BH: '', T_BNCCT: '9' }, { T_BHTT: '', T_BNCCT: '9' }, { T_BNCCT: '' }), []],
  ['unreadable', drugs({ T_BHTT: 'x', T_BNCCT: '9' }, { T_NGUONKHAC: 'x', T_BNCCT: '9' }), []],
  ['less than nothing from others', drugs({ T_NGUONKHAC: '-5', T_BNCCT: '9' }), []],
]);

ruleTable(lineShares, 'MON_LINE_BNTT', [
  ['both tables', { ...drugs({}), ...services({ T_NGUONKHAC: '' }) }, []],
  ['the tolerance, up and down', drugs({ T_BNTT: '201' }, { T_BNTT: '199' }), []],
  [
    'a hundredth more',
    { ...drugs({ T_BNTT: '201.01' }), ...services({ T_BNTT: '198.99', T_NGUONKHAC: '' }) },
    ['XML2:1 T_BNTT', 'XML3:1 T_BNTT'],
  ],
  ['another source lowers it first, to nothing', drugs(own, copay, insurers), []],
  [
    'the tolerance then',
    drugs({ ...own, T_BNTT: '51' }, { ...own, T_BNTT: '49' }, { ...copay, T_BNTT: '1' }),
    [],
  ],
  [
    'a hundredth more then',
    drugs({ ...own, T_BNTT: '51.01' }, { ...own, T_BNTT: '48.99' }, { ...copay, T_BNTT: '1.01' }),
    ['XML2:1 T_BNTT', 'XML2:2 T_BNTT', 'XML2:3 T_BNTT'],
  ],
  ['not lowered', drugs({ ...own, T_BNTT: '200' }), ['XML2:1 T_BNTT']],
  ['antiretroviral drugs leave it whole', drugs(antiretroviral), []],
  [
    'the co-payment within the tolerance',
    drugs(
      { ...antiretroviral, T_NGUONKHAC: '161.01' },
      { ...antiretroviral, T_NGUONKHAC: '161.02' },
      { ...antiretroviral, T_BNCCT: '0.01' },
    ),
    ['XML2:2 T_BNTT', 'XML2:3 T_BNTT'],
  ],
  [
    'whether it is such a drug cannot be read',
    drugs({ ...antiretroviral, T_BHTT: '' }, { ...own, T_BNTT: '200', T_BNCCT: 'x' }),
    [],
  ],
  ['wrong either way', drugs({ ...antiretroviral, T_BNTT: '100', T_BHTT: '' }), ['XML2:1 T_BNTT']],
  [
    'blank',
    drugs({ THANH_TIEN_BV: '', T_BNTT: '9' }, { THANH_TIEN_BH: '', T_BNTT: '9' }, { T_BNTT: '' }),
    [],
  ],
  ['unreadable', drugs({ THANH_TIEN_BH: 'x', T_BNTT: '9' }, { T_NGUONKHAC: 'x', T_BNTT: '9' }), []],
  ['less than nothing from others', drugs({ T_NGUONKHAC: '-5', T_BNTT: '9' }), []],
]);

ruleTable(lineShares, 'MON_LINE_BALANCE', [
  ['both tables', { ...drugs({}, own, copay, insurers), ...services({ T_NGUONKHAC: '' }) }, []],
  ['the tolerance, up and down', drugs({ THANH_TIEN_BV: '1001.05' }, { THANH_TIEN_BV: '999.05' }), []],
  [
    'a hundredth more',
    { ...drugs({ THANH_TIEN_BV: '1001.06' }), ...services({ THANH_TIEN_BV: '999.04' }) },
    ['XML2:1 THANH_TIEN_BV', 'XML3:1 THANH_TIEN_BV'],
  ],
  [
    'each part counts',
    drugs({ T_BHTT: '0' }, { T_BNCCT: '0' }, { T_BNTT: '0' }, { T_NGUONKHAC: '5' }),
    [1, 2, 3, 4].map((row) => `XML2:${row} THANH_TIEN_BV`),
  ],
  ['blank', drugs({ THANH_TIEN_BV: '' }, { T_BHTT: '' }, { T_BNCCT: '' }, { T_BNTT: '' }), []],
  ['unreadable', drugs({ THANH_TIEN_BV: 'x' }, { T_NGUONKHAC: 'x', T_BHTT: '0' }), []],
]);
