import { localDate } from '../platform/dates.ts';
import { amountFigure } from './figures.ts';
import type { StatementForm } from './form.ts';
import { breakable, type Cell, type Content, GRID, MM, type PdfDocument } from './pdf.ts';
import type { Statement, StatementGroup, StatementSplit } from './statement.ts';
import {
  isFigure,
  lineCells,
  markOf,
  settlementText,
  signedOn,
  splitTitle,
  sumCells,
} from './statement-cells.ts';

/** The statement as pdfmake lays it out: the same cells as on the page, so the same figures. */
export function statementPdf(statement: Statement, form: StatementForm): PdfDocument {
  const mark = markOf(statement, form);
  return {
    pageSize: form.page.size,
    pageOrientation: form.page.orientation,
    pageMargins: [8 * MM, 9 * MM, 8 * MM, 13 * MM],
    info: { title: `${form.id} ${statement.facility.code}` },
    defaultStyle: { font: 'Roboto', fontSize: 7.5 },
    ...(mark === null ? {} : { watermark: { text: mark, opacity: 0.12, bold: true } }),
    footer: (page: number, pages: number) => ({
      text: form.pageNumber.replace('{page}', String(page)).replace('{pages}', String(pages)),
      alignment: 'right',
      fontSize: 7,
      margin: [0, 4 * MM, 8 * MM, 0],
    }),
    content: [
      letterhead(statement, form),
      { text: statement.title, bold: true, fontSize: 12, alignment: 'center', margin: [0, 6, 0, 2] },
      ...(mark === null ? [] : [{ text: mark, bold: true, fontSize: 14, alignment: 'center' }]),
      ...head(statement, form),
      costs(statement, form),
      ...summary(statement, form),
      signatures(statement, form),
    ],
  };
}

function letterhead(statement: Statement, form: StatementForm): Content {
  const { facility, formId } = statement;
  const left = [form.header.ministry.label, breakable(facility.name, { bold: true }), facility.code];
  const right = [`${form.header.formName.label} ${formId}`, settlementText(statement, form)];
  return { columns: [{ stack: left }, { stack: right, alignment: 'right', width: 'auto' }] };
}

const WIDTH = 4;

/** The fields of the head in rows as wide as the page. */
function head(statement: Statement, form: StatementForm): Content[] {
  const rows: Content[][] = [];
  let room = 0;
  for (const [index, { label, text }] of statement.header.entries()) {
    const width = form.header.fields[index]?.width ?? 1;
    if (width > room) {
      rows.push([]);
      room = WIDTH;
    }
    room -= width;
    const value = breakable(text, { bold: true });
    rows.at(-1)?.push({ text: [`${label}: `, value], width: `${(width / WIDTH) * 100}%` });
  }
  return rows.map((columns) => ({ columns, columnGap: 6, margin: [0, 1, 0, 0] }));
}

function costs(statement: Statement, form: StatementForm): Content {
  const { columns } = form;
  const total = columns.reduce((sum, column) => sum + column.weight, 0);
  const heading = { bold: true, alignment: 'center' };
  return {
    margin: [0, 5, 0, 3],
    layout: GRID,
    table: {
      headerRows: 2,
      dontBreakRows: true,
      widths: columns.map(({ weight }) => `${((weight / total) * 100).toFixed(3)}%`),
      body: [
        columns.map(({ label }) => ({ text: label, ...heading })),
        columns.map((_, index) => ({ text: `(${index + 1})`, alignment: 'center' })),
        ...statement.splits.flatMap((split) => splitRows(split, form)),
        row(sumCells(form.totals.label, statement.totals, form), form, { bold: true }),
      ],
    },
  };
}

function splitRows(split: StatementSplit, form: StatementForm): Cell[][] {
  return [
    across(splitTitle(split, form), form, { bold: true, fillColor: '#eeeeee' }),
    ...split.groups.flatMap((group) => groupRows(group, form)),
    row(sumCells(form.split.subtotal, split, form), form, { bold: true }),
  ];
}

function groupRows(group: StatementGroup, form: StatementForm): Cell[][] {
  return [
    row(sumCells(`${group.number}. ${group.title}`, group, form), form, { bold: true }),
    ...group.parts.flatMap((part) => [
      ...(part.title === null ? [] : [across(`${part.number}. ${part.title}`, form, { italics: true })]),
      ...part.lines.map((line) => row(lineCells(line, form), form)),
    ]),
  ];
}

function row(texts: readonly string[], form: StatementForm, style: object = {}): Cell[] {
  return texts.map((text, index) =>
    isFigure(form.columns[index]!.key)
      ? { text, alignment: 'right', ...style }
      : breakable(text, { ...style }),
  );
}

function across(text: string, { columns }: StatementForm, style: object): Cell[] {
  return [{ text, colSpan: columns.length, ...style }, ...columns.slice(1).map(() => ({ text: '' }))];
}

const INDENT = 5 * MM;

function summary(statement: Statement, form: StatementForm): Content[] {
  return statement.summary.map(({ label, amount, inWords, indent }) => ({
    margin: [indent * INDENT, 1, 0, 0],
    text: [
      `${label}: `,
      { text: amountFigure(amount), bold: true },
      ` ${form.currency}`,
      ...(inWords === null ? [] : [{ text: ` (${form.inWordsLabel}: ${inWords})`, italics: true }]),
    ],
  }));
}

function signatures(statement: Statement, form: StatementForm): Content {
  const places = form.signatures.map(({ title, note }) => ({
    stack: [{ text: title, bold: true }, note],
    alignment: 'center',
  }));
  return {
    unbreakable: true,
    stack: [
      {
        text: signedOn(form, localDate(statement.settledAt)),
        alignment: 'right',
        margin: [0, 6, 4 * MM, 2],
      },
      { columns: places, columnGap: 6, margin: [0, 0, 0, 22 * MM] },
    ],
  };
}
