import { localDate } from '../platform/dates.ts';
import { amountFigure } from './figures.ts';
import type { StatementForm } from './form.ts';
import { html, type Markup, type PrintedPage, printedPage } from './html.ts';
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

/** The statement as a page that a browser prints: no script, nothing from outside. */
export function statementHtml(statement: Statement, form: StatementForm): PrintedPage {
  const mark = markOf(statement, form);
  const body = html`
<header>
<div><p>${form.header.ministry.label}</p><p><strong>${statement.facility.name}</strong></p><p>${statement.facility.code}</p></div>
<div class="end"><p>${form.header.formName.label} ${statement.formId}</p><p>${settlementText(statement, form)}</p></div>
</header>
<h1>${statement.title}</h1>
${mark === null ? null : html`<p class="mark">${mark}</p>`}
<dl>${statement.header.map(
    (field, index) =>
      html`<div class="w${form.header.fields[index]?.width ?? 1}"><dt>${field.label}:</dt> <dd>${field.text}</dd></div>`,
  )}</dl>
<table>
<thead>
<tr>${form.columns.map((column) => html`<th>${column.label}</th>`)}</tr>
<tr class="number">${form.columns.map((_, index) => html`<th>(${index + 1})</th>`)}</tr>
</thead>
${statement.splits.map((split) => splitBody(split, form))}
<tbody><tr class="total">${cells(sumCells(form.totals.label, statement.totals, form), form)}</tr></tbody>
</table>
<section class="summary">${statement.summary.map(
    (entry) =>
      html`<p class="i${entry.indent}">${entry.label}: <strong>${amountFigure(entry.amount)}</strong> ${form.currency}${
        entry.inWords === null ? null : html` <em>(${form.inWordsLabel}: ${entry.inWords})</em>`
      }</p>`,
  )}</section>
<footer>
<p class="end">${signedOn(form, localDate(statement.settledAt))}</p>
<div class="signatures">${form.signatures.map(
    (signature) => html`<div><p><strong>${signature.title}</strong></p><p>${signature.note}</p></div>`,
  )}</div>
</footer>`;
  return printedPage(`${statement.formId} · ${statement.facility.name}`, styleOf(form), body);
}

function splitBody(split: StatementSplit, form: StatementForm): Markup {
  const wide = form.columns.length;
  return html`<tbody>
<tr class="split"><td colspan="${wide}">${splitTitle(split, form)}</td></tr>
${split.groups.map((group) => groupRows(group, form))}
<tr class="total">${cells(sumCells(form.split.subtotal, split, form), form)}</tr>
</tbody>
`;
}

function groupRows(group: StatementGroup, form: StatementForm): Markup {
  return html`<tr class="group">${cells(sumCells(`${group.number}. ${group.title}`, group, form), form)}</tr>
${group.parts.map((part) => [
  part.title === null
    ? null
    : html`<tr class="part"><td colspan="${form.columns.length}">${part.number}. ${part.title}</td></tr>
`,
  ...part.lines.map(
    (line) => html`<tr>${cells(lineCells(line, form), form)}</tr>
`,
  ),
])}`;
}

function cells(texts: readonly string[], form: StatementForm): Markup[] {
  return texts.map((text, index) =>
    isFigure(form.columns[index]!.key) ? html`<td class="n">${text}</td>` : html`<td>${text}</td>`,
  );
}

function styleOf(form: StatementForm): string {
  const total = form.columns.reduce((sum, column) => sum + column.weight, 0);
  const widths = form.columns
    .map(
      (column, index) => `th:nth-child(${index + 1}){width:${((column.weight / total) * 100).toFixed(2)}%}`,
    )
    .join('');
  const { size, orientation } = form.page;
  return `@page{size:${size} ${orientation};margin:10mm 8mm 14mm;@bottom-right{content:${counters(form)};font:8pt sans-serif}}
*{box-sizing:border-box}body{font:9pt/1.3 "Times New Roman","Noto Serif",serif;margin:0 auto;max-width:281mm;color:#000}
p{margin:0}header,.signatures{display:flex;justify-content:space-between;gap:8mm}.end{text-align:right}
h1{font-size:13pt;text-align:center;margin:3mm 0 1mm}.mark{text-align:center;font-size:16pt;font-weight:700;border:2px solid;margin:1mm auto 2mm;width:max-content;padding:0 4mm}
dl{display:grid;grid-template-columns:repeat(4,1fr);gap:.6mm 4mm;margin:2mm 0}dl div{overflow-wrap:anywhere}dt,dd{display:inline;margin:0}dd{font-weight:700}
.w2{grid-column:span 2}.w3{grid-column:span 3}.w4{grid-column:span 4}
table{border-collapse:collapse;width:100%;table-layout:fixed}thead{display:table-header-group}tr{break-inside:avoid}
th,td{border:.5pt solid #000;padding:.4mm .8mm;vertical-align:top;overflow-wrap:anywhere}th{font-weight:700;text-align:center}.number th{font-weight:400}
.n{text-align:right;font-variant-numeric:tabular-nums}.split td,.group td,.total td{font-weight:700}.split td{background:#eee}.part td{font-style:italic}
.summary{margin:2mm 0;break-inside:avoid}.i1{padding-left:5mm}.i2{padding-left:10mm}.i3{padding-left:15mm}
footer{break-inside:avoid}.signatures{text-align:center;min-height:26mm;margin-top:1mm}.signatures div{flex:1}
@media screen{body{padding:8mm}}
${widths}`;
}

/** The page number of the form as CSS counters. */
function counters(form: StatementForm): string {
  const parts = form.pageNumber.split(/(\{page\}|\{pages\})/).filter(Boolean);
  return parts
    .map((part) =>
      part === '{page}' ? 'counter(page)' : part === '{pages}' ? 'counter(pages)' : JSON.stringify(part),
    )
    .join(' ');
}
