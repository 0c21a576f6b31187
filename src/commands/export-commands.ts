import type { HisCommand } from './command-line.ts';

interface Parsers {
  readonly facility: (value: string) => string;
  readonly day: (value: string) => string;
  readonly run: (value: string) => string;
}

/** `his export …` and `his deadlines`: names and options only. */
export function addExportCommands(his: HisCommand, t: (key: string) => string, parse: Parsers): void {
  const exports = his.command('export').description(t('export')).helpCommand(false);
  const load = () => import('./export.ts');
  exports
    .command('run')
    .description(t('exportRun'))
    .requiredOption('--date <day>', t('option.runDate'), parse.day)
    .option('--facility <code>', t('option.facility'), parse.facility)
    .action(async (options) => (await load()).exportRun(options));
  exports
    .command('files')
    .description(t('exportFiles'))
    .requiredOption('--date <day>', t('option.filesDate'), parse.day)
    .requiredOption('--to <dir>', t('option.to'))
    .option('--facility <code>', t('option.facility'), parse.facility)
    .action(async (options) => (await load()).exportFiles(options));
  exports
    .command('report')
    .description(t('exportReport'))
    .argument('<run>', t('argument.run'), parse.run)
    .requiredOption('--to <file>', t('option.reportTo'))
    .action(async (id, options) => (await import('./export-report.ts')).exportReport(id, options));
  his
    .command('deadlines')
    .description(t('deadlines'))
    .option('--facility <code>', t('option.facility'), parse.facility)
    .option('--json', t('option.jsonDocument'), false)
    .action(async (options) => (await import('./deadlines.ts')).deadlines(options));
}
