import { ruleTable, xml1 } from '../../../../test/harness/rules.ts';
import { catalogueOf } from '../../catalogues.ts';
import { rules } from './index.ts';

const card = (MA_THE_TAM: string, MA_DOITUONG_KCB = '1.7') => ({
  ...xml1({ MA_DOITUONG_KCB }),
  XML7: [{ MA_THE_TAM }],
});
ruleTable(rules, 'XML9_TEMP_CARD', [
  ['of a child', card('TE1400000000001'), []],
  ['of a child, another digit', card('TE2400000000001'), ['XML7 MA_THE_TAM']],
  ['too short', card('TE140000000001'), ['XML7 MA_THE_TAM']],
  [
    'in every paper',
    {
      ...card('x'),
      XML8: [{ MA_THE_TAM: 'x' }],
      XML9: [{}, { MA_THE_TAM: 'x' }],
      XML11: [{ MA_THE_TAM: 'x' }],
    },
    ['XML7 MA_THE_TAM', 'XML8 MA_THE_TAM', 'XML9:2 MA_THE_TAM', 'XML11 MA_THE_TAM'],
  ],
  ['of a donor', card('HG4400000000001', '1.6'), []],
  ['any province while the wards are not known', card('TE1990000000001'), []],
  ['none', card(''), []],
]);
ruleTable(
  rules,
  'XML9_TEMP_CARD',
  [
    ['a province of the wards', card('TE1400000000001'), []],
    ['another one', card('TE1990000000001'), ['XML7 MA_THE_TAM']],
  ],
  { admin_units: catalogueOf([{ ward: '16681', province: '40' }], 'ward')! },
);
