import { ruleTable, xml1 } from '../../../../test/harness/rules.ts';
import { rules } from './index.ts';

const numbered = (...texts: string[]) => texts.map((STT) => ({ STT }));

ruleTable(rules, 'STR_STT_INTEGER', [
  ['whole numbers in every table', { XML2: numbered('1', '2'), XML5: numbered('10') }, []],
  ['one is the smallest', { XML2: numbered('1', '0') }, ['XML2:2 STT']],
  [
    'negative, decimal, words',
    { XML3: numbered('-1', '1.5', 'một') },
    ['XML3:1 STT', 'XML3:2 STT', 'XML3:3 STT'],
  ],
  ['blank and absent', { XML4: numbered(' '), XML5: [{}] }, ['XML4:1 STT', 'XML5:1 STT']],
  ['XML1 has its own rule', xml1({ STT: 'x' }), []],
]);

ruleTable(rules, 'STR_STT_DUPLICATE', [
  ['each once, in any order', { XML2: numbered('2', '1', '3') }, []],
  ['the same in two tables', { XML2: numbered('1'), XML3: numbered('1') }, []],
  ['the later row', { XML2: numbered('1', '2', '1') }, ['XML2:3 STT']],
  ['both later rows', { XML4: numbered('1', '1', ' 01 ') }, ['XML4:2 STT', 'XML4:3 STT']],
  ['what is no number is left to STR_STT_INTEGER', { XML5: numbered('', '', 'x', 'x') }, []],
  ['no rows', xml1({ STT: '1' }), []],
]);
