import { Command, type ErrorOptions, Help, type Option } from 'commander';
import { currentLanguage } from '../config.ts';
import { type MessageValues, text } from '../messages/index.ts';

const t = (key: string, values?: MessageValues) => text(currentLanguage(), `cli.${key}`, values);

/** commander with its own words in the language of the person at the terminal. */
export class HisCommand extends Command {
  override createCommand(name?: string): HisCommand {
    return new HisCommand(name);
  }

  override createHelp(): Help {
    return Object.assign(new HisHelp(), this.configureHelp());
  }

  override error(message: string, options?: ErrorOptions): never {
    return super.error(explained(message, options?.code ?? ''), options);
  }
}

const TITLES: Readonly<Record<string, string>> = {
  'Usage:': 'help.usage',
  'Arguments:': 'help.arguments',
  'Options:': 'help.options',
  'Commands:': 'help.commands',
};

class HisHelp extends Help {
  override styleTitle(title: string): string {
    const key = TITLES[title];
    return key ? t(key) : title;
  }

  override commandUsage(command: Command): string {
    return marked(super.commandUsage(command));
  }

  override subcommandTerm(command: Command): string {
    return marked(super.subcommandTerm(command));
  }

  override optionDescription(option: Option): string {
    return super
      .optionDescription(option)
      .replace('(default: ', `(${t('help.default')}: `)
      .replace('(choices: ', `(${t('help.choices')}: `)
      .replace(', default: ', `, ${t('help.default')}: `);
  }
}

function marked(usage: string): string {
  return usage.replace('[options]', t('help.anyOptions')).replace('[command]', t('help.anyCommand'));
}

/** What commander found wrong, in our words: it says which by a code, and the names stand in quotes in its message. */
function explained(message: string, code: string): string {
  const [first = '', second = ''] = [...message.matchAll(/'([^']*)'/g)].map(([, name]) => name);
  const guess = /\(Did you mean (?:one of )?(.*)\?\)/.exec(message)?.[1];
  const hint = guess ? ` ${t('usage.didYouMean', { names: guess })}` : '';
  switch (code) {
    case 'commander.unknownOption':
      return t('usage.unknownOption', { name: first }) + hint;
    case 'commander.unknownCommand':
      return t('usage.unknownCommand', { name: first }) + hint;
    case 'commander.optionMissingArgument':
      return t('usage.valueMissing', { name: first });
    case 'commander.missingMandatoryOptionValue':
      return t('usage.optionMissing', { name: first });
    case 'commander.missingArgument':
      return t('usage.argumentMissing', { name: first });
    case 'commander.excessArguments':
      return t('usage.tooMany');
    case 'commander.conflictingOption':
      return t('usage.conflict', { name: first, other: second });
    case 'commander.invalidArgument':
      return t('usage.invalid', { name: first, expected: expectedIn(message) });
    default:
      return t('usage.wrong', { said: message });
  }
}

/** Our parsers say what they expect; a list of choices is commander's. */
function expectedIn(message: string): string {
  const said = message.slice(message.indexOf(' is invalid. ') + ' is invalid. '.length);
  const choices = /^Allowed choices are (.*)\.$/.exec(said)?.[1];
  return choices ? t('usage.oneOf', { choices }) : said;
}
