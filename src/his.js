#!/usr/bin/env node
// The entry of every command. Plain old JavaScript on purpose: it must still parse on a Node that is too old
// for the rest, to say so in words. The program itself is main.ts.
var MINIMUM = [24, 15];
var version = process.versions.node.split('.').map(Number);
if (version[0] < MINIMUM[0] || (version[0] === MINIMUM[0] && version[1] < MINIMUM[1])) {
  process.stderr.write(
    'LienThong HIS cần Node ' +
      MINIMUM.join('.') +
      ' trở lên, đang chạy Node ' +
      process.versions.node +
      '.\n' +
      'Hãy chạy qua npm (npm start, npm run demo, npm run -s his -- …): gói cài đặt đã kèm sẵn đúng phiên bản.\n' +
      'LienThong HIS needs Node ' +
      MINIMUM.join('.') +
      ' or newer; this is ' +
      process.versions.node +
      '.\n' +
      'Start it through npm (npm start, npm run demo, npm run -s his -- …): the installed packages bring the right one.\n',
  );
  process.exit(2);
}
// Compiled code is kept from start to start: it halves the time until a command begins. Where nobody may write, nothing is kept.
void Promise.all([import('node:module'), import('node:url')])
  .then(([{ enableCompileCache }, { fileURLToPath }]) =>
    enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/compiled', import.meta.url))),
  )
  .then(() => import('./main.ts'))
  .then((main) => main.run(process.argv));
