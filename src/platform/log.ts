import { types } from 'node:util';
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
/** A frame ends in a place, `file:line:column`; a line of a message that begins like one does not. */
const FRAME = /^\s+at .*:\d+:\d+\)?$/;

/** An error without its message and details: those of a database quote rows. Where it happened is enough to find it. */
function withoutValues(error: unknown): unknown {
  if (!types.isNativeError(error) && !(error instanceof Error)) return { type: typeof error };
  const { code, constraint, table } = error as Error &
    Partial<Record<'code' | 'constraint' | 'table', unknown>>;
  const stack = error.stack ?? '';
  const told = stack.indexOf(error.message);
  const frames = stack.slice(told < 0 ? 0 : told + error.message.length).split('\n');
  const cause = error.cause === undefined ? {} : { cause: withoutValues(error.cause) };
  return {
    type: error.name,
    code,
    constraint,
    table,
    stack: frames.filter((line) => FRAME.test(line)).slice(0, DEEPEST_FRAMES),
    ...cause,
  };
}
