import { type Language, text } from '../../messages/index.ts';

/**
 * Everything about the gateway that is uncertain or may change, as a setting with the default of the specification.
 * Names are those of the specification, so that a test can say `{ 'submit.duplicate': 'reject' }`.
 */
export interface SimulatorSettings {
  readonly 'token.ttlSeconds': number;
  readonly 'token.bindIp': boolean;
  readonly 'token.singleSession': boolean;
  readonly 'token.contentTypes': 'form+json' | 'form';
  readonly 'auth.md5Case': 'any' | 'upper';
  /** Of the two calls with JSON bodies: co-payment and adjustment. */
  readonly 'auth.failShapeJson': 'http401-empty' | 'http200-json' | 'http401-json' | 'http400-json';
  readonly 'auth.failShape': 'http200-json' | 'http401-empty' | 'http401-json' | 'http400-json';
  readonly 'submit.contentTypes': 'form' | 'form+json';
  readonly 'submit.maxBase64Chars': number;
  readonly 'submit.oversize': 'code' | 'http413' | 'http404';
  /** Records per file; 0 = as many as the file holds. */
  readonly 'submit.maxHoSo': number;
  readonly 'submit.facilityMismatch': 'refuse' | 'accept';
  readonly 'submit.duplicate': 'replace' | 'reject' | 'second-record';
  /** A record whose payment was requested already. */
  readonly 'submit.afterPaymentRequest': 'refuse' | 'replace';
  readonly 'submit.signature': 'ignore' | 'presence' | 'verify';
  readonly 'submit.validation': 'async' | 'sync';
  /** How long the asynchronous content check takes, on the simulator's clock (86,400 = the legal 24 hours). */
  readonly 'submit.validationSeconds': number;
  /** Co-payment look-ups of an account on one day; 0 = as many as it likes. */
  readonly 'lookup.dailyLimit': number;
  /** Who may look cards up: anybody who is named, or whom the facility registered. */
  readonly 'lookup.staff': 'any' | 'registered';
  readonly 'answer.numericCodes': boolean;
  readonly 'answer.case': 'documented' | 'pascal' | 'camel';
  /** The same payload may come this often before it is flagged. */
  readonly 'flags.samePayload': number;
}

/** A setting that is not known or cannot be kept; its message is English, for programs that ask the control port. */
export class SettingError extends Error {
  readonly reason: (language: Language) => string;
  constructor(reason: (language: Language) => string) {
    super(reason('en'));
    this.reason = reason;
  }
}

/** What a setting takes, in words. */
type Expected = (language: Language) => string;
type Rule<T> = {
  readonly initial: T;
  readonly expected: Expected;
  readonly fits: (value: unknown) => boolean;
};

const whole = (initial: number, least: number): Rule<number> => ({
  initial,
  expected: (language) => text(language, 'gateway.simulator.setting.whole', { least }),
  fits: (value) => Number.isSafeInteger(value) && Number(value) >= least,
});
const flag = (initial: boolean): Rule<boolean> => ({
  initial,
  expected: (language) => text(language, 'gateway.simulator.setting.flag'),
  fits: (value) => typeof value === 'boolean',
});
const oneOf = <T extends string>(initial: T, ...others: readonly T[]): Rule<T> => ({
  initial,
  expected: () => [initial, ...others].join(', '),
  fits: (value) => [initial, ...others].some((known) => known === value),
});
const RULES: { readonly [Name in keyof SimulatorSettings]: Rule<SimulatorSettings[Name]> } = {
  'token.ttlSeconds': whole(600, 1),
  'token.bindIp': flag(true),
  'token.singleSession': flag(false),
  'token.contentTypes': oneOf('form+json', 'form'),
  'auth.md5Case': oneOf('any', 'upper'),
  'auth.failShape': oneOf('http200-json', 'http401-empty', 'http401-json', 'http400-json'),
  'auth.failShapeJson': oneOf('http401-empty', 'http200-json', 'http401-json', 'http400-json'),
  'submit.contentTypes': oneOf('form', 'form+json'),
  'submit.maxBase64Chars': whole(10_000_000, 1),
  'submit.oversize': oneOf('code', 'http413', 'http404'),
  'submit.maxHoSo': whole(1, 0),
  'submit.facilityMismatch': oneOf('refuse', 'accept'),
  'submit.duplicate': oneOf('replace', 'reject', 'second-record'),
  'submit.afterPaymentRequest': oneOf('refuse', 'replace'),
  /** The gateway verifies; here whoever has certificates to compare with asks for it. */
  'submit.signature': oneOf('ignore', 'presence', 'verify'),
  'submit.validation': oneOf('async', 'sync'),
  'submit.validationSeconds': whole(3, 0),
  'lookup.dailyLimit': whole(0, 0),
  'lookup.staff': oneOf('any', 'registered'),
  'answer.numericCodes': flag(false),
  'answer.case': oneOf('documented', 'pascal', 'camel'),
  'flags.samePayload': whole(5, 1),
};

const DEFAULTS = Object.fromEntries(
  Object.entries(RULES).map(([name, rule]) => [name, rule.initial]),
) as unknown as SimulatorSettings;

/** @throws SettingError naming the setting, what was expected and what came. */
export function withSettings(
  changes: Readonly<Record<string, unknown>>,
  base: SimulatorSettings = DEFAULTS,
): SimulatorSettings {
  for (const [name, value] of Object.entries(changes)) {
    const rule = Object.entries(RULES).find(([known]) => known === name)?.[1];
    if (!rule) throw unknownSetting(name);
    if (!rule.fits(value)) throw wrongSetting(name, rule.expected, value);
  }
  return { ...base, ...changes };
}

function unknownSetting(name: string): SettingError {
  const known = Object.keys(RULES).join(', ');
  return new SettingError((language) => text(language, 'gateway.simulator.setting.unknown', { name, known }));
}

function wrongSetting(name: string, expected: Expected, value: unknown): SettingError {
  const given = JSON.stringify(value) ?? '';
  return new SettingError((language) =>
    text(language, 'gateway.simulator.setting.wrong', { name, expected: expected(language), given }),
  );
}
