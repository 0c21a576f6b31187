import { readFileSync } from 'node:fs';
import { createRequire, enableCompileCache, registerHooks } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { useGlobals } from './globals.mjs';

const require = createRequire(import.meta.url);
const { default: circus } = require('jest-circus/runner');

/**
 * Jest's own runner, but a test file is loaded by Node, as the product is, and not into a realm of its own: what it
 * imports was mostly there before, for the files before it. Loading it anew for each file took half of the whole run,
 * and in such a realm every look-up of a global (`Math`, `Map`) takes as long as a call.
 *
 * So files in one worker share modules: a module keeps nothing but what every file may see. A file that puts something
 * in the place of a module is run as jest does it.
 */
export default function run(globalConfig, config, environment, runtime, testPath, send) {
  const isReplacing = readFileSync(testPath, 'utf8').includes('unstable_mockModule');
  return isReplacing
    ? circus(globalConfig, config, environment, runtime, testPath, send)
    : circus(globalConfig, config, inNode(environment), native(runtime), testPath, send);
}

const GLOBALS = new URL('globals.mjs', import.meta.url).href;

enableCompileCache(fileURLToPath(new URL('../../node_modules/.cache/compiled', import.meta.url)));
registerHooks({
  resolve: (wanted, context, next) =>
    wanted === '@jest/globals' ? { url: GLOBALS, shortCircuit: true } : next(wanted, context),
});

const inNode = (environment) => overlaid(environment, { global: globalThis });

const native = (runtime) =>
  overlaid(runtime, {
    requireInternalModule: loadAnew,
    setGlobalsForRuntime: useGlobals,
    unstable_shouldLoadAsEsm: () => true,
    unstable_importModule: (path) => import(pathToFileURL(path).href),
  });

/** What circus keeps on the global object for one file must not be there for the next. */
function loadAnew(path) {
  for (const name of ['EVENT_HANDLERS', 'TEST_TIMEOUT_SYMBOL', 'RETRY_TIMES', 'WAIT_BEFORE_RETRY'])
    delete globalThis[Symbol.for(name)];
  delete require.cache[path];
  return require(path);
}

/** The object, with some of its members put in their place. */
const overlaid = (object, members) =>
  new Proxy(object, {
    get(target, name) {
      if (Object.hasOwn(members, name)) return members[name];
      const value = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
