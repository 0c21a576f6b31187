import { Command, InvalidArgumentError, Option } from 'commander';
import { currentLanguage } from './config.ts';
import { text } from './messages/index.ts';
import { isLocalDate } from './platform/dates.ts';

/**
 * The `his` command: names and options only. What a command does is imported when it is called, so `--help` and the
 * commands that work on files load neither the ORM nor the queue.
 */
const language = currentLanguage();
const t = (key: string) => text(language, `cli.${key}`);

const day = (value: string): string => {
  if (!isLocalDate(value)) throw new InvalidArgumentError(t('badDay'));
  return value;
};
const facility = (value: string): string => {
  if (!/^\d{5}$/.test(value)) throw new InvalidArgumentError(t('badFacility'));
  return value;
};
const count = (value: string): number => {
  if (!/^[1-9]\d{0,6}$/.test(value)) throw new InvalidArgumentError(t('badCount'));
  return Number(value);
};

function program(): Command {
  const his = new Command('his').description(t('his')).helpCommand(false).showHelpAfterError();
  his
    .command('start')
    .description(t('start'))
    .action(async () => (await import('./commands/start.ts')).start());
  his
    .command('serve')
    .description(t('serve'))
    .action(async () => (await import('./commands/serve.ts')).serve());
  his
    .command('work')
    .description(t('work'))
    .action(async () => (await import('./commands/work.ts')).work());
  his
    .command('simulate-gateway')
    .description(t('simulate'))
    .option('--port <n>', t('option.port'), count)
    .option('--control-port <n>', t('option.controlPort'), count)
    .addOption(
      new Option('--signature <mode>', t('option.signature'))
        .choices(['ignore', 'presence'])
        .default('ignore'),
    )
    .action(async (options) => (await import('./commands/simulate-gateway.ts')).simulateGateway(options));
  his
    .command('migrate')
    .description(t('migrate'))
    .action(async () => (await import('./commands/migrate.ts')).migrateDatabase());
  his
    .command('seed')
    .description(t('seed'))
    .option('--from <dir>', t('option.from'))
    .option('--tokens <file>', t('option.tokens'))
    .action(async (options) => (await import('./commands/seed.ts')).seed(options));
  his
    .command('demo')
    .description(t('demo'))
    .option('--encounters <n>', t('option.encounters'), count, 8000)
    .option('--facilities <n>', t('option.facilities'), count, 472)
    .option('--seed <n>', t('option.seed'), count, 1)
    .option('--date <day>', t('option.demoDate'), day)
    .option('--out <dir>', t('option.out'), 'out/')
    .option('--json', t('option.json'), false)
    .action(async (options) => (await import('./commands/demo.ts')).demo(options));
  his
    .command('generate')
    .description(t('generate'))
    .action(async () => (await import('./commands/generate.ts')).generate());
  const exports = his.command('export').description(t('export')).helpCommand(false);
  exports
    .command('run')
    .description(t('exportRun'))
    .requiredOption('--date <day>', t('option.runDate'), day)
    .option('--facility <code>', t('option.facility'), facility)
    .action(async (options) => (await import('./commands/export.ts')).exportRun(options));
  exports
    .command('files')
    .description(t('exportFiles'))
    .requiredOption('--date <day>', t('option.filesDate'), day)
    .requiredOption('--to <dir>', t('option.to'))
    .option('--facility <code>', t('option.facility'), facility)
    .action(async (options) => (await import('./commands/export.ts')).exportFiles(options));
  return his;
}

/** Exit codes: 0 done, 1 a failure, 2 wrong usage or setting. */
export async function run(argv: readonly string[]): Promise<void> {
  const his = program().exitOverride();
  for (const command of [his, ...his.commands, ...his.commands.flatMap((one) => one.commands)])
    command.exitOverride();
  try {
    await his.parseAsync([...argv]);
  } catch (error) {
    const { code, exitCode } = error as { code?: string; exitCode?: number };
    if (code?.startsWith('commander.')) process.exitCode = exitCode === 0 ? 0 : 2;
    else await report(error);
  }
}

async function report(error: unknown): Promise<void> {
  const { explainFailure } = await import('./commands/failure.ts');
  const { message, exitCode } = explainFailure(error, language);
  process.stderr.write(`${message}\n`);
  process.exitCode = exitCode;
}
