import { amountFigure, dayFigure, figure } from './figures.ts';
import type { ColumnKey, StatementForm } from './form.ts';
import type { Amounts, Statement, StatementLine, StatementSplit } from './statement.ts';
import { validity } from './statement-header.ts';

/** What stands in the cells of the form: the same for paper made of HTML and of PDF. */
const TEXTS: ReadonlySet<ColumnKey> = new Set(['name', 'unit']);
const EXACT: ReadonlySet<ColumnKey> = new Set([
  'quantity',
  'unitPrice',
  'insuredUnitPrice',
  'serviceRate',
  'scopeRate',
]);

export const isFigure = (key: ColumnKey): boolean => !TEXTS.has(key);

export function lineCells(line: StatementLine, form: StatementForm): string[] {
  return form.columns.map(({ key }) => {
    if (TEXTS.has(key)) return line[key];
    return EXACT.has(key) ? figure(line[key]) : amountFigure(line[key]);
  });
}

/** A row of sums: the label in front of the first amount, blank where nothing is added up. */
export function sumCells(label: string, amounts: Amounts, form: StatementForm): string[] {
  return form.columns.map(({ key }, index) => {
    if (index === 0) return label;
    return TEXTS.has(key) || EXACT.has(key) ? '' : amountFigure(amounts[key as keyof Amounts]);
  });
}

/** `Mã thẻ BHYT: DN4… · Giá trị từ … đến … · Mức hưởng: 80 %`. */
export function splitTitle({ card, benefitRate }: StatementSplit, form: StatementForm): string {
  const { split } = form;
  if (!card) return split.noCard;
  const valid = validity(form, card.validFrom, card.validThrough);
  return `${split.cardLabel}: ${card.cardNumber} · ${split.validLabel} ${valid} · ${split.rateLabel}: ${figure(benefitRate)} %`;
}

/** What is printed across a statement that is not, or no longer, the one that counts. */
export function markOf(statement: Statement, form: StatementForm): string | null {
  if (statement.isDraft) return form.draftMark;
  return statement.isSuperseded ? form.oldVersionMark : null;
}

export function signedOn(form: StatementForm, day: string): string {
  const [d = '', month = '', year = ''] = dayFigure(day).split('/');
  return form.signedOn.replace('{day}', d).replace('{month}', month).replace('{year}', year);
}

/** Which settlement is printed; a preview is none. */
export function settlementText({ isDraft, version, policyVersion }: Statement, form: StatementForm): string {
  if (isDraft) return '';
  const { label } = form.header.settlement;
  return label.replace('{version}', String(version)).replace('{policy}', policyVersion);
}
