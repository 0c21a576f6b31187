import { InvalidArgumentError, Option } from 'commander';
import { HisCommand } from './commands/command-line.ts';
import { addExportCommands } from './commands/export-commands.ts';
import { addInsurerCommands } from './commands/insurer-commands.ts';
import { currentLanguage } from './config.ts';
import { text } from './messages/index.ts';
import { isLocalDate, localDate } from './platform/dates.ts';

/**
 * The `his` command: names and options only. What a command does is imported when it is called, so `--help` and the
 * commands that work on files load neither the ORM nor the queue.
 */
const language = currentLanguage();
const t = (key: string) => text(language, `cli.${key}`);

const anyDay = (value: string): string => {
  if (!isLocalDate(value)) throw new InvalidArgumentError(t('badDay'));
  return value;
};
const day = (typed: string): string => {
  const value = anyDay(typed);
  if (value > localDate(new Date())) throw new InvalidArgumentError(t('dayToCome'));
  return value;
};
const visitId = (value: string): string => {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value))
    throw new InvalidArgumentError(t('badVisit'));
  return value.toLowerCase();
};
const facility = (value: string): string => {
  if (!/^\d{5}$/.test(value)) throw new InvalidArgumentError(t('badFacility'));
  return value;
};
const facilities = (value: string, before: readonly string[] = []): string[] => [...before, facility(value)];
const month = (value: string): string => {
  if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(value)) throw new InvalidArgumentError(t('badMonth'));
  return value;
};
const visit = (value: string): string => {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value))
    throw new InvalidArgumentError(t('badVisit'));
  return value;
};
const nationalId = (value: string): string => {
  if (!/^\d{12}$/.test(value)) throw new InvalidArgumentError(t('badNationalId'));
  return value;
};
const runId = (value: string): string => {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value)) throw new InvalidArgumentError(t('badRun'));
  return value;
};
const ids = (value: string): readonly string[] => {
  const found = value.split(',').map((id) => id.trim());
  if (found.includes('')) throw new InvalidArgumentError(t('badIds'));
  return found;
};
const moment = (value: string): Date => {
  const read = new Date(value);
  if (!/^\d{4}-\d{2}-\d{2}T.*(Z|[+-]\d{2}:\d{2})$/.test(value) || Number.isNaN(read.getTime()))
    throw new InvalidArgumentError(t('badMoment'));
  return read;
};
const count = (value: string): number => {
  if (!/^[1-9]\d{0,6}$/.test(value)) throw new InvalidArgumentError(t('badCount'));
  return Number(value);
};
const share = (value: string): number => {
  if (!/^(0(\.\d{1,4})?|1(\.0{1,4})?)$/.test(value)) throw new InvalidArgumentError(t('badShare'));
  return Number(value);
};
const port = (value: string): number => {
  if (!/^\d{1,5}$/.test(value) || Number(value) > 65_535) throw new InvalidArgumentError(t('badPort'));
  return Number(value);
};

/** All commands with their options; the same each time. */
export function program(): HisCommand {
  const his = new HisCommand('his')
    .description(t('his'))
    .helpCommand(false)
    .helpOption('-h, --help', t('option.help'))
    .showHelpAfterError()
    .exitOverride();
  his
    .command('start')
    .description(t('start'))
    .option('--demo', t('option.startDemo'), false)
    .action(async (options) => (await import('./commands/start.ts')).start(options));
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
    .option('--port <n>', t('option.port'), port)
    .option('--control-port <n>', t('option.controlPort'), port)
    .option('--records <file>', t('option.records'))
    .addOption(
      new Option('--signature <mode>', t('option.signature')).choices(['ignore', 'presence', 'verify']),
    )
    .option('--certificates <dir>', t('option.certificates'))
    .option('--set <name=value...>', t('option.set'))
    .option('--seed <text>', t('option.simulatorSeed'))
    .action(async (options) => (await import('./commands/simulate-gateway.ts')).simulateGateway(options));
  his
    .command('doctor')
    .description(t('doctor'))
    .option('--json', t('option.jsonDocument'), false)
    .addHelpText('after', `\n${t('doctorExitCodes')}`)
    .action(async (options) => (await import('./commands/doctor.ts')).doctor(options));
  const backup = his
    .command('backup')
    .description(t('backup'))
    .helpCommand(false)
    .option('--to <dir>', t('option.backupTo'))
    .action(async (options) => (await import('./commands/backup.ts')).backup(options));
  backup
    .command('verify')
    .description(t('backupVerify'))
    .argument('<dir>', t('argument.backupDir'))
    .action(async (dir) => (await import('./commands/backup.ts')).backupVerify(dir));
  his
    .command('restore')
    .description(t('restore'))
    .requiredOption('--from <dir>', t('option.restoreFrom'))
    .option('--to-time <moment>', t('option.toTime'), moment)
    .action(async (options) => (await import('./commands/backup.ts')).restore(options));
  his
    .command('migrate')
    .description(t('migrate'))
    .action(async () => (await import('./commands/migrate.ts')).migrateDatabase());
  his
    .command('seed')
    .description(t('seed'))
    .option('--from <dir>', t('option.from'))
    .option('--demo', t('option.demo'), false)
    .option('--gateway-accounts <file>', t('option.gatewayAccounts'))
    .action(async (options) => (await import('./commands/seed.ts')).seed(options));
  his
    .command('demo')
    .description(t('demo'))
    .option('--encounters <n>', t('option.encounters'), count, 8000)
    .option('--facilities <n>', t('option.facilities'), count, 472)
    .option('--seed <n>', t('option.seed'), count, 1)
    .option('--date <day>', t('option.demoDate'), day)
    .option('--out <dir>', t('option.out'), 'out/')
    .option('--wrong <share>', t('option.wrong'), share, 0.03)
    .option('--json', t('option.json'), false)
    .action(async (options) => (await import('./commands/demo.ts')).demo(options));
  his
    .command('generate')
    .description(t('generate'))
    .action(async () => (await import('./commands/generate.ts')).generate());
  const benefits = his.command('benefits').description(t('benefits')).helpCommand(false);
  benefits
    .command('check')
    .description(t('benefitsCheck'))
    .argument('<file...>', t('argument.caseFiles'))
    .option('--json', t('option.jsonDocument'), false)
    .option('--strict', t('option.strict'), false)
    .action(async (files, options) => (await import('./commands/benefits.ts')).benefitsCheck(files, options));
  benefits
    .command('explain')
    .description(t('benefitsExplain'))
    .option('--visit <id>', t('option.visit'), visitId)
    .option('--facility <code>', t('option.visitFacility'), facility)
    .option('--case <file#id>', t('option.case'))
    .option('--json', t('option.jsonDocument'), false)
    .action(async (options) => (await import('./commands/explain.ts')).benefitsExplain(options));
  his
    .command('check')
    .description(t('check'))
    .argument('<file...>', t('argument.checkFiles'))
    .option('--catalogues <file>', t('option.catalogues'))
    .option('--as-of <day>', t('option.asOf'), anyDay)
    .option('--rules <ids>', t('option.rules'), ids)
    .addOption(
      new Option('--format <format>', t('option.checkFormat'))
        .choices(['table', 'json', 'csv', 'xlsx'])
        .default('table'),
    )
    .option('--output <file>', t('option.checkOutput'))
    .option('--threads <n>', t('option.threads'), count)
    .option('--json', t('option.jsonDocument'), false)
    .option('--strict', t('option.strict'), false)
    .addHelpText('after', `\n${t('checkExitCodes')}`)
    .action(async (files, options) => (await import('./commands/check.ts')).check(files, options));
  const claims = his.command('claims').description(t('claims')).helpCommand(false);
  claims
    .command('show')
    .description(t('claimsShow'))
    .argument('<file>', t('argument.claimFile'))
    .option('--json', t('option.jsonDocument'), false)
    .action(async (file, options) => (await import('./commands/claims.ts')).claimsShow(file, options));
  claims
    .command('verify')
    .description(t('claimsVerify'))
    .argument('<file>', t('argument.claimFile'))
    .option('--certificate <pem>', t('option.certificate'))
    .option('--json', t('option.jsonDocument'), false)
    .action(async (file, options) => (await import('./commands/claims.ts')).claimsVerify(file, options));
  claims
    .command('rewrite')
    .description(t('claimsRewrite'))
    .argument('<file>', t('argument.claimFile'))
    .requiredOption('--to <file>', t('option.rewriteTo'))
    .action(async (file, options) => (await import('./commands/claims.ts')).claimsRewrite(file, options));
  claims
    .command('xsd')
    .description(t('claimsXsd'))
    .addOption(
      new Option('--edition <edition>', t('option.edition')).choices(['130', '4750', '3176', '1931']),
    )
    .requiredOption('--to <dir>', t('option.schemasTo'))
    .action(async (options) => (await import('./commands/claims-xsd.ts')).claimsXsd(options));
  claims
    .command('compare')
    .description(t('claimsCompare'))
    .argument('<claim>', t('argument.claimKey'))
    .option('--from <n>', t('option.fromVersion'), count)
    .option('--to <n>', t('option.toVersion'), count)
    .option('--json', t('option.jsonDocument'), false)
    .action(async (key, options) =>
      (await import('./commands/claims-compare.ts')).claimsCompare(key, options),
    );
  claims
    .command('import')
    .description(t('claimsImport'))
    .argument('<dir>', t('argument.importDir'))
    .option('--json', t('option.json'), false)
    .action(async (dir, options) => (await import('./commands/claims-import.ts')).claimsImport(dir, options));
  const results = his.command('results').description(t('results')).helpCommand(false);
  results
    .command('import')
    .description(t('resultsImport'))
    .argument('<file>', t('argument.resultFile'))
    .requiredOption('--facility <code>', t('option.resultFacility'), facility)
    .option('--json', t('option.jsonDocument'), false)
    .action(async (file, options) => (await import('./commands/results.ts')).resultsImport(file, options));
  const policy = his.command('policy').description(t('policyListing')).helpCommand(false);
  policy
    .command('list')
    .description(t('policyList'))
    .option('--date <day>', t('option.policyDate'), anyDay)
    .option('--json', t('option.jsonDocument'), false)
    .action(async (options) => (await import('./commands/policy.ts')).policyList(options));
  const rules = his.command('rules').description(t('rules')).helpCommand(false);
  rules
    .command('list')
    .description(t('rulesList'))
    .option('--facility <code>', t('option.rulesFacility'), facility)
    .option('--date <day>', t('option.policyDate'), anyDay)
    .option('--json', t('option.jsonDocument'), false)
    .action(async (options) => (await import('./commands/rules.ts')).rulesList(options));
  rules
    .command('show')
    .description(t('rulesShow'))
    .argument('<id>', t('argument.rule'))
    .option('--facility <code>', t('option.rulesFacility'), facility)
    .option('--date <day>', t('option.policyDate'), anyDay)
    .option('--json', t('option.jsonDocument'), false)
    .action(async (id, options) => (await import('./commands/rules.ts')).rulesShow(id, options));
  addExportCommands(his, t, { facility, day, run: runId });
  addInsurerCommands(his, t, { facility, month, id: visit, nationalId });
  const billing = his.command('billing').description(t('billing')).helpCommand(false);
  billing
    .command('what-if')
    .description(t('whatIf'))
    .option('--visit <id>', t('option.visit'), visit)
    .option('--month <month>', t('option.month'), month)
    .option('--facility <code>', t('option.facility'), facility)
    .option('--policy <dir>', t('option.policy'))
    .option('--prices <file>', t('option.prices'))
    .option('--json', t('option.json'), false)
    .action(async (options) => (await import('./commands/what-if.ts')).billingWhatIf(options));
  const proof = his.command('proof').description(t('proof')).helpCommand(false);
  proof
    .command('money')
    .description(t('proofMoney'))
    .requiredOption('--date <day>', t('option.proofDate'), day)
    .option('--facility <code>', t('option.facility'), facility)
    .option('--json', t('option.json'), false)
    .action(async (options) => (await import('./commands/proof.ts')).proofMoney(options));
  const audit = his.command('audit').description(t('audit')).helpCommand(false);
  audit
    .command('verify')
    .description(t('auditVerify'))
    .option('--from <day>', t('option.auditFrom'), day)
    .option('--to <day>', t('option.auditTo'), day)
    .option('--anchor <file>', t('option.anchor'))
    .option('--json', t('option.json'), false)
    .action(async (options) => (await import('./commands/audit.ts')).auditVerify(options));
  audit
    .command('export')
    .description(t('auditExport'))
    .requiredOption('--to <file>', t('option.anchorTo'))
    .option('--from <day>', t('option.anchorFrom'), day)
    .action(async (options) => (await import('./commands/audit.ts')).auditExport(options));
  const secrets = his.command('secrets').description(t('secrets')).helpCommand(false);
  secrets
    .command('rotate')
    .description(t('secretsRotate'))
    .action(async () => (await import('./commands/secrets.ts')).rotateSecrets());
  const keys = his.command('keys').description(t('keys')).helpCommand(false);
  keys
    .command('make')
    .description(t('keysMake'))
    .requiredOption('--to <dir>', t('option.keysTo'))
    .requiredOption('--facility <code...>', t('option.keysFacility'), facilities)
    .option('--days <n>', t('option.days'), count, 365)
    .option('--pkcs12', t('option.pkcs12'), false)
    .action(async (options) => (await import('./commands/keys.ts')).keysMake(options));
  keys
    .command('register')
    .description(t('keysRegister'))
    .option('--facility <code>', t('option.facility'), facility)
    .option('--certificate <file>', t('option.certificate'))
    .option('--from <dir>', t('option.keysFrom'))
    .action(async (options) => (await import('./commands/keys.ts')).keysRegister(options));
  keys
    .command('list')
    .description(t('keysList'))
    .option('--json', t('option.json'), false)
    .action(async (options) => (await import('./commands/keys.ts')).keysList(options));
  return his;
}

/** Exit codes: 0 done, 1 a failure, 2 wrong usage or setting. */
export async function run(argv: readonly string[]): Promise<void> {
  try {
    await program().parseAsync([...argv]);
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
