import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { loadStatementForm } from '../../src/reports/index.ts';
import { statementOf } from '../../src/reports/statement.ts';
import { statementHtml } from '../../src/reports/statement-html.ts';
import { sourceFrom } from '../harness/statement.ts';

/**
 * Statements of the golden claims as they are printed. The style stands in none of them, so that it may change.
 * `npm run golden:update` writes them anew; then read the diff.
 */
const inputs = new URL('3176/', import.meta.url);
const folder = new URL('statements/', import.meta.url);
const isUpdate = process.env.GOLDEN_UPDATE === '1';
const form = loadStatementForm();

const read = (name: string) => JSON.parse(readFileSync(new URL(`${name}/input.json`, inputs), 'utf8'));
const cases = readdirSync(inputs).filter((name) => read(name).settlement);

describe('golden statements', () => {
  test('there are cases, and a file for each', () => {
    expect(cases.length).toBeGreaterThanOrEqual(7);
    if (!isUpdate)
      expect(readdirSync(folder).toSorted()).toEqual(cases.map((name) => `${name}.html`).toSorted());
  });

  test.each(cases)('%s', (name) => {
    const printed = statementHtml(statementOf(sourceFrom(read(name)), form), form).html;
    const page = printed
      .replace(/<style>[\s\S]*<\/style>/, '')
      .replaceAll(/(<\/(?:tr|p|dl|div|header|section)>)(?!\n)/g, '$1\n');
    const file = new URL(`${name}.html`, folder);
    if (isUpdate) {
      if (!existsSync(folder)) mkdirSync(folder);
      writeFileSync(file, page);
    }
    expect(page).toBe(readFileSync(file, 'utf8'));
  });
});
