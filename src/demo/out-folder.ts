import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Tells a folder that the demo filled from one that holds somebody's work. */
const MARKER = '.lienthong-his-demo';

/** There is something in the folder that the demo did not put there. */
export class OutFolderInUse extends Error {
  readonly values: { readonly dir: string };

  constructor(dir: string) {
    super(`${dir} is in use`);
    this.name = 'OutFolderInUse';
    this.values = { dir };
  }
}

/** Makes the folder new and empty; only what the demo made itself is deleted. @throws OutFolderInUse */
export function emptyOutFolder(dir: string): void {
  if (existsSync(dir) && !isOurs(dir)) throw new OutFolderInUse(dir);
  for (const name of existsSync(dir) ? readdirSync(dir) : [])
    rmSync(join(dir, name), { recursive: true, force: true });
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, MARKER), '');
}

function isOurs(dir: string): boolean {
  try {
    const names = readdirSync(dir);
    return names.length === 0 || names.includes(MARKER);
  } catch {
    return false; // a file, or a folder that we may not read
  }
}
