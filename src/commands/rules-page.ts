import { ALL_RULES, FILE_RULES, type RuleFact, ruleFacts } from '../assessment/index.ts';
import { LANGUAGES, type Language, text } from '../messages/index.ts';

/** Families of sources that are rule sets of others; which is which does not matter to the reader. */
const RULE_SETS = ['QLBV', 'CDSS', 'TN', 'NH', 'PYV'];

const params = new Map([...ALL_RULES, ...FILE_RULES].map((rule) => [rule.id, rule.params as object]));
const ofFiles: ReadonlySet<string> = new Set(FILE_RULES.map(({ id }) => id));
const isCarriedOut = ({ id }: RuleFact) => params.has(id);

/** docs/rules.md: every rule, group by group; tables are shared by both languages. */
export function rulesPage(): string {
  const facts = ruleFacts();
  const groups = Map.groupBy(facts, ({ group }) => group);
  const absent = facts.filter((fact) => !isCarriedOut(fact));
  return [
    `# ${both('title')}`,
    ...LANGUAGES.map(introduction),
    ...[...groups].map(([group, members]) => section(group, members)),
    `## ${both('absent')}`,
    absent.length === 0 ? `${both('complete')}: ${facts.length}.` : absent.map(absentLine).join('\n'),
    '',
  ]
    .join('\n\n')
    .replace(/\n+$/, '\n');
}

const both = (key: string) => LANGUAGES.map((language) => text(language, `rules-page.${key}`)).join(' · ');

function introduction(language: Language): string {
  const say = (key: string) => text(language, `rules-page.${key}`);
  const sources = [
    `GDH: ${say('source.GDH')}`,
    `STD: ${say('source.STD')}`,
    `${RULE_SETS.join(', ')}: ${say('source.rules')}`,
    `OWN: ${say('source.OWN')}`,
    `BHXH-nnn: ${say('source.topic')}`,
  ];
  return [say('page'), say('conventions'), `${sources.join('; ')}.`, say('generated')].join('\n\n');
}

const COLUMNS = ['id', 'severity', 'stage', 'checks', 'params', 'needs', 'source'];

function section(group: string, facts: readonly RuleFact[]): string {
  const present = facts.filter(isCarriedOut);
  const table = [row(COLUMNS.map((column) => both(`column.${column}`))), row(COLUMNS.map(() => '---'))];
  return `## ${both(`group.${group}`)} (${present.length})\n\n${[...table, ...present.map(line)].join('\n')}`;
}

function line(fact: RuleFact): string {
  const { id, severity, stage, isOffByDefault, needs, uses = [], checks, source } = fact;
  return row([
    `\`${id}\``,
    both(`severity.${severity}`) + (isOffByDefault ? `, ${both('off')}` : ''),
    ofFiles.has(id) ? both('reader') : both(`stage.${stage}`),
    `${plain(text('vi', `rules.${id}`))}<br>${plain(checks)}`,
    Object.entries(params.get(id) ?? {})
      .map(([name, value]) => `\`${name}\` = \`${JSON.stringify(value)}\``)
      .join('<br>'),
    [...needs, ...uses.map((name) => `${both('uses')} ${name}`)].join('<br>'),
    source.join(', '),
  ]);
}

/** Read by Markdown as it stands. */
const plain = (words: string) => words.replaceAll('<', '&lt;').replace(/[*~]/g, '\\$&');

const absentLine = ({ id, absent }: RuleFact) => `- \`${id}\`: ${absent ?? '–'}`;

const row = (cells: readonly string[]) =>
  `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
