import { chmodSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { vendor } from './vendor.mjs';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
export const SITE = fileURLToPath(new URL('../dist/', import.meta.url));

/** The notebooks, in the order of their links. */
export const NOTEBOOKS = ['costs', 'anomalies', 'sessions', 'cache', 'prices'];

/** Builds every page with the data it reads. They load nothing from another server. */
export async function buildSite(options) {
  const { build } = await import('vite');
  const { config, observable } = await import('@observablehq/notebook-kit/vite');
  await build({
    ...config(),
    configFile: false,
    logLevel: 'error',
    root: ROOT,
    plugins: [vendor(), observable({ template: `${ROOT}template.html`, transformTemplate: withOptions(options) })],
    build: {
      outDir: SITE,
      emptyOutDir: true,
      // data stays in files: pages may load only their own files
      assetsInlineLimit: 0,
      chunkSizeWarningLimit: Infinity,
      rollupOptions: { input: NOTEBOOKS.map((name) => `${ROOT}${name}.html`) },
    },
  });
  chmodSync(SITE, 0o700);
}

/** Pages show the filters of their exports. */
const withOptions = (options) => (template) =>
  template.replace('data-options=""', () => `data-options="${escape(options.join(' '))}"`);

const escape = (text) => text.replace(/[&<>"]/g, (character) => `&#${character.codePointAt(0)};`);
