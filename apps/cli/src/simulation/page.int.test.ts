import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { emptyTally, type FlipGroup, type Tally } from '@chancery/domain/simulation';
import { browserMissing, openBrowser } from '@chancery/testkit/browser';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reportPage } from './page.ts';

const hostile = `</td></table><script>document.title="struck"</script><img src=x onerror=alert(1)>`;
const longName = 'a-rule-of-a-very-long-name-'.repeat(8);

const group: FlipGroup = {
  asks: { before: null, after: null },
  ...{ from: 'permit', to: 'deny', capability: hostile, before: [longName], after: [hostile] },
  ...{ count: 2_000, runs: 3 },
  first: { source: 0, run: 'r1', seq: 7, position: 9, intent: null },
};
const tally: Tally = {
  ...emptyTally,
  ...{ runs: 3, flippedRuns: 3, groups: new Map([['one', group]]) },
  counts: { ...emptyTally.counts, flipped: 2_000 },
};

const absent = browserMissing === undefined ? '' : ` (left out: ${browserMissing})`;

describe.skipIf(browserMissing !== undefined)(`the page of a report, in a browser${absent}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'chancery-report-'));
  const url = pathToFileURL(join(folder, 'report.html')).href;
  const asked: string[] = [];
  const said: string[] = [];
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    const report = { trials: [], sources: [hostile], sinceMs: 0, tally, command: 'chancery' };
    writeFileSync(join(folder, 'report.html'), reportPage({ ...report, own: 0 }));
    browser = await openBrowser();
    page = await browser.newPage();
    page.on('request', (request) => asked.push(request.url()));
    page.on('console', (message) => said.push(message.text()));
    page.on('pageerror', (error) => said.push(error.message));
    page.on('dialog', (dialog) => void dialog.dismiss().then(() => said.push('a dialog')));
    await page.goto(url);
  });

  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true });
  });

  it('shows what a ledger holds as it stands there, runs none of it and asks nobody', async () => {
    const row = page.getByRole('row', { name: 'permit → deny' });
    expect((await row.getByRole('cell').allInnerTexts()).slice(0, 5)).toEqual([
      hostile,
      longName,
      hostile,
      '2,000',
      '3',
    ]);
    expect(await page.title()).toBe('What a policy would have decided');
    expect([said, asked]).toEqual([[], [url]]);
  });

  it('tells its tables by their captions and heads', async () => {
    const tables = page.getByRole('table');
    expect(await tables.count()).toBe(2);
    expect(await tables.first().locator('caption').innerText()).toContain('Decisions that would');
    expect(await page.getByRole('columnheader').count()).toBe(10);
    expect(await page.getByRole('rowheader').count()).toBe(8);
  });

  it.each([320, 1_280])('fits a window of %i pixels', async (width) => {
    await page.setViewportSize({ width, height: 700 });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
  });
});
