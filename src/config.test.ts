import { describe, expect, test } from '@jest/globals';
import { ConfigError, configTable, readConfig, signingPassphrase } from './config.ts';

const wrong = (environment: Record<string, string>) => {
  try {
    readConfig({ LANGUAGE: 'en', ...environment });
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return 'accepted';
};

describe('settings', () => {
  test('have defaults that work without any environment', () => {
    const config = readConfig({});
    expect(config).toMatchObject({
      DATABASE_URL: null,
      PORT: 8080,
      EXPORT_TIME: '20:00',
      EXPORT_FILE_RECORDS: 500,
    });
  });
  test.each([
    ['PORT', 'abc', 'expected a whole number from 0 to 65535; came "abc"'],
    ['PORT', '65536', 'expected a whole number from 0 to 65535; came "65536"'],
    ['EXPORT_TIME', '24:00', 'expected a time of day HH:mm; came "24:00"'],
    [
      'GATEWAY_URL',
      'egw.example',
      'expected an address that begins with http://, https://; came "egw.example"',
    ],
    ['LOG_LEVEL', 'loud', 'expected one of: silent, error, warn, info, debug; came "loud"'],
  ])('%s=%s stops the start and says why', (name, value, said) => {
    expect(wrong({ [name]: value })).toContain(`${name}: ${said}`);
  });
  test('that are secret are never repeated', () => {
    const said = wrong({ SECRETS_KEY: 'c2hvcnQ=', DATABASE_URL: 'mysql://u:hunter2@x/y' });
    expect(said).toContain('SECRETS_KEY: expected 32 bytes in base64; came (a secret value)');
    expect(said).not.toContain('hunter2');
  });
  test('all wrong ones are told at once, in the language of the person', () => {
    expect(wrong({ PORT: 'x', QUEUE_LOCK_MS: '1', LANGUAGE: 'vi' }).split('\n')).toHaveLength(3);
    expect(wrong({ PORT: 'x', LANGUAGE: 'vi' })).toContain('cần số nguyên từ 0 đến 65535');
  });
  test('the four database addresses come together or not at all', () => {
    const url = 'postgresql://u@h/d';
    expect(wrong({ DATABASE_URL: url })).toContain('all four, or none');
    expect(
      readConfig({
        DATABASE_URL: url,
        MIGRATION_DATABASE_URL: url,
        EXPORT_DATABASE_URL: url,
        IDENTITY_DATABASE_URL: url,
      }).DATABASE_URL,
    ).toBe(url);
  });
  test('the passphrase of a facility’s own key goes before the common one; an empty one is none', () => {
    const common = { SIGNING_PASSPHRASE: 'chung' };
    expect(signingPassphrase('40021', { ...common, SIGNING_PASSPHRASE_40021: 'riêng' })).toBe('riêng');
    expect(signingPassphrase('40022', { ...common, SIGNING_PASSPHRASE_40021: 'riêng' })).toBe('chung');
    expect(signingPassphrase('40021', { ...common, SIGNING_PASSPHRASE_40021: '' })).toBe('chung');
    expect(signingPassphrase('40021', { SIGNING_PASSPHRASE: '' })).toBeUndefined();
  });
  test('are all in the table of the docs', () => {
    for (const language of ['vi', 'en'] as const)
      for (const name of Object.keys(readConfig({}))) expect(configTable(language)).toContain(`\`${name}\``);
  });
});
