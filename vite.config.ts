// How the front end is served, built and tested. What the shell around it does is in
// src-tauri/tauri.conf.json.
import { fileURLToPath } from 'node:url';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [react(), tailwindcss()],
  resolve: {
    alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) },
  },
  // The window asks for this port; another one would show it an empty page.
  server: { port: 1420, strictPort: true, watch: { ignored: ['**/src-tauri/**'] } },
  clearScreen: false,
  build: {
    target: 'es2022',
    // The bundle is read from disk, so that one file of half a megabyte costs nothing.
    chunkSizeWarningLimit: 1500,
  },
  test: {
    environment: 'jsdom',
    include: ['src/**/*.test.{ts,tsx}'],
    setupFiles: ['src/test-setup.ts'],
    restoreMocks: true,
    // Two cores that also build Rust: only a test that hangs takes this long.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
