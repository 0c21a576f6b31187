import { type Language, preferredLanguage, text } from './messages/index.ts';
import { isLocalDate } from './platform/dates.ts';

/**
 * Every setting, checked when the program starts. This is the only file that reads the environment; the table in
 * docs/settings.md is generated from it.
 */
interface Kind<T> {
  readonly expected: string;
  readonly values?: Readonly<Record<string, string | number>>;
  /** undefined = not acceptable */
  read(value: string): T | undefined;
}

interface Setting<T> {
  readonly kind: Kind<T>;
  readonly default: T;
  readonly secret?: boolean;
}

const url = (...schemes: string[]): Kind<string | null> => ({
  expected: 'config.expected.url',
  values: { schemes: schemes.join(', ') },
  read: (value) =>
    schemes.some((scheme) => value.startsWith(scheme)) && URL.canParse(value) ? value : undefined,
});
const integer = (min: number, max: number): Kind<number> => ({
  expected: 'config.expected.integer',
  values: { min, max },
  read: (value) =>
    /^\d{1,9}$/.test(value) && Number(value) >= min && Number(value) <= max ? Number(value) : undefined,
});
const oneOf = <T extends string>(...values: readonly T[]): Kind<T> => ({
  expected: 'config.expected.oneOf',
  values: { values: values.join(', ') },
  read: (value) => values.find((one) => one === value),
});
const time: Kind<string> = {
  expected: 'config.expected.time',
  read: (value) => (/^([01]\d|2[0-3]):[0-5]\d$/.test(value) ? value : undefined),
};
const day: Kind<string | null> = {
  expected: 'config.expected.day',
  read: (value) => (isLocalDate(value) ? value : undefined),
};
const words: Kind<string> = { expected: 'config.expected.text', read: (value) => value };
const optionalText: Kind<string | null> = { expected: 'config.expected.text', read: (value) => value };
const key: Kind<string | null> = {
  expected: 'config.expected.key',
  read: (value) => (Buffer.from(value, 'base64').length === 32 ? value : undefined),
};

const POSTGRES = url('postgresql://', 'postgres://');

const SETTINGS = {
  DATABASE_URL: { kind: POSTGRES, default: null, secret: true },
  MIGRATION_DATABASE_URL: { kind: POSTGRES, default: null, secret: true },
  EXPORT_DATABASE_URL: { kind: POSTGRES, default: null, secret: true },
  IDENTITY_DATABASE_URL: { kind: POSTGRES, default: null, secret: true },
  REDIS_URL: { kind: url('redis://', 'rediss://'), default: null, secret: true },
  HOST: { kind: words, default: '127.0.0.1' },
  PORT: { kind: integer(0, 65_535), default: 8080 },
  DATA_DIR: { kind: words, default: '.data' },
  BACKUP_WAL_DIR: { kind: optionalText, default: null },
  EXPORT_TIME: { kind: time, default: '20:00' },
  STRICTER_DEADLINE_FROM: { kind: day, default: null },
  EXPORT_DIR: { kind: optionalText, default: null },
  EXPORT_FILE_RECORDS: { kind: integer(1, 10_000), default: 500 },
  GATEWAY_URL: { kind: url('http://', 'https://'), default: 'http://127.0.0.1:8090' },
  GATEWAY_TIMEOUT_MS: { kind: integer(100, 300_000), default: 60_000 },
  GATEWAY_CONCURRENCY: { kind: integer(1, 64), default: 12 },
  GATEWAY_FACILITY_CONCURRENCY: { kind: integer(1, 16), default: 2 },
  GATEWAY_FACILITY_PER_MINUTE: { kind: integer(1, 100_000), default: 600 },
  GATEWAY_LOCAL_ADDRESS: { kind: optionalText, default: null },
  CARD_LOOKUP_WAIT_MS: { kind: integer(0, 60_000), default: 15_000 },
  SEND_LEASE_MARGIN_MS: { kind: integer(100, 300_000), default: 15_000 },
  SEND_QUIET_MS: { kind: integer(0, 86_400_000), default: 300_000 },
  SIGNING: { kind: oneOf('required', 'off'), default: 'required' },
  SIGNING_KEYS_DIR: { kind: optionalText, default: null },
  SIGNING_PASSPHRASE: { kind: optionalText, default: null, secret: true },
  SIGNING_URL: { kind: url('http://', 'https://'), default: null },
  SIGNING_TOKEN: { kind: optionalText, default: null, secret: true },
  SIGNING_TIMEOUT_MS: { kind: integer(100, 120_000), default: 10_000 },
  SWEEP_EVERY_MS: { kind: integer(500, 3_600_000), default: 30_000 },
  SIMULATOR_PORT: { kind: integer(0, 65_535), default: 8090 },
  SIMULATOR_CONTROL_PORT: { kind: integer(0, 65_535), default: 8091 },
  QUEUE_LOCK_MS: { kind: integer(500, 600_000), default: 30_000 },
  LOG_LEVEL: { kind: oneOf('silent', 'error', 'warn', 'info', 'debug'), default: 'info' },
  LANGUAGE: { kind: words, default: '' },
  DB_POOL: { kind: integer(2, 100), default: 12 },
  SECRETS_KEY: { kind: key, default: null, secret: true },
  SECRETS_KEY_PREVIOUS: { kind: key, default: null, secret: true },
  PUBLIC_URL: { kind: url('http://', 'https://'), default: null },
  TRUSTED_PROXIES: { kind: integer(0, 10), default: 0 },
  SESSION_IDLE_MINUTES: { kind: integer(1, 1_440), default: 30 },
  SESSION_HOURS: { kind: integer(1, 168), default: 12 },
  TOKEN_MINUTES: { kind: integer(1, 1_440), default: 15 },
  DEMO_ACCOUNTS: { kind: oneOf('off', 'on'), default: 'off' },
  ACCOUNT_CALLS_PER_MINUTE: { kind: integer(10, 1_000_000), default: 6_000 },
  UNRECOGNISED_CALLS_PER_MINUTE: { kind: integer(1, 1_000_000), default: 120 },
  OIDC_ISSUER: { kind: url('http://', 'https://'), default: null },
  OIDC_CLIENT_ID: { kind: optionalText, default: null },
  OIDC_CLIENT_SECRET: { kind: optionalText, default: null, secret: true },
  OIDC_USERNAME_CLAIM: { kind: words, default: 'preferred_username' },
  BENEFIT_CONTRACT: { kind: optionalText, default: null },
  CLAIM_SUPPLY_CEILING: { kind: oneOf('edition', 'item', 'package'), default: 'edition' },
  CLAIM_INSURER_SHARE: { kind: oneOf('rows', 'subtraction'), default: 'rows' },
  RESULT_QUERY_DAYS: { kind: integer(0, 60), default: 0 },
  CLAIM_CHECK_DAYS: { kind: integer(1, 365), default: 30 },
  REFUSAL_COUNT_DAYS: { kind: integer(30, 3_650), default: 365 },
  RULE_STOP_SHARE: { kind: integer(1, 100), default: 20 },
  RULE_STOP_CLAIMS: { kind: integer(10, 1_000_000), default: 50 },
  MAX_BODY_KB: { kind: integer(16, 65_536), default: 1024 },
  UPLOAD_MAX_MB: { kind: integer(1, 512), default: 32 },
} as const satisfies Record<string, Setting<unknown>>;

type Name = keyof typeof SETTINGS;
type ValueOf<N extends Name> = (typeof SETTINGS)[N] extends { kind: Kind<infer T> } ? T : never;
/** All settings by name. */
export type Config = { readonly [N in Name]: ValueOf<N> };
type Environment = Readonly<Record<string, string | undefined>>;

/** All settings that are wrong, in words; nothing secret is repeated. */
export class ConfigError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ConfigError';
  }
}

/** @throws ConfigError that names each wrong setting, what was expected and what came */
export function readConfig(environment: Environment = process.env): Config {
  const language = currentLanguage(environment);
  const wrong: string[] = [];
  const read: Record<string, unknown> = {};
  for (const [name, setting] of Object.entries(SETTINGS) as [Name, Setting<unknown>][]) {
    const given = environment[name]?.trim();
    if (given === undefined || given === '') {
      read[name] = setting.default;
      continue;
    }
    const value = setting.kind.read(given);
    if (value === undefined) wrong.push(complaint(language, name, setting, given));
    read[name] = value;
  }
  const urls = [
    read.DATABASE_URL,
    read.MIGRATION_DATABASE_URL,
    read.EXPORT_DATABASE_URL,
    read.IDENTITY_DATABASE_URL,
  ];
  if (urls.some((one) => one === null) && urls.some((one) => typeof one === 'string'))
    wrong.push(
      text(language, 'config.line', {
        name: 'DATABASE_URL',
        expected: text(language, 'config.together'),
        came: text(language, 'config.nothing'),
      }),
    );
  if (read.OIDC_ISSUER !== null && (!read.OIDC_CLIENT_ID || !read.OIDC_CLIENT_SECRET || !read.PUBLIC_URL))
    wrong.push(
      text(language, 'config.line', {
        name: 'OIDC_ISSUER',
        expected: text(language, 'config.oidcTogether'),
        came: text(language, 'config.nothing'),
      }),
    );
  if (read.SIGNING_URL !== null && !read.SIGNING_TOKEN)
    wrong.push(
      text(language, 'config.line', {
        name: 'SIGNING_URL',
        expected: text(language, 'config.signingTogether'),
        came: text(language, 'config.nothing'),
      }),
    );
  if (wrong.length > 0) throw new ConfigError([text(language, 'config.wrong'), ...wrong].join('\n'));
  return read as Config;
}

function complaint(language: Language, name: string, setting: Setting<unknown>, came: string): string {
  return text(language, 'config.line', {
    name,
    expected: text(language, setting.kind.expected, setting.kind.values ?? {}),
    came: setting.secret ? text(language, 'config.secret') : JSON.stringify(came.slice(0, 80)),
  });
}

/** Language of the command line. */
export function currentLanguage(environment: Environment = process.env): Language {
  return preferredLanguage(environment.LANGUAGE || environment.LANG);
}

/** For processes of ours: what a program needs to run; settings are given to them explicitly. */
export function inheritedEnvironment(environment: Environment = process.env): Record<string, string> {
  const names = ['PATH', 'HOME', 'LANG', 'LANGUAGE', 'LC_ALL', 'TZ', 'TMPDIR', 'LOG_LEVEL'];
  return Object.fromEntries(names.flatMap((name) => (environment[name] ? [[name, environment[name]]] : [])));
}

/** Of a facility's key file: its own, else the one for all. Never part of `Config`, which is handed around. */
export function signingPassphrase(
  facilityCode: string,
  environment: Environment = process.env,
): string | undefined {
  return environment[`${OWN_PASSPHRASE}${facilityCode}`] || environment.SIGNING_PASSPHRASE || undefined;
}
const OWN_PASSPHRASE = 'SIGNING_PASSPHRASE_';

/** Every setting that somebody set, as it stands: what a process of ours that starts others hands on to them. */
export function givenSettings(environment: Environment = process.env): Record<string, string> {
  const own = Object.keys(environment).filter((name) => name.startsWith(OWN_PASSPHRASE));
  return Object.fromEntries(
    [...Object.keys(SETTINGS), ...own].flatMap((name) => {
      const given = environment[name]?.trim();
      return given ? [[name, given]] : [];
    }),
  );
}

/** The table of docs/settings.md. */
export function configTable(language: Language): string {
  const say = (name: string, values = {}) => text(language, `config.${name}`, values);
  const head = `| ${say('column.name')} | ${say('column.meaning')} | ${say('column.expected')} | ${say('column.default')} |\n| --- | --- | --- | --- |`;
  const rows = (Object.entries(SETTINGS) as [Name, Setting<unknown>][]).map(
    ([name, { kind, default: usual }]) => {
      const expected = text(language, kind.expected, kind.values ?? {});
      return `| \`${name}\` | ${say(name)} | ${expected} | ${usual === null || usual === '' ? '–' : `\`${usual as string | number}\``} |`;
    },
  );
  return [head, ...rows].join('\n');
}
