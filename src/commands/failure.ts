import { ConfigError } from '../config.ts';
import { catalogue, type Language, text } from '../messages/index.ts';

/** A failure that has been told in words already, or that is told by its message key. */
export class CommandFailure extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode = 1) {
    super(message);
    this.name = 'CommandFailure';
    this.exitCode = exitCode;
  }
}

/** What to say, and the exit code: 2 = wrong setting or usage, 1 = everything else. */
export function explainFailure(error: unknown, language: Language): { message: string; exitCode: number } {
  if (error instanceof ConfigError) return { message: error.message, exitCode: 2 };
  if (error instanceof CommandFailure) return { message: error.message, exitCode: error.exitCode };
  const { key, values, code, message } = error as {
    key?: string;
    values?: Record<string, string>;
    code?: string;
    message?: string;
  };
  if (key && catalogue(language).has(key))
    return { message: text(language, key, values).trim(), exitCode: 1 };
  if (code === 'EADDRINUSE') return { message: text(language, 'cli.portTaken', portOf(error)), exitCode: 1 };
  if (code && /^(ECONNREFUSED|ENOTFOUND|28P01|28000|3D000|57P03)$/.test(code))
    return { message: text(language, 'cli.databaseDown', { reason: code }), exitCode: 1 };
  return { message: text(language, 'cli.failed', { reason: message ?? String(error) }), exitCode: 1 };
}

function portOf(error: unknown): { address: string } {
  const { address, port } = error as { address?: string; port?: number };
  return { address: `${address ?? ''}:${port ?? ''}` };
}
