import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Is there an xmlsec1 to ask? test/run.ts says so in one line, and fails when everything is required. */
export function hasXmlsec(): boolean {
  return spawnSync('xmlsec1', ['--version']).status === 0;
}

/** What a program that shares nothing with ours says of a signed file. @returns true = verified */
export function xmlsecVerifies(file: Buffer, authorityPem: string): boolean {
  const dir = mkdtempSync(join(tmpdir(), 'his-xmlsec-'));
  try {
    const [path, trusted] = [join(dir, 'signed.xml'), join(dir, 'authority.pem')];
    writeFileSync(path, file);
    writeFileSync(trusted, authorityPem);
    const ids = ['THONGTINHOSO', 'http://www.w3.org/2000/09/xmldsig#:Object'].flatMap((name) => [
      '--id-attr:Id',
      name,
    ]);
    const args = ['--verify', '--enabled-key-data', 'x509', '--trusted-pem', trusted, ...ids, path];
    return spawnSync('xmlsec1', args).status === 0;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
