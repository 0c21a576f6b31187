import { readFileSync } from 'node:fs';
import type { FieldType, TableCode } from '../shape.ts';

/** Papers that the social insurance takes on their own, each beside the claim table that says the same. */
export type PaperCode = 'CT03' | 'CT04' | 'CT06' | 'CT07';

interface PaperField {
  readonly name: string;
  readonly type: FieldType;
  readonly note?: string;
}

/** A paper: its root element carries its code, its fields stand straight under it. No source states lengths. */
export interface PaperForm {
  readonly code: PaperCode;
  readonly table: TableCode;
  readonly names: { readonly vi: string; readonly en: string };
  readonly fields: readonly PaperField[];
}

interface PaperPackage {
  readonly service: { readonly path: string; readonly kind: string };
  readonly envelope: {
    readonly declaration: string;
    readonly root: string;
    readonly signature: string;
    readonly signedElement: string;
  };
  readonly papers: readonly PaperForm[];
}

let loaded: PaperPackage | undefined;

/** `schemas/certificates/hschungtu.json`, read once. */
export function paperPackage(): PaperPackage {
  const file = new URL('../../../schemas/certificates/hschungtu.json', import.meta.url);
  loaded ??= JSON.parse(readFileSync(file, 'utf8')) as PaperPackage;
  return loaded;
}

/** @throws RangeError for a code that the package does not name */
export function paperForm(code: PaperCode): PaperForm {
  const form = paperPackage().papers.find((paper) => paper.code === code);
  if (!form) throw new RangeError(`no paper ${code}`);
  return form;
}
