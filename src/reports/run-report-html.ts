import type { RunFigures, RunReport } from '../exports/index.ts';
import type { Language } from '../messages/index.ts';
import { amountFigure, dayFigure, figure, momentFigure } from './figures.ts';
import { html, type Markup, type PrintedPage, printedPage } from './html.ts';
import { FIGURES, isMoney, obstacleRows, openRows, say, shownFacilities } from './run-report.ts';

/** The report of an export run as a page that a browser prints: in total, by facility, and what waits for people. */
export function runReportHtml(report: RunReport, language: Language): PrintedPage {
  const { run, at, total, facilities } = report;
  const t = (key: string, values = {}) => say(language, key, values);
  const title = t('title', { day: dayFigure(run.day) });
  const body = html`
<h1>${title}</h1>
<p>${t('started', { at: momentFigure(run.startedAt), cause: t(`cause.${run.cause}`) })}</p>
<p>${t(run.finished ? 'finished' : 'underWay', { at: momentFigure(at), done: run.batches.finished, of: facilities.length })}</p>
<h2>${t('total')}</h2>
<table class="total"><tbody>${FIGURES.map((name) => html`<tr><th>${t(`figure.${name}`)}</th>${cell(total, name)}</tr>`)}</tbody></table>
<h2>${t('facilities')}</h2>
<table><thead><tr><th>${t('facility')}</th>${FIGURES.map((name) => html`<th>${t(`figure.${name}`)}</th>`)}</tr></thead>
<tbody>${shownFacilities(report).map(
    (
      one,
    ) => html`<tr><td>${one.facilityCode} ${one.facilityName}</td>${FIGURES.map((name) => cell(one, name))}</tr>
`,
  )}</tbody></table>
${list(
  t('obstacles'),
  ['facility', 'claimKey', 'place', 'why'].map((name) => t(name)),
  obstacleRows(report, language).map(({ facilityCode, claimKey, place, why }) => [
    facilityCode,
    claimKey,
    place,
    why,
  ]),
)}
${list(
  t('open'),
  ['facility', 'claimKey', 'number', 'state', 'causeOfState', 'code', 'figure.insurerPays'].map((name) =>
    t(name),
  ),
  openRows(report, language).map((row) => [
    row.facilityCode,
    row.claimKey,
    String(row.number),
    row.state,
    row.cause,
    row.resultCode,
    amountFigure(row.insurerPays),
  ]),
)}
${report.isCut ? html`<p>${t('cut')}</p>` : null}`;
  return printedPage(title, STYLE, body, language);
}

function cell(figures: RunFigures, name: keyof RunFigures): Markup {
  return html`<td class="n">${isMoney(name) ? amountFigure(figures[name]) : figure(String(figures[name]))}</td>`;
}

/** Nothing at all where there are no rows. */
function list(title: string, head: readonly string[], rows: readonly (readonly string[])[]): Markup | null {
  if (rows.length === 0) return null;
  return html`<h2>${title}</h2>
<table><thead><tr>${head.map((name) => html`<th>${name}</th>`)}</tr></thead>
<tbody>${rows.map(
    (row) => html`<tr>${row.map((value) => html`<td>${value}</td>`)}</tr>
`,
  )}</tbody></table>`;
}

const STYLE = `@page{size:A4 landscape;margin:10mm}
*{box-sizing:border-box}body{font:9pt/1.35 "Times New Roman","Noto Serif",serif;margin:0 auto;max-width:281mm;color:#000}
h1{font-size:14pt;margin:0 0 2mm}h2{font-size:11pt;margin:4mm 0 1mm;break-after:avoid}p{margin:0 0 1mm}
table{border-collapse:collapse;width:100%}thead{display:table-header-group}tr{break-inside:avoid}.total{width:auto}.total th{text-align:left}
th,td{border:.5pt solid #000;padding:.4mm 1mm;vertical-align:top;overflow-wrap:anywhere}th{text-align:center}
.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
@media screen{body{padding:8mm}}`;
