import { ClaimWriteError, type ValueForm } from '../errors.ts';
import { formOf } from '../forms.ts';
import { viewOf } from '../projection/projection.ts';
import type { FieldType } from '../shape.ts';
import type { ClaimSnapshot } from '../snapshot.ts';
import type { ClaimFileHead, ClaimRow } from '../tables.ts';
import { elementText } from '../text.ts';
import { date8 } from '../values.ts';
import { ct03 } from './ct03.ts';
import { ct04 } from './ct04.ts';
import { ct06 } from './ct06.ts';
import { ct07 } from './ct07.ts';
import type { PaperProjection } from './paper.ts';
import { type PaperCode, type PaperForm, paperForm, paperPackage } from './paper-form.ts';

/** In the order in which they stand in a package. */
export const PAPERS: readonly PaperProjection[] = [ct03, ct04, ct06, ct07];

/** The papers issued in a visit, by their code. */
export type IssuedPapers = { readonly [code in PaperCode]?: ClaimRow };

/** The papers that a visit issued. Pure, and from the same snapshot as the claim tables. */
export function projectPapers(snapshot: ClaimSnapshot): IssuedPapers {
  const view = viewOf(snapshot);
  return Object.fromEntries(
    PAPERS.flatMap(({ code, row }) => {
      const found = row(view);
      return found ? [[code, found]] : [];
    }),
  );
}

export interface PaperPackageHead extends ClaimFileHead {
  /** Names the signed element; of letters, digits, `.`, `-` and `_`, never used twice. */
  readonly id: string;
}

/**
 * A package `HSCHUNGTU`: one `HOSO` per visit, one `FILEHOSO` per paper, unsigned (empty signature, which profile B
 * fills). The same papers and head always give the same bytes.
 * @throws ClaimWriteError naming paper and field; RangeError for an id that XML does not allow
 */
export function buildPaperPackage(visits: readonly IssuedPapers[], head: PaperPackageHead): Buffer {
  const { declaration, root, signature, signedElement } = paperPackage().envelope;
  if (!/^[A-Za-z0-9._-]{1,100}$/.test(head.id)) throw new RangeError('not an id for XML');
  if (!/^[0-9A-Z]{5}$/.test(head.facilityCode))
    throw new ClaimWriteError('bad-format', { field: 'MACSKCB' }, { form: 'facility-code' });
  const records = visits.map((papers) => {
    const files = PAPERS.flatMap(({ code }) => {
      const paper = papers[code];
      return paper ? [fileXml(code, `${declaration}${paperXml(paperForm(code), paper)}`)] : [];
    });
    return element('HOSO', files.join(''));
  });
  const holding =
    element('NGAYLAP', date8(head.madeOn)) +
    element('SOLUONGHOSO', String(visits.length)) +
    element('DANHSACHHOSO', records.join(''));
  return Buffer.from(
    `${declaration}<${root}>${element('THONGTINDONVI', element('MACSKCB', head.facilityCode))}` +
      `<${signedElement} Id="Id-${head.id}">${holding}</${signedElement}>${element(signature, '')}</${root}>`,
    'utf8',
  );
}

const element = (name: string, content: string): string => `<${name}>${content}</${name}>`;

function fileXml(code: PaperCode, document: string): string {
  const content = Buffer.from(document, 'utf8').toString('base64');
  return element('FILEHOSO', element('LOAIHOSO', code) + element('NOIDUNGFILE', content));
}

const FORM_NAMES: { readonly [type in FieldType]?: ValueForm } = {
  date8: 'day',
  datetime12: 'minute',
  integer: 'integer',
};

function paperXml({ code, fields }: PaperForm, row: ClaimRow): string {
  const inside = fields.map(({ name, type }) => {
    const place = { table: code, row: 1, field: name };
    const value = row[name];
    if (value === undefined) throw new ClaimWriteError('missing-field', place);
    const form = formOf({ type });
    if (form !== null && !new RegExp(`^${form}$`).test(value))
      throw new ClaimWriteError('bad-format', place, { form: FORM_NAMES[type]! });
    const text = elementText(value, Number.POSITIVE_INFINITY, (finding, values) => {
      throw new ClaimWriteError(finding, place, values);
    });
    return element(name, text);
  });
  const stray = Object.keys(row).find((name) => !fields.some((field) => field.name === name));
  if (stray !== undefined) throw new ClaimWriteError('unknown-field', { table: code, row: 1, field: stray });
  return element(code, inside.join(''));
}
