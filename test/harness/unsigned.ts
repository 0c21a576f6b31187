/** Settings of workers that sign nothing. */
export const UNSIGNED = {
  DATA_DIR: '',
  SIGNING: 'off',
  SIGNING_KEYS_DIR: null,
  SIGNING_URL: null,
  SIGNING_TOKEN: null,
  SIGNING_TIMEOUT_MS: 1_000,
};
