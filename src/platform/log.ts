import { type DestinationStream, pino } from 'pino';

export type Logger = Pick<ReturnType<typeof pino>, 'info' | 'warn' | 'error' | 'debug'>;

/** Fields that are hidden wherever somebody passes them by mistake, at the top or one level down. */
const HIDDEN = [
  'name',
  'fullName',
  'patientName',
  'cardNumber',
  'nationalId',
  'phone',
  'address',
  'birthDate',
  'diagnosis',
  'conditions',
  'body',
  'query',
  'url',
  'headers',
  'password',
  'token',
  'authorization',
];

/**
 * JSON lines. What may be logged is what the code names: ids, routes, status, times, codes. Bodies, queries, names,
 * card numbers and diagnoses are never passed in; the redaction is the second lock.
 * @param destination where lines go; standard output if nothing is said
 */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: null,
    serializers: { err: withoutValues },
    redact: { paths: HIDDEN.flatMap((field) => [field, `*.${field}`]), censor: '[hidden]' },
  };
  return destination ? pino(options, destination) : pino(options);
}

const DEEPEST_FRAMES = 12;

/** An error without its message and details: those of a database quote rows. Where it happened is enough to find it. */
function withoutValues(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { code, constraint, table } = error as Error &
    Partial<Record<'code' | 'constraint' | 'table', unknown>>;
  const frames = (error.stack ?? '').split('\n').filter((line) => line.trim().startsWith('at '));
  const cause = error.cause === undefined ? {} : { cause: withoutValues(error.cause) };
  return { type: error.name, code, constraint, table, stack: frames.slice(0, DEEPEST_FRAMES), ...cause };
}
