import { registerHooks } from 'node:module';

/** Given to Node with `--import`: says at the end which packages were loaded. */
const packages = new Set<string>();
registerHooks({
  load(url, context, next) {
    const found = /\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1];
    if (found) packages.add(found);
    return next(url, context);
  },
});
process.on('exit', () => process.stderr.write(`loaded: ${[...packages].toSorted().join(' ')}\n`));
