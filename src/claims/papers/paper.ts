import type { VisitView } from '../projection/projection.ts';
import type { ClaimRow } from '../tables.ts';
import { type Origin, spell } from '../values.ts';
import { type PaperCode, paperForm } from './paper-form.ts';

/** The projection of a visit into one paper. */
export interface PaperProjection {
  readonly code: PaperCode;
  readonly empty: Readonly<Record<string, string>>;
  /** Undefined as long as the paper is not issued. */
  readonly row: (view: VisitView) => ClaimRow | undefined;
}

/**
 * @param issuedIn the issued paper; undefined when there is none
 * @param origins the origin of every field, one per line
 * @param empty fields that stay empty always, with the reason
 */
export function paperProjection<Paper>(
  code: PaperCode,
  issuedIn: (view: VisitView) => Paper | undefined,
  origins: (visit: VisitView, paper: Paper) => Readonly<Record<string, Origin>>,
  empty: Readonly<Record<string, string>> = {},
): PaperProjection {
  const row = (view: VisitView): ClaimRow | undefined => {
    const paper = issuedIn(view);
    if (!paper) return undefined;
    const from = origins(view, paper);
    return Object.fromEntries(
      paperForm(code).fields.map(({ name, type }) => [name, spell(type, from[name])]),
    );
  };
  return { code, empty, row };
}
