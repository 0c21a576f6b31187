/** What `npm audit --json` said, in words. */
export interface AuditVerdict {
  readonly hasFindings: boolean;
  readonly lines: readonly string[];
}

interface Report {
  readonly vulnerabilities?: Readonly<Record<string, Vulnerability>>;
  readonly metadata?: {
    readonly vulnerabilities?: { readonly total?: number };
    readonly dependencies?: { readonly prod?: number };
  };
  /** Instead of a report, when the registry did not answer it. */
  readonly message?: string;
}

interface Vulnerability {
  readonly severity: string;
  readonly range: string;
  /** Advisories, or names of packages that bring them. */
  readonly via: readonly (string | { readonly title?: string; readonly url?: string })[];
}

/** @param failure why npm itself could not be run to its end */
export function verdictOn(output: string, failure?: Error): AuditVerdict {
  const report = parsed(output);
  const total = report?.metadata?.vulnerabilities?.total;
  if (!report || total === undefined) {
    const why = failure?.message ?? report?.message ?? 'npm said nothing that can be read';
    return {
      hasFindings: false,
      lines: [`Nothing was checked: the registry did not answer npm audit (${why}). Run it again elsewhere.`],
    };
  }
  const found = Object.entries(report.vulnerabilities ?? {});
  if (total === 0 && found.length === 0)
    return {
      hasFindings: false,
      lines: [`No known hole in ${report.metadata?.dependencies?.prod ?? 'the'} packages that we run with.`],
    };
  return {
    hasFindings: true,
    lines: [
      `${total} packages with known holes:`,
      ...found.map(
        ([name, { severity, range, via }]) => `  ${name} ${range}: ${severity}; ${via.map(told).join('; ')}`,
      ),
    ],
  };
}

const told = (via: Vulnerability['via'][number]) =>
  typeof via === 'string' ? `through ${via}` : `${via.title ?? 'untitled'} ${via.url ?? ''}`.trim();

function parsed(output: string): Report | undefined {
  try {
    return JSON.parse(output) as Report;
  } catch {
    return undefined;
  }
}
