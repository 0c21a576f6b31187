import { readFileSync } from 'node:fs';

/** One rule of docs/operations/alerts.rules.yml. */
export interface AlertRule {
  readonly name: string;
  readonly expression: string;
  /** What it takes of which figure, where it is of the form that nearly all have; null = of another. */
  readonly takes: Taken | null;
}

/** `sum by (label) (figure{label=~"…"}) > limit`, or `max`. */
export interface Taken {
  readonly figure: string;
  readonly how: 'sum' | 'max';
  readonly by: string | null;
  /** null = all there are. */
  readonly label: string | null;
  readonly limit: number;
  readonly isTaken: (value: string) => boolean;
  /** What the selector names: the alternatives of a pattern. */
  readonly alternatives: readonly string[];
}

const FORM =
  /^(?<how>sum|max)(?: by \((?<by>\w+)\) )?\((?<figure>his_\w+)(?:\{(?<label>\w+)(?<match>=~?)"(?<wanted>[^"]*)"\})?\) > (?<limit>\d+)/;

function takenBy(expression: string): Taken | null {
  const found = FORM.exec(expression)?.groups;
  if (!found) return null;
  const { how, by, figure, label, match, wanted = '', limit } = found;
  const pattern = new RegExp(`^(?:${wanted})$`);
  return {
    figure: figure!,
    how: how as Taken['how'],
    by: by ?? null,
    label: label ?? null,
    limit: Number(limit),
    isTaken: (value) => label === undefined || (match === '=' ? value === wanted : pattern.test(value)),
    alternatives: label === undefined ? [] : match === '=' ? [wanted] : wanted.split('|'),
  };
}

export function alertRules(): AlertRule[] {
  const rules = readFileSync(new URL('../../docs/operations/alerts.rules.yml', import.meta.url), 'utf8');
  return [...rules.matchAll(/^ {6}- alert: (\w+)\n {8}expr: '(.*)'$/gm)].map(([, name, expression]) => ({
    name: name!,
    expression: expression!,
    takes: takenBy(expression!),
  }));
}

export interface Sample {
  readonly figure: string;
  readonly label: string;
  readonly value: number;
}

/** The lines of `/metrics` of figures with one label. */
export function samplesIn(metrics: string): Sample[] {
  return [...metrics.matchAll(/^(his_\w+)\{\w+="([^"]*)"\} (\S+)$/gm)].map(([, figure, label, value]) => ({
    figure: figure!,
    label: label!,
    value: Number(value),
  }));
}

/** Names of the alerts of that form whose limit these figures pass, in the file's order. */
export function firing(samples: readonly Sample[]): string[] {
  return alertRules()
    .filter(({ takes }) => takes !== null && groupsOf(takes, samples).some((value) => value > takes.limit))
    .map(({ name }) => name);
}

function groupsOf({ figure, how, by, isTaken }: Taken, samples: readonly Sample[]): number[] {
  const mine = samples.filter((one) => one.figure === figure && isTaken(one.label));
  const groups = Map.groupBy(mine, ({ label }) => (by === null ? '' : label));
  return [...groups.values()].map((group) => {
    const values = group.map(({ value }) => value);
    return how === 'max' ? Math.max(...values) : values.reduce((sum, value) => sum + value, 0);
  });
}
