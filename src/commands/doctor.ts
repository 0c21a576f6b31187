import { ConfigError, currentLanguage, readConfig } from '../config.ts';
import { type Language, text } from '../messages/index.ts';
import { examine, type Finding } from '../runtime/doctor/index.ts';

/** Examines the installation and says what to do. Exit code: 0 all is well, 1 warnings, 2 failures. */
export async function doctor({ json }: { readonly json: boolean }): Promise<void> {
  const language = currentLanguage();
  const findings = await examined();
  const lines = findings.map((finding) => explained(language, finding));
  const count = (level: string) => findings.filter((one) => one.level === level).length;
  const counts = { ok: count('ok'), warnings: count('warning'), failures: count('failure') };
  process.stdout.write(
    json
      ? `${JSON.stringify({ ...counts, findings: lines })}\n`
      : `${lines.map((line) => shown(language, line)).join('')}${text(language, 'doctor.summary', counts)}\n`,
  );
  process.exitCode = counts.failures > 0 ? 2 : counts.warnings > 0 ? 1 : 0;
}

async function examined(): Promise<Finding[]> {
  try {
    return await examine(readConfig());
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return [{ check: 'settings', level: 'failure', verdict: 'wrong', values: { said: error.message } }];
  }
}

function explained(language: Language, { check, level, verdict, values }: Finding) {
  const key = `doctor.${check}.${verdict}`;
  return {
    check,
    level,
    verdict,
    values,
    meaning: text(language, key, values),
    cure: level === 'ok' ? null : text(language, `${key}.do`, values),
  };
}

function shown(language: Language, { level, meaning, cure }: ReturnType<typeof explained>): string {
  const line = `${text(language, `doctor.level.${level}`)}  ${meaning}\n`;
  return cure === null ? line : `${line}        → ${cure}\n`;
}
