/** What a long test found. */
export interface LongResult {
  /** One line each; none = it holds. */
  readonly failures: readonly string[];
  readonly figures: Readonly<Record<string, string | number>>;
}

interface Told extends LongResult {
  readonly name: string;
  readonly about: string;
  readonly seed: number;
  readonly commit: string;
  readonly date: string;
  readonly machine: string;
  readonly seconds: number;
}

const HEAD = `# Long tests

The last result of each test of \`npm run test:long\`, written by the run itself. A failure is repeated with its seed.
`;
const MOST_FAILURES = 20;

/** The page with the section of this test put in, or in the place of its former one; sections by name. */
export function withResult(page: string, result: Told): string {
  const sections = new Map(
    page
      .split(/^(?=## )/m)
      .slice(1)
      .map((section) => [/^## (\S+)/.exec(section)?.[1] ?? '', section.trimEnd()]),
  );
  sections.set(result.name, sectionOf(result));
  const sorted = [...sections].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, section]) => section);
  return `${[HEAD.trimEnd(), ...sorted].join('\n\n')}\n`;
}

function sectionOf(result: Told): string {
  const { failures } = result;
  const verdict = failures.length === 0 ? 'holds' : `**does not hold** (${failures.length} failures)`;
  const rows = Object.entries(result.figures).map(([name, figure]) => `| ${name} | ${figure} |`);
  const told = failures.slice(0, MOST_FAILURES).map((failure) => `- ${failure}`);
  return [
    `## ${result.name}`,
    `${result.about}.`,
    `${result.date}, commit ${result.commit}, seed ${result.seed}, ${result.seconds} s on ${result.machine}: ${verdict}.`,
    ['| | |', '| --- | --- |', ...rows].join('\n'),
    ...(told.length > 0 ? [told.join('\n')] : []),
  ].join('\n\n');
}
