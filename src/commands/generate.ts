import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { API_SCHEMAS } from '../../schemas/api/index.ts';
import { configTable } from '../config.ts';
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
  return `# Cấu hình · Settings

Mọi thiết lập đọc từ biến môi trường khi chương trình khởi động; giá trị sai thì không khởi động và nói rõ sai ở đâu.
Trang này sinh từ \`src/config.ts\`.

${configTable('vi')}

Every setting is read from the environment when the program starts; a wrong value stops the start and says why.
This page is generated from \`src/config.ts\`.

${configTable('en')}
`;
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
