import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { catalogue, LANGUAGES } from '../../src/messages/index.ts';
import { systemClock } from '../../src/platform/dates.ts';
import { createMetrics } from '../../src/platform/metrics.ts';
import { FIGURES, NEAR_DEADLINE } from '../../src/runtime/figures.table.ts';
import { watchDatabase, watchDeadlines } from '../../src/runtime/figures.ts';
import { alertRules } from '../harness/alerts.ts';

const docs = new URL('../../docs/', import.meta.url);
const rules = readFileSync(new URL('operations/alerts.rules.yml', docs), 'utf8');
const alerts = [...rules.matchAll(/^ {6}- alert: (\w+)$/gm)].map(([, name]) => name!);
const pages = readdirSync(new URL('runbooks/', docs)).map((file) => file.replace(/\.md$/, ''));

/** Metrics that Prometheus makes itself. */
const ELSEWHERE = new Set(['up']);

test('every alert has its runbook and every runbook its alert', () => {
  expect(alerts.length).toBeGreaterThan(10);
  expect(alerts.toSorted()).toEqual(pages.toSorted());
  const named = [...rules.matchAll(/^ {10}runbook: docs\/runbooks\/(\w+)\.md$/gm)].map(([, name]) => name);
  expect(named).toEqual(alerts);
  for (const page of pages) {
    const text = readFileSync(new URL(`runbooks/${page}.md`, docs), 'utf8');
    expect(text.startsWith(`# ${page}: `)).toBe(true);
    for (const part of ['**Nghĩa là gì.**', '## Xem', '## Làm', '**Gọi ai.**']) expect(text).toContain(part);
  }
});

test('every metric that a rule names is one of ours, and every runbook that a text names is there', async () => {
  const metrics = createMetrics();
  // Nothing is read: which metrics there are does not hang on a database.
  const none = { transaction: () => Promise.reject(new Error('none')) } as never;
  watchDatabase(metrics, none, null);
  watchDeadlines(metrics, none, {} as never, systemClock);
  const ours = new Set(
    [...(await metrics.registry.metrics()).matchAll(/^# TYPE (\w+) /gm)].map(([, name]) => name!),
  );
  const expressions = [...rules.matchAll(/^ {8}expr: '(.*)'$/gm)].map(([, expression]) => expression!);
  expect(expressions).toHaveLength(alerts.length);
  const used = expressions.flatMap((one) => one.replaceAll(/"[^"]*"/g, '').match(/\b(up|his_\w+)\b/g) ?? []);
  expect(used.filter((name) => !ours.has(name) && !ELSEWHERE.has(name))).toEqual([]);
  const mentioned = LANGUAGES.flatMap((language) =>
    [...catalogue(language).values()].flatMap((text) => text.match(/(?<=docs\/runbooks\/)\w+/g) ?? []),
  );
  expect(mentioned.length).toBeGreaterThan(0);
  expect(mentioned.filter((page) => !pages.includes(page))).toEqual([]);
});

test('a rule asks for labels that its figure has, and never counts what is as it should be', () => {
  const figures = new Map([...FIGURES, NEAR_DEADLINE].map((figure) => [figure.name, figure]));
  const others = alertRules().filter(({ takes }) => takes === null);
  expect(others.map(({ name }) => name)).toEqual(['HisApiDown', 'HisFiguresUnreadable']);
  const wrong = alertRules().flatMap(({ name, takes }) => {
    if (takes === null) return [];
    const { label, values = [], calm = [] } = figures.get(takes.figure)!;
    // `any of these labels` is wrong as a whole where one of its alternatives matches nothing.
    const known = (alternative: string) =>
      values.some((value) => new RegExp(`^(?:${alternative})$`).test(value));
    const unknown = takes.alternatives.filter((one) => !known(one)).map((one) => `${name}: no label ${one}`);
    const counted = calm.filter(takes.isTaken).map((value) => `${name}: counts ${value}`);
    const labels = [takes.label, takes.by].filter((one) => one !== null && one !== label);
    return [...unknown, ...counted, ...labels.map((one) => `${name}: ${takes.figure} has no ${one}`)];
  });
  expect(wrong).toEqual([]);
});
