/**
 * Papers that our own visits do not write yet, they come with the clinical record: of our claims these rules say
 * nothing. Claims of other software are held to them.
 */
export const PAPERS_TO_COME: ReadonlySet<string> = new Set(['XML7_REQUIRED', 'XML13_REQUIRED']);
