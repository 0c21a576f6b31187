import { pino } from 'pino';

export type Logger = Pick<ReturnType<typeof pino>, 'info' | 'warn' | 'error' | 'debug'>;

/**
 * JSON lines. What may be logged is what the code names: ids, routes, status, times, codes. Bodies, queries, names,
 * card numbers and diagnoses are never passed in; the redaction below is the second lock.
 */
export function createLogger(level: string): Logger {
  return pino({
    level,
    base: null,
    redact: {
      paths: [
        'name',
        'cardNumber',
        'nationalId',
        'phone',
        'address',
        'birthDate',
        'body',
        'query',
        'password',
        'authorization',
      ].flatMap((field) => [field, `*.${field}`]),
      censor: '[hidden]',
    },
  });
}
