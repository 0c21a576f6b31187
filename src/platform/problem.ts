/**
 * Refusals, RFC 9457. The list of types is closed: a client can switch on `type` for ever. Titles and details are
 * message keys (`problem.<type>.title`, `problem.<type>.detail`), so they come in the reader's language.
 * Never a patient's name, card number or diagnosis in `values`.
 */
export const PROBLEM_STATUS = {
  'bad-json': 400,
  'bad-parameter': 400,
  'not-signed-in': 401,
  'sign-in-failed': 401,
  'sign-in-slowed': 429,
  'session-not-complete': 403,
  'csrf-refused': 403,
  'no-duty': 403,
  'not-allowed': 403,
  'works-elsewhere': 403,
  'purpose-required': 403,
  'not-on-yourself': 409,
  'password-too-weak': 422,
  'provider-unavailable': 503,
  'not-found': 404,
  'method-not-allowed': 405,
  'version-conflict': 412,
  'version-required': 428,
  'body-too-large': 413,
  'unsupported-media-type': 415,
  'invalid-body': 422,
  'unknown-code': 422,
  'price-missing': 422,
  'time-implausible': 422,
  'id-implausible': 422,
  'policy-not-in-force': 422,
  'route-not-possible': 422,
  'discharge-incomplete': 422,
  'idempotency-key-required': 400,
  'idempotency-key-reused': 422,
  'idempotency-in-flight': 409,
  'already-exists': 409,
  'encounter-locked': 409,
  'encounter-not-open': 409,
  'not-discharged': 409,
  'not-settled': 409,
  'task-closed': 409,
  'coverage-overlap': 409,
  'claim-not-held': 409,
  'correction-assignee': 422,
  'correction-closed': 409,
  'dead-letter-closed': 409,
  'correction-open': 409,
  'correction-no-form': 409,
  'claim-not-holdable': 409,
  'claim-not-parked': 409,
  'claim-outdated': 409,
  'finding-not-decided': 409,
  'effect-raised': 409,
  'payment-too-early': 409,
  'balance-changed': 409,
  'balance-exceeded': 409,
  'refund-exceeded': 409,
  'deposit-not-possible': 409,
  'nothing-due': 409,
  'payment-voided': 409,
  'void-not-possible': 409,
  'shift-required': 409,
  'shift-open': 409,
  'shift-closed': 409,
  'difference-unexplained': 422,
  'bank-account-missing': 409,
  'bank-reference-used': 409,
  'transfer-closed': 409,
  'lookup-restrained': 429,
  'paper-not-unclear': 409,
  'paper-empty': 422,
  'too-many-requests': 429,
  internal: 500,
  'database-unavailable': 503,
} as const;

export type ProblemType = keyof typeof PROBLEM_STATUS;

/** One place in the body or query that was refused: a JSON pointer and a message key with its values. */
export interface ProblemPlace {
  readonly pointer: string;
  readonly message: string;
  readonly values?: Readonly<Record<string, string | number>>;
}

export class Problem extends Error {
  readonly type: ProblemType;
  readonly values: Readonly<Record<string, string | number>>;
  readonly places: readonly ProblemPlace[];

  constructor(
    type: ProblemType,
    values: Readonly<Record<string, string | number>> = {},
    places: readonly ProblemPlace[] = [],
    options?: ErrorOptions,
  ) {
    super(type, options);
    this.name = 'Problem';
    this.type = type;
    this.values = values;
    this.places = places;
  }

  get status(): number {
    return PROBLEM_STATUS[this.type];
  }
}
