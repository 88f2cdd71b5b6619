import { existsSync } from 'node:fs';
import { chromium, type Browser, type Page } from 'playwright-core';

const USUAL = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** A Chromium on this machine; CLAWTRACE_BROWSER names another one, which must be there. */
export const browserPath: string | undefined = process.env.CLAWTRACE_BROWSER ?? USUAL.find((path) => existsSync(path));

if (!browserPath) console.warn('No Chromium here: tests in a browser are left out. CLAWTRACE_BROWSER=PATH names one.');

/** A browser that asks the network for nothing of its own. */
export const openBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: browserPath!,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });

export interface Visit {
  readonly page: Page;
  /** Errors and warnings of the page, and every address that it asked for. */
  readonly complaints: string[];
  readonly requests: string[];
}

/** Opens an address, and listens from the first moment on. */
export async function visit(
  browser: Browser,
  address: string,
  options: Parameters<Browser['newPage']>[0] = {},
): Promise<Visit> {
  const page = await browser.newPage(options);
  const complaints: string[] = [];
  const requests: string[] = [];
  page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => requests.push(request.url()));
  await page.goto(address);
  return { page, complaints, requests };
}
