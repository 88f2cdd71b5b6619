// Takes the README's pictures, of the sample logs: npm run pictures.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { browserPath, openBrowser } from './browser.mjs';
import { buildSite, SITE } from './build.mjs';
import { writeExports } from './exports.mjs';
import { install } from './install.mjs';
import { serveSite } from './serve.mjs';

const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const PICTURES = fileURLToPath(new URL('../pictures/', import.meta.url));
const WIDTH = 1200;
const HEIGHT = 1200;

if (!browserPath) throw new Error('There is no Chromium: install one, or name it in CLAWTRACE_BROWSER.');

// an empty home and UTC: everyone takes the same pictures
const folder = mkdtempSync(join(tmpdir(), 'clawtrace-pictures-'));
Object.assign(process.env, { HOME: folder, USERPROFILE: folder, XDG_CONFIG_HOME: folder, TZ: 'UTC' });
const page = join(folder, 'clawtrace.html');

install();
spawnSync(process.execPath, [CLI, 'dashboard', '--demo', '-o', page], { stdio: ['ignore', 'inherit', 'ignore'] });
await writeExports(['--demo']);
await buildSite(['--demo']);
const site = await serveSite(SITE, 0, '');
const browser = await openBrowser();
mkdirSync(PICTURES, { recursive: true });
try {
  await take('dashboard', pathToFileURL(page).href);
  await take('costs', `${site.address}costs.html`);
  await take('anomalies', `${site.address}anomalies.html`);
} finally {
  await browser.close();
  site.stop();
  rmSync(folder, { recursive: true, force: true });
}

/** The top of a page in light, down to the last panel that is whole. */
async function take(name, address) {
  const view = await browser.newPage({ viewport: { width: WIDTH, height: HEIGHT }, colorScheme: 'light' });
  await view.goto(address, { waitUntil: 'networkidle' });
  await view.locator('main svg').first().waitFor();
  const ends = await view
    .locator('.panel')
    .evaluateAll((panels) => panels.map((panel) => panel.getBoundingClientRect().bottom));
  const height = Math.ceil(Math.max(...ends.filter((end) => end <= HEIGHT - 16))) + 16;
  const clip = { x: 0, y: 0, width: WIDTH, height };
  const { byteLength } = await view.screenshot({ path: `${PICTURES}${name}.png`, clip });
  console.log(`${PICTURES}${name}.png: ${Math.ceil(byteLength / 1000)} kB.`);
}
