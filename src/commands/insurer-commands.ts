import { Option } from 'commander';
import type { HisCommand } from './command-line.ts';

interface Parsers {
  readonly facility: (value: string) => string;
  readonly month: (value: string) => string;
  readonly id: (value: string) => string;
  readonly nationalId: (value: string) => string;
}

const FORMS = ['departments', 'staff', 'drugs', 'supplies', 'services', 'equipment'];
const STATES = ['built', 'notSigned', 'signed', 'sending', 'notSent', 'unclear', 'refused', 'received'];

/** `his insurer …`: names and options only. */
export function addInsurerCommands(his: HisCommand, t: (key: string) => string, parse: Parsers): void {
  const insurer = his.command('insurer').description(t('insurer')).helpCommand(false);
  const load = () => import('./insurer.ts');
  for (const kind of ['card', 'copay'] as const)
    insurer
      .command(kind)
      .description(t(`insurer.${kind}`))
      .requiredOption('--facility <code>', t('option.insurerFacility'), parse.facility)
      .requiredOption('--card <number>', t('option.cardNumber'))
      .requiredOption('--name <name>', t('option.cardName'))
      .requiredOption('--birth <day>', t('option.cardBirth'))
      .option('--json', t('option.jsonDocument'), false)
      .action(async (options) => (await load()).insurerLookUp(kind, options));
  insurer
    .command('catalogues')
    .description(t('insurer.catalogues'))
    .requiredOption('--facility <code>', t('option.insurerFacility'), parse.facility)
    .addOption(new Option('--form <form...>', t('option.catalogueForm')).choices(FORMS))
    .option('--json', t('option.jsonDocument'), false)
    .action(async (options) => (await load()).insurerCatalogues(options));
  insurer
    .command('month')
    .description(t('insurer.month'))
    .requiredOption('--facility <code>', t('option.insurerFacility'), parse.facility)
    .requiredOption('--month <month>', t('option.summaryMonth'), parse.month)
    .option('--preview', t('option.monthPreview'), false)
    .option('--json', t('option.jsonDocument'), false)
    .action(async (options) => (await load()).insurerMonth(options));
  insurer
    .command('papers')
    .description(t('insurer.papers'))
    .option('--facility <code>', t('option.facility'), parse.facility)
    .addOption(new Option('--state <state>', t('option.paperState')).choices(STATES))
    .option('--json', t('option.jsonDocument'), false)
    .action(async (options) => (await load()).insurerPapers(options));
  insurer
    .command('adjust')
    .description(t('insurer.adjust'))
    .argument('<key>', t('argument.claimKey'))
    .requiredOption('--facility <code>', t('option.insurerFacility'), parse.facility)
    .requiredOption('--reason <text>', t('option.adjustReason'))
    .option('--json', t('option.jsonDocument'), false)
    .action(async (key, options) => (await load()).insurerAdjust(key, options));
  insurer
    .command('setting')
    .description(t('insurer.setting'))
    .requiredOption('--facility <code>', t('option.insurerFacility'), parse.facility)
    .option('--staff <name>', t('option.staffName'))
    .option('--staff-id <number>', t('option.staffId'), parse.nationalId)
    .addOption(new Option('--ask-results <switch>', t('option.askResults')).choices(['on', 'off']))
    .option('--json', t('option.jsonDocument'), false)
    .action(async (options) => (await load()).insurerSetting(options));
  insurer
    .command('resolve')
    .description(t('insurer.resolve'))
    .argument('<id>', t('argument.paper'), parse.id)
    .requiredOption('--facility <code>', t('option.insurerFacility'), parse.facility)
    .addOption(
      new Option('--as <decision>', t('option.paperDecision'))
        .choices(['resend', 'received'])
        .makeOptionMandatory(),
    )
    .option('--number <number>', t('option.portalNumber'))
    .requiredOption('--reason <text>', t('option.paperReason'))
    .option('--json', t('option.jsonDocument'), false)
    .action(async (id, options) => (await load()).insurerResolve(id, options));
}
