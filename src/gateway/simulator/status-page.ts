import type { Language } from '../../messages/index.ts';
import { text } from '../../messages/index.ts';
import { localDateTime } from '../../platform/dates.ts';
import { money, moneyForPeople } from '../../platform/money.ts';
import type { World } from './world.ts';

/** What the simulator has received, for people: counts, money, answers, mistakes of the sender. */
export function statusPage(world: World, language: Language): string {
  const t = (key: string) => escapeHtml(text(language, `gateway.simulator.${key}`));
  const report = world.report(null);
  const counts: Row[] = [
    [t('records-active'), String(report.records.active)],
    [t('records-replaced'), String(report.records.replaced)],
    [t('check-ins'), String(report.checkIns)],
    [t('papers'), String(report.papers)],
    [t('transactions'), String(report.transactions)],
  ];
  const sums = Object.entries(report.money).map(
    ([field, sum]): Row => [field, moneyForPeople(money(sum), language)],
  );
  const count = ([name, value]: [string, number]): Row => [escapeHtml(name), String(value)];
  return `<!DOCTYPE html>
<html lang="${language}"><head><meta charset="utf-8"><title>${t('title')}</title>
<meta name="viewport" content="width=device-width"><style>
body{font:16px system-ui,sans-serif;margin:2rem auto;max-width:56rem;padding:0 1rem}
table{border-collapse:collapse;margin-bottom:1.5rem}td{border-bottom:1px solid #ccc;padding:.25rem 1.5rem .25rem 0}
td+td{text-align:right;font-variant-numeric:tabular-nums}</style></head><body>
<h1>${t('title')}</h1><p>${t('explanation')}</p>
<p>${t('clock')}: ${escapeHtml(localDateTime(report.now).replace('T', ' '))}${world.isInMaintenance ? ` · <strong>${t('maintenance')}</strong>` : ''}</p>
${section(t('received'), counts)}${section(t('money'), sums)}
${section(t('calls'), Object.entries(report.calls).map(count))}
${section(t('answers'), Object.entries(report.answers).map(count))}
${section(
  t('flags'),
  Object.entries(report.flags)
    .filter(([, times]) => times > 0)
    .map(count),
  t('no-flags'),
)}
</body></html>`;
}

type Row = readonly [string, string];

function section(title: string, rows: readonly Row[], none = '–'): string {
  const lines = rows.map(([name, value]) => `<tr><td>${name}</td><td>${value}</td></tr>`).join('');
  return `<h2>${title}</h2>${rows.length > 0 ? `<table>${lines}</table>` : `<p>${none}</p>`}`;
}

function escapeHtml(value: string): string {
  return value
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
