import { ruleTable, setTable, visit } from '../../../../test/harness/rules.ts';
import { catalogueOf } from '../../catalogues.ts';
import type { Row } from '../../rule.ts';
import { rules } from './index.ts';

const CODE = '18.0149.0040';
const done = (row: Row) => ({
  XML3: [{ MA_DICH_VU: CODE, MA_NHOM: '2', NGAY_YL: '202611020900', NGAY_TH_YL: '202611020930', ...row }],
});
const spoken = ['XML3:1 MA_MAY'];

ruleTable(
  rules,
  'SVC_MACHINE_REQUIRED',
  [
    ['has one', done({ MA_MAY: 'CL.1.A1' }), []],
    ['has none', done({}), spoken],
    ['has none, whatever the group', done({ MA_NHOM: '18' }), spoken],
    ['local anaesthesia: the base code counts', done({ MA_DICH_VU: `${CODE}_GT` }), spoken],
    ['a supply of it', done({ MA_NHOM: '10', MA_VAT_TU: 'N01' }), []],
    ['stopped', done({ MA_DICH_VU: `${CODE}_TB` }), []],
    ['sent out', done({ MA_DICH_VU: `${CODE}.K.40001` }), []],
    ['imaging that needs none', done({ MA_DICH_VU: '02.0085.1778' }), []],
    ['not in the catalogue', done({ MA_DICH_VU: '18.0150.0040' }), []],
    ['no longer needed', done({ NGAY_YL: '202701010000' }), []],
    ['the last day', done({ NGAY_YL: '202612312359' }), spoken],
  ],
  {
    machine_service_catalogue: catalogueOf(
      [
        { MA_DICH_VU: CODE, machine: true, to: '20261231' },
        { MA_DICH_VU: '02.0085.1778', machine: false },
      ],
      'MA_DICH_VU',
    )!,
  },
);

const written = (MA_MAY: string) => done({ MA_MAY });
ruleTable(rules, 'SVC_MACHINE_FORMAT', [
  ['group, source, serial', written('XQ.1.A-123'), []],
  ['with the facility', written('ĐT.3.40021.A123'), []],
  ['a mark at the source', written('MRI.2[TX].A123'), []],
  ['more serial numbers', written('XQ.1.A1;B2; C3'), []],
  ['two machines', written('XQ.1.A1;CL.2.B2'), []],
  ['none was used', written('-1'), []],
  ['one letter', written('X.1.A1'), spoken],
  ['five letters', written('ABCDE.1.A1'), spoken],
  ['source 4', written('XQ.4.A1'), spoken],
  ['no serial', written('XQ.1.'), spoken],
  ['a serial first', written('A1;XQ.1.B2'), spoken],
  ['an empty element', written('XQ.1.A1;;B2'), spoken],
  ['blank', written(''), []],
]);

const equipment = catalogueOf(
  [{ code: 'XQ.1.A1' }, { code: 'XQ.1.B2', to: '20261102' }, { code: 'CL.1.X', capacity: 2 }],
  'code',
)!;
ruleTable(
  rules,
  'SVC_MACHINE_IN_CATALOGUE',
  [
    ['known', written('XQ.1.A1'), []],
    ['a second serial', written('XQ.1.A1;B2'), []],
    ['unknown', written('XQ.1.C3'), spoken],
    ['the second is unknown', written('XQ.1.A1;C3'), spoken],
    ['no longer in use', done({ MA_MAY: 'XQ.1.B2', NGAY_TH_YL: '202611030000' }), spoken],
    ['none was used', written('-1'), []],
    ['sent out', done({ MA_MAY: 'XQ.1.C3', MA_DICH_VU: `${CODE}.K.40001` }), []],
    ['not done yet', done({ MA_MAY: 'XQ.1.C3', NGAY_TH_YL: '' }), []],
  ],
  { equipment_catalogue: equipment },
);

/** A patient on the machine from one time of 2 November to another. */
const on = (MA_BN: string, from: string, to: string, row: Row = {}, more: Row = {}) =>
  visit(
    { MA_LK: `${MA_BN}${from}`, MA_BN, ...more },
    done({ MA_MAY: 'XQ.1.A1', NGAY_TH_YL: `20261102${from}`, NGAY_KQ: `20261102${to}`, ...row }),
  );
const later = ['2 XML3:1 MA_MAY'];
const ct = { MA_MAY: 'CL.1.X' };
setTable(
  rules,
  'SVC_MACHINE_CAPACITY',
  [
    ['two at once', [on('1', '0900', '0930'), on('2', '0929', '1000')], later],
    ['one after the other', [on('1', '0900', '0930'), on('2', '0930', '1000')], []],
    ['the same person', [on('1', '0900', '0930'), on('1', '0915', '1000')], []],
    ['another machine', [on('1', '0900', '0930'), on('2', '0900', '0930', { MA_MAY: 'XQ.1.B2' })], []],
    [
      'a serial number of the same kind',
      [on('1', '0900', '0930', { MA_MAY: 'XQ.1.B2;A1' }), on('2', '0900', '0930')],
      later,
    ],
    ['another facility', [on('1', '0900', '0930'), on('2', '0900', '0930', {}, { MA_CSKCB: '40555' })], []],
    ['an analyser runs many', ['1', '2'].map((n) => on(n, '0900', '0930', { MA_NHOM: '1' })), []],
    ['no machine', ['1', '2'].map((n) => on(n, '0900', '0930', { MA_MAY: '-1' })), []],
    ['no result yet', ['1', '2'].map((n) => on(n, '0900', '0930', { NGAY_KQ: '' })), []],
    ['the result is not after the start', ['1', '2'].map((n) => on(n, '0900', '0900')), []],
    [
      'from the evening to the next day',
      [
        on('1', '2300', '2359', { NGAY_KQ: '202611030100' }),
        on('2', '2300', '2359', { NGAY_TH_YL: '202611030030', NGAY_KQ: '202611030200' }),
      ],
      later,
    ],
    ['room for two', ['1', '2'].map((n) => on(n, '0900', '0930', ct)), []],
    [
      'three where there is room for two',
      ['1', '2', '3'].map((n) => on(n, '0900', '0930', ct)),
      ['3 XML3:1 MA_MAY'],
    ],
    [
      'three, but never at once',
      [on('1', '0900', '0910', ct), on('2', '0910', '0930', ct), on('3', '0900', '0930', ct)],
      [],
    ],
  ],
  { catalogues: { equipment_catalogue: equipment } },
);
