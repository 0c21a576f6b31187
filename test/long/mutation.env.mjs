import { TestEnvironment } from 'jest-environment-node';

/** Once one test has noticed a mutant the rest need not run. */
export default class FailFast extends TestEnvironment {
  #hasFailed = false;

  async handleTestEvent(event, state) {
    await super.handleTestEvent?.(event, state);
    if (event.name === 'test_done' && event.test.errors.length > 0) this.#hasFailed = true;
    if (event.name === 'test_start' && this.#hasFailed) event.test.mode = 'skip';
  }
}
