import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { API_SCHEMAS } from '../../schemas/api/index.ts';
import { configTable } from '../config.ts';
import { LANGUAGES, type Language, text } from '../messages/index.ts';
import { dumpSchema } from '../platform/database/dump.ts';
import { randomPasswords } from '../platform/database/index.ts';
import { startEmbeddedPostgres } from '../platform/embedded/index.ts';
import { prepareDatabase } from '../runtime/prepare.ts';
import { say } from './console.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Writes again what follows from the code; `npm run check` fails when that changes anything. */
export async function generate(): Promise<void> {
  const files: Record<string, string> = {
    'docs/settings.md': settingsPage(),
    'schemas/api/api.schemas.json': `${JSON.stringify(API_SCHEMAS, null, 2)}\n`,
    'migrations/schema.sql': await schemaDump(),
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(ROOT, name), text);
  say('generated', { files: Object.keys(files).join(', ') });
}

function settingsPage(): string {
  const part = (language: Language) => `${text(language, 'config.page')}\n\n${configTable(language)}\n`;
  return `# ${LANGUAGES.map((language) => text(language, 'config.title')).join(' · ')}\n\n${LANGUAGES.map(part).join('\n')}`;
}

async function schemaDump(): Promise<string> {
  const dir = mkdtempSync(join(tmpdir(), 'his-generate-'));
  const server = await startEmbeddedPostgres({ dir, durable: false });
  try {
    const urls = await prepareDatabase(server.superuserUrl, 'schema', randomPasswords());
    return await dumpSchema(urls.his_owner);
  } finally {
    await server.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}
