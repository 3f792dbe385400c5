// `npm start`: sets up what is missing, builds what has changed, and opens the window.

import { duration, main, say } from './console.mjs';
import { desktopBinary } from './paths.mjs';
import { foreground } from './run.mjs';
import { requireDisplay } from './setup/display.mjs';
import { build, prepare } from './setup/everything.mjs';

await main(async () => {
  const began = performance.now();
  requireDisplay();
  await prepare('run');
  await build('run');
  say(`Ready in ${duration(performance.now() - began)}. Opening the window.`);
  return foreground(desktopBinary, process.argv.slice(2));
});
