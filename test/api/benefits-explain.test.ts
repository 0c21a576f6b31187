import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { newId } from '../../src/platform/ids.ts';
import { environmentOf } from '../harness/database.ts';
import { his } from '../harness/his.ts';
import { startTestServer, type TestServer } from '../harness/server.ts';
import { dischargedVisit, HOSPITAL, line, openVisit } from '../harness/visit.ts';

let server: TestServer;
let environment: Record<string, string>;
beforeAll(async () => {
  server = await startTestServer({ as: HOSPITAL });
  environment = {
    ...environmentOf(server.database),
    SECRETS_KEY: Buffer.alloc(32).toString('base64'),
  };
});
afterAll(() => server.stop());

interface Section {
  readonly line: string;
  readonly amounts: readonly {
    readonly amount: string;
    readonly value: string;
    readonly rules: readonly {
      readonly rule: string;
      readonly article: string;
      readonly parameters: readonly { readonly id: string; readonly value: string; readonly from: string }[];
      readonly vi: string;
      readonly en: string;
    }[];
  }[];
}
const explain = (...args: string[]) => his(['benefits', 'explain', ...args], environment);
const amountOf = ([section]: readonly Section[], name: string) =>
  section!.amounts.find(({ amount }) => amount === name)!;

describe('his benefits explain', () => {
  test('a settled visit: the stored amounts, each with its rules in order, in both languages', async () => {
    const visit = await dischargedVisit(server, [line()]);
    const settled = await server.call('POST', `${visit.path}/settlement`, {
      body: {},
      headers: { 'If-Match': visit.etag },
    });
    const [first] = (settled.body as { lines: Record<string, string>[] }).lines;
    const { code, out, err } = await explain('--visit', visit.id, '--json');
    expect([code, err]).toEqual([0, expect.stringContaining('Settled, version 1')]);
    const sections = JSON.parse(out) as Section[];
    expect(amountOf(sections, 'insurerPays').value).toBe(first!.insurerPays);
    const rate = amountOf(sections, 'benefitRate');
    expect([rate.value, rate.rules.map(({ rule }) => rule)]).toEqual([
      '100',
      ['CARD-LEVEL', 'ROUTE-1.1', 'LEVEL-LOWCOST'],
    ]);
    expect(rate.rules[2]).toMatchObject({
      article: expect.stringContaining('Luật BHYT Đ22 k1'),
      vi: expect.stringContaining('15 % lương cơ sở'),
      en: expect.stringContaining('15% of the base salary'),
    });
    expect(rate.rules[2]!.parameters).toContainEqual(
      expect.objectContaining({ id: 'base-salary', value: '2530000', from: '2026-07-01' }),
    );
    const table = await explain('--visit', visit.id, '--facility', HOSPITAL);
    expect(table.out).toContain('base-salary = 2530000 (from 2026-07-01; NĐ 161/2026');
    const audited = await server.database.query<{ purpose: string }>(
      `select purpose from audit_event where action = 'encounter.explained' and subject_id = $1`,
      [visit.id],
    );
    expect(audited).toEqual([{ purpose: 'benefit-explanation' }, { purpose: 'benefit-explanation' }]);
  });

  test('a visit that lasts: what would be settled now', async () => {
    const visit = await openVisit(server);
    const { code, err } = await explain('--visit', visit.id);
    expect([code, err]).toEqual([0, expect.stringContaining('Not settled')]);
  });

  test.each([
    ['no such visit', ['--visit', newId()], 'There is no visit'],
    ['a visit of elsewhere', ['--visit', newId(), '--facility', '40101'], 'There is no visit'],
    ['no such facility', ['--visit', newId(), '--facility', '99999'], '99999'],
    ['no id', ['--visit', '12'], 'UUID'],
    ['neither', [], '--case'],
    ['no such case', ['--case', 'fixtures/benefit-cases/worked-cases.json#S99'], 'S99'],
  ])('%s: exit 2', async (_name, args, said) => {
    const { code, out, err } = await explain(...args);
    expect([code, out, err]).toEqual([2, '', expect.stringContaining(said)]);
  });

  test('a case of a file needs no database', async () => {
    const { code, out } = await his([
      'benefits',
      'explain',
      '--case',
      'fixtures/benefit-cases/worked-cases.json#S02',
      '--json',
    ]);
    const sections = JSON.parse(out) as Section[];
    expect([code, sections.map(({ line }) => line)]).toEqual([
      0,
      ['lines.L1', 'lines.L2', 'lines.L3', 'totals'],
    ]);
    expect(amountOf(sections, 'T_BNCCT')).toMatchObject({ value: '8000' });
  });
});

describe('his policy list', () => {
  interface Listed {
    readonly policyVersion: string;
    readonly parameters: readonly {
      readonly id: string;
      readonly value: unknown;
      readonly from: string;
      readonly to: string | null;
      readonly source: string;
      readonly grade: string;
      readonly verifiedOn: string;
      readonly decision: string | null;
    }[];
  }
  const list = async (date: string) => {
    const { code, out } = await his(['policy', 'list', '--date', date, '--json']);
    expect(code).toBe(0);
    return JSON.parse(out) as Listed;
  };

  test('what is in force on a day, with dates, source and grade; oldest verification first', async () => {
    const [before, after] = [await list('2026-06-30'), await list('2026-07-01')];
    const salary = (listed: Listed) => listed.parameters.find(({ id }) => id === 'base-salary');
    expect(salary(before)).toMatchObject({
      value: '2340000',
      from: '2024-07-01',
      to: '2026-06-30',
      grade: 'B',
    });
    expect(salary(after)).toMatchObject({
      value: '2530000',
      source: expect.stringContaining('NĐ 161/2026'),
      to: null,
    });
    for (const { parameters } of [before, after]) {
      const order = parameters.map(({ verifiedOn, id }) => `${verifiedOn} ${id}`);
      expect(order).toEqual(order.toSorted());
      expect(parameters.filter(({ source, grade }) => source === '' || grade === '')).toEqual([]);
    }
  });

  test('open questions are marked, and a contract shows by its name', async () => {
    const { out } = await his(['policy', 'list', '--date', '2026-08-10']);
    expect(out).toMatch(/decision\.D2 = raised-times-factor .*\[open question D2\]/);
    const folder = mkdtempSync(join(tmpdir(), 'his-contract-'));
    const file = `${folder}/contract.json`;
    writeFileSync(
      file,
      JSON.stringify({
        contract: 'Hợp đồng 12',
        parameters: [
          {
            id: 'decision.D2',
            values: [{ from: '2026-01-01', value: 'whole-route-only', source: 'Điều 4', grade: 'decision' }],
          },
        ],
      }),
    );
    const agreed = await his(['policy', 'list', '--date', '2026-08-10'], { BENEFIT_CONTRACT: file });
    rmSync(folder, { recursive: true });
    expect(agreed.out).toMatch(/decision\.D2 = whole-route-only .*Hợp đồng 12: Điều 4 \[open question D2\]/);
    expect(agreed.out.split('\n')[0]).not.toBe(out.split('\n')[0]);
  });
});
