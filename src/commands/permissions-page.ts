import { needsSecondFactor, PERMISSION_NAMES, PERMISSIONS, ROLES, type Role } from '../identity/index.ts';
import { type Language, text } from '../messages/index.ts';

/** The part of docs/permissions.md in one language: what each role is, then the table of who may do what. */
export function permissionsPart(language: Language): string {
  const say = (name: string) => text(language, `roles.${name}`);
  const roles = ROLES.map((role) => `- **${say(`${role}.name`)}** (\`${role}\`): ${say(`${role}.about`)}`);
  const head = row([
    say('column.permission'),
    say('column.meaning'),
    ...ROLES.map((role) => say(`${role}.name`)),
  ]);
  const line = row(['---', '---', ...ROLES.map(() => ':-:')]);
  const rows = PERMISSION_NAMES.map((name) => {
    const holders: readonly Role[] = PERMISSIONS[name];
    return row([
      `\`${name}\``,
      text(language, `permissions.${name}`),
      ...marks((role) => holders.includes(role)),
    ]);
  });
  const secondFactor = row([
    '–',
    say('secondFactor'),
    ...marks((role) => needsSecondFactor([role], 'usual')),
  ]);
  return `${say('page')}\n\n${roles.join('\n')}\n\n${[head, line, ...rows, secondFactor].join('\n')}\n`;
}

const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
const marks = (holds: (role: Role) => boolean) => ROLES.map((role) => (holds(role) ? '●' : ''));
