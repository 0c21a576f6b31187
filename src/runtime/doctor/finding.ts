import type { MessageValues } from '../../messages/index.ts';

export type Level = 'ok' | 'warning' | 'failure';

/**
 * One line of the examination. What it means is the message `doctor.<check>.<verdict>`; what to do about it, unless all
 * is well, `doctor.<check>.<verdict>.do`.
 */
export interface Finding {
  readonly check: string;
  readonly level: Level;
  readonly verdict: string;
  readonly values: MessageValues;
}

const finding =
  (level: Level) =>
  (check: string, verdict: string, values: MessageValues = {}): Finding => ({
    check,
    level,
    verdict,
    values,
  });
export const failure = finding('failure');
export const warning = finding('warning');
export const well = (check: string, values: MessageValues = {}, verdict = 'ok'): Finding =>
  finding('ok')(check, verdict, values);

/** A measure that is better small: from one limit it is a warning, from another a failure. */
export function judged(
  check: string,
  measure: number,
  limits: { readonly warning: number; readonly failure: number },
  values: MessageValues,
): Finding {
  if (measure >= limits.failure) return failure(check, 'far', values);
  return measure >= limits.warning ? warning(check, 'near', values) : well(check, values);
}

/** An error in a word or two: no message of a driver that quotes an address or a password. */
export function reasonOf(error: unknown): string {
  const { code, name, cause } = error as { code?: string; name?: string; cause?: unknown };
  if (code) return code;
  return cause ? reasonOf(cause) : (name ?? 'Error');
}
