import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

/** Chromium as Debian and others install it; no page is tested where there is none. */
const program = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  (file) => existsSync(file),
);

/** Why no page can be tested here, for the title of what is left out; undefined where it can. */
export const browserMissing = program === undefined ? 'no Chromium is installed' : undefined;

/** Starts a browser. @throws {Error} where there is none. */
export function openBrowser(): Promise<Browser> {
  if (program === undefined) throw new Error('no Chromium is installed');
  return chromium.launch({ executablePath: program, args: ['--no-sandbox'] });
}
