import { ClaimReadError } from '../errors.ts';
import { paperPackage } from '../papers/paper-form.ts';
import { child, childrenOf, decodeBase64, listOf, parseDocument, textOf } from './document.ts';
import type { SchemaCheck } from './schema-check.ts';
import type { StructureProblem } from './structure.ts';

/**
 * A package of papers for the social insurance against its schema, and each paper in it.
 * @returns null for a file that is no such package
 * @throws ClaimReadError for what is no XML, or has no papers where they must stand
 */
export function paperProblems(
  bytes: Uint8Array,
  maxBytes: number,
  schemas: SchemaCheck,
): readonly StructureProblem[] | null {
  const { envelope, papers } = paperPackage();
  const document = parseDocument(bytes, {}, maxBytes);
  if (!Object.hasOwn(document, envelope.root)) return null;
  const whole = schemas.paper('hschungtu', bytes);
  if (whole) return [whole];
  const root = childrenOf(document[envelope.root]!, envelope.root);
  const list = child(child(root, envelope.signedElement), 'DANHSACHHOSO');
  const files = listOf(list, 'HOSO').flatMap((dossier) => listOf(childrenOf(dossier, 'HOSO'), 'FILEHOSO'));
  return files.flatMap((file) => {
    const holder = childrenOf(file, 'FILEHOSO');
    const code = textOf(holder, 'LOAIHOSO');
    if (!papers.some((form) => form.code === code))
      throw new ClaimReadError('unknown-table', { table: code });
    const at = { table: code };
    const inner = decodeBase64(textOf(holder, 'NOIDUNGFILE', at), at);
    parseDocument(inner, at, maxBytes);
    return schemas.paper(code, inner) ?? [];
  });
}
