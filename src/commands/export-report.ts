import { Readable } from 'node:stream';
import { currentLanguage } from '../config.ts';
import { readReport, workerContext } from '../exports/index.ts';
import { Problem } from '../platform/problem.ts';
import { runReportHtml, runReportXlsx } from '../reports/index.ts';
import { say, words } from './console.ts';
import { withExportDatabase } from './export.ts';
import { CommandFailure } from './failure.ts';
import { writeWhole } from './output.ts';

/**
 * Writes the report of a run as it stands now: a page, or a workbook, as the file's name ends.
 * @throws CommandFailure for a run that does not exist, and for a name of another kind
 */
export async function exportReport(runId: string, options: { to: string }): Promise<void> {
  const kind = /\.(html|xlsx)$/i.exec(options.to)?.[1]?.toLowerCase();
  if (!kind) throw new CommandFailure(words('reportKind', { file: options.to }), 2);
  await withExportDatabase(async (database) => {
    const report = await database
      .transaction(workerContext(null, 'his-export-report'), (tx) => readReport(tx, null, runId, new Date()))
      .catch((error: unknown) => {
        if (error instanceof Problem) throw new CommandFailure(words('unknownRun', { id: runId }), 2);
        throw error;
      });
    const language = currentLanguage();
    const content =
      kind === 'html' ? runReportHtml(report, language).html : await runReportXlsx(report, language);
    await writeWhole(options.to, Readable.from([content]));
    say('reportWritten', { path: options.to });
  });
}
