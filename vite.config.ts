// How the front end is served, built and tested. What the shell around it does is in
// src-tauri/tauri.conf.json.
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

/** The most JavaScript that the first frame waits for, in bytes as gzip has them. */
const FIRST_LOAD_BYTES = 250_000;

/** Fails a build whose entry, with all that it imports at once, is larger than that. */
function boundedFirstLoad(): Plugin {
  return {
    name: 'bounded-first-load',
    apply: 'build',
    generateBundle(_options, bundle) {
      const first = new Set<string>();
      const add = (name: string) => {
        const part = bundle[name];
        if (first.has(name) || part?.type !== 'chunk') return;
        first.add(name);
        part.imports.forEach(add);
      };
      for (const [name, part] of Object.entries(bundle)) {
        if (part.type === 'chunk' && part.isEntry) add(name);
      }
      const sizes = [...first].map((name) => {
        const part = bundle[name];
        return part?.type === 'chunk' ? gzipSync(part.code).length : 0;
      });
      const bytes = sizes.reduce((sum, size) => sum + size, 0);
      const told = `${Math.round(bytes / 1000)} kB of JavaScript (gzip) before the first frame`;
      if (bytes > FIRST_LOAD_BYTES) {
        const most = `at most ${FIRST_LOAD_BYTES / 1000} kB. Let \`later\` of src/ui load what it does not show.`;
        this.error(`${told}; ${most}`);
      }
      this.info(told);
    },
  };
}

export default defineConfig({
  plugins: [react(), tailwindcss(), boundedFirstLoad()],
  resolve: {
    alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) },
  },
  // The window asks for this port; another one would show it an empty page.
  server: { port: 1420, strictPort: true, watch: { ignored: ['**/src-tauri/**'] } },
  clearScreen: false,
  build: {
    target: 'es2022',
    // What the first frame waits for is bounded above.
    chunkSizeWarningLimit: 1500,
  },
  test: {
    environment: 'jsdom',
    include: ['src/**/*.test.{ts,tsx}'],
    setupFiles: ['src/test-setup.ts'],
    restoreMocks: true,
    // Two cores that also build Rust: only a test that hangs takes this long.
    testTimeout: 30_000,
  },
});
