import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { verdictOn } from './harness/npm-audit.ts';

/**
 * `npm run audit`: known holes in the libraries we run with. Exit code 1 only for a finding; a registry that does not
 * answer is said plainly, and is no finding.
 */
const npm = process.env.npm_execpath;
const command = npm ? [process.execPath, npm] : ['npm'];
const { stdout, error } = spawnSync(command[0]!, [...command.slice(1), 'audit', '--omit=dev', '--json'], {
  cwd: fileURLToPath(new URL('..', import.meta.url)),
  encoding: 'utf8',
  timeout: 120_000,
  maxBuffer: 64 * 1024 * 1024,
});
const { lines, hasFindings } = verdictOn(stdout ?? '', error);
process.stdout.write(`${lines.join('\n')}\n`);
process.exitCode = hasFindings ? 1 : 0;
