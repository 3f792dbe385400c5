// `npm run dev`: the window on Vite's development server, so that a change in src/ shows at
// once and a change in src-tauri/ restarts the app.
//
// tauri.conf.json names no server on purpose: a plain `cargo build` embeds the built pages.
// Here the server is added for this one run.

import { main } from './console.mjs';
import { freePort } from './free_port.mjs';
import { nodeProgram, target } from './paths.mjs';
import { foreground } from './run.mjs';
import { requireDisplay } from './setup/display.mjs';
import { build, prepare } from './setup/everything.mjs';

const development = (port) => ({
  build: {
    devUrl: `http://127.0.0.1:${port}`,
    beforeDevCommand: `npm run vite -- --host 127.0.0.1 --port ${port} --strictPort`,
  },
  // Vite's client talks to its server; the strict policy of the app itself knows no server.
  app: { security: { csp: null } },
});

await main(async () => {
  requireDisplay();
  await prepare('run');
  await build('run');
  // The release profile is the one that is compiled already.
  const config = JSON.stringify(development(await freePort()));
  const toCargo = ['--', '--target-dir', target];
  return foreground(nodeProgram('tauri'), ['dev', '--release', '--config', config, ...toCargo]);
});
