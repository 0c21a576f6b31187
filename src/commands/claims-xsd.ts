import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CURRENT_EDITION, type EditionId, schemaFiles } from '../claims/foreign.ts';
import { say, words } from './console.ts';
import { CommandFailure } from './failure.ts';

/** Writes the schemas of an edition into a folder. @throws CommandFailure (2) when it cannot be written */
export function claimsXsd({ to, edition = CURRENT_EDITION }: { to: string; edition?: EditionId }): void {
  const files = Object.entries(schemaFiles(edition));
  try {
    mkdirSync(to, { recursive: true });
    for (const [name, content] of files) writeFileSync(join(to, name), content);
  } catch (error) {
    const { message, code = message } = error as NodeJS.ErrnoException;
    throw new CommandFailure(words('failed', { reason: code }), 2);
  }
  say('schemasWritten', { count: files.length, edition, folder: to });
}
