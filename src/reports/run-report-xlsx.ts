import type { CellValue, WriteSheet } from 'hucre/xlsx';
import type { RunFigures, RunReport } from '../exports/index.ts';
import type { Language } from '../messages/index.ts';
import { dayFigure, momentFigure } from './figures.ts';
import { FIGURES, isMoney, obstacleRows, openRows, say, shownFacilities } from './run-report.ts';

/** The report of an export run as a workbook: facilities with their total, obstacles, claims not received. */
export async function runReportXlsx(report: RunReport, language: Language): Promise<Uint8Array> {
  const { writeXlsx } = await import('hucre/xlsx');
  const t = (key: string, values = {}) => say(language, key, values);
  const { run, at, total, facilities } = report;
  const figures = (of: RunFigures) => FIGURES.map((name) => Number(of[name]));
  const heads = FIGURES.map((name) => t(`figure.${name}`));
  const summary: WriteSheet = {
    name: t('sheet.facilities'),
    columns: [{ width: 12 }, { width: 40 }, ...FIGURES.map((name) => ({ width: isMoney(name) ? 20 : 12 }))],
    rows: [
      [t('title', { day: dayFigure(run.day) })],
      [t('started', { at: momentFigure(run.startedAt), cause: t(`cause.${run.cause}`) })],
      [
        t(run.finished ? 'finished' : 'underWay', {
          at: momentFigure(at),
          done: run.batches.finished,
          of: facilities.length,
        }),
      ],
      [t('facility'), t('name'), ...heads],
      [t('total'), '', ...figures(total)],
      ...shownFacilities(report).map((one) => [one.facilityCode, one.facilityName, ...figures(one)]),
    ],
    freezePane: { rows: 4, columns: 2 },
  };
  const obstacles = table(
    t('sheet.obstacles'),
    ['facility', 'claimKey', 'place', 'why', 'at'].map((name) => t(name)),
    obstacleRows(report, language).map((row) => [
      row.facilityCode,
      row.claimKey,
      row.place,
      row.why,
      momentFigure(row.at),
    ]),
  );
  const open = table(
    t('sheet.open'),
    [
      ...['facility', 'claimKey', 'number', 'state', 'causeOfState', 'code'].map((name) => t(name)),
      t('figure.insurerPays'),
    ],
    openRows(report, language).map((row) => [
      row.facilityCode,
      row.claimKey,
      row.number,
      row.state,
      row.cause,
      row.resultCode,
      Number(row.insurerPays),
    ]),
  );
  return writeXlsx({ sheets: [summary, obstacles, open] });
}

const table = (name: string, head: readonly string[], rows: readonly CellValue[][]): WriteSheet => ({
  name,
  columns: head.map((_, at) => ({ width: at === 3 ? 60 : 18 })),
  rows: [[...head], ...rows],
  freezePane: { rows: 1 },
});
