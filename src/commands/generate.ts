import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { API_SCHEMAS } from '../../schemas/api/index.ts';
import { claimTablesPage, generatedSchemas } from '../claims/index.ts';
import { configTable } from '../config.ts';
import { LANGUAGES, type Language, text } from '../messages/index.ts';
import { dumpSchema } from '../platform/database/dump.ts';
import { randomPasswords } from '../platform/database/index.ts';
import { removeData, startEmbeddedPostgres } from '../platform/embedded/index.ts';
import { prepareDatabase } from '../runtime/prepare.ts';
import type { Stops } from '../runtime/stops.ts';
import { say, untilDone } from './console.ts';
import { permissionsPart } from './permissions-page.ts';
import { rulesPage } from './rules-page.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Writes again what follows from the code; `npm run check` fails when that changes anything. */
export async function generate(): Promise<void> {
  await untilDone(async (stops) => {
    const files: Record<string, string> = {
      'docs/settings.md': page(
        'config.title',
        (language) => `${text(language, 'config.page')}\n\n${configTable(language)}\n`,
      ),
      'docs/permissions.md': page('roles.title', permissionsPart),
      'docs/rules.md': rulesPage(),
      'schemas/api/api.schemas.json': `${JSON.stringify(API_SCHEMAS, null, 2)}\n`,
      'docs/claim-tables.md': claimTablesPage(),
      ...generatedSchemas(),
      'migrations/schema.sql': await schemaDump(stops),
    };
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(join(ROOT, name)), { recursive: true });
      writeFileSync(join(ROOT, name), content);
    }
    const folders = new Set(
      Object.keys(files).map((name) => (name.includes('/generated/') ? dirname(name) : name)),
    );
    say('generated', { files: [...folders].join(', ') });
  });
}

/** One page in both languages, Vietnamese first. */
function page(title: string, part: (language: Language) => string): string {
  return `# ${LANGUAGES.map((language) => text(language, title)).join(' · ')}\n\n${LANGUAGES.map(part).join('\n')}`;
}

async function schemaDump(stops: Stops): Promise<string> {
  const dir = mkdtempSync(join(tmpdir(), 'his-generate-'));
  stops.add(() => removeData(dir));
  const server = await startEmbeddedPostgres({ dir, durable: false, onSpawn: stops.add });
  const urls = await prepareDatabase(server.superuserUrl, 'schema', randomPasswords());
  return dumpSchema(urls.his_owner);
}
