import { ruleTable, xml1 } from '../../../../test/harness/rules.ts';
import { catalogueOf } from '../../catalogues.ts';
import { rules } from './index.ts';

ruleTable(rules, 'PAT_NATIONALITY', [
  ['Viet Nam', xml1({ MA_QUOCTICH: '000' }), []],
  ['another', xml1({ MA_QUOCTICH: '116' }), []],
  ['two digits', xml1({ MA_QUOCTICH: '00' }), ['XML1 MA_QUOCTICH']],
  ['four digits', xml1({ MA_QUOCTICH: '0000' }), ['XML1 MA_QUOCTICH']],
  ['letters', xml1({ MA_QUOCTICH: 'VNM' }), ['XML1 MA_QUOCTICH']],
  ['blank', xml1({ MA_QUOCTICH: '' }), []],
]);

ruleTable(rules, 'PAT_ETHNIC', [
  ['the first', xml1({ MA_DANTOC: '01' }), []],
  ['the last', xml1({ MA_DANTOC: '56' }), []],
  ['none before', xml1({ MA_DANTOC: '00' }), ['XML1 MA_DANTOC']],
  ['none after', xml1({ MA_DANTOC: '57' }), ['XML1 MA_DANTOC']],
  ['one digit', xml1({ MA_DANTOC: '1' }), ['XML1 MA_DANTOC']],
  ['a name', xml1({ MA_DANTOC: 'Kinh' }), ['XML1 MA_DANTOC']],
  ['blank', xml1({ MA_DANTOC: '' }), []],
]);

ruleTable(
  rules,
  'PAT_NATIONALITY',
  [
    ['in the catalogue', xml1({ MA_QUOCTICH: '000' }), []],
    ['not in it', xml1({ MA_QUOCTICH: '999' }), ['XML1 MA_QUOCTICH']],
  ],
  { nationality_catalogue: catalogueOf([{ code: '000' }], 'code')! },
);
