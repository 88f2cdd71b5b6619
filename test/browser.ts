import type { Browser, Page } from 'playwright-core';
import { browserPath, openBrowser } from '../notebooks/site/browser.mjs';

export { browserPath, openBrowser };

const NO_BROWSER = 'No Chromium here: tests in a browser are left out. CLAWTRACE_BROWSER=PATH names one.';
if (!browserPath && process.env.CI) throw new Error(NO_BROWSER);
if (!browserPath) console.warn(NO_BROWSER);

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
