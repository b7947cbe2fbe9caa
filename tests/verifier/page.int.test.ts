import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  formatProofFile,
  ledgerVerifier,
  proveInclusion,
  verifierKeyText,
} from '@chancery/kernel/tree';
import { browserMissing, openBrowser } from '@chancery/testkit/browser';
import {
  exportOf,
  ledgerFixture,
  nodesOf,
  runtimeSigner,
  trustRuntime,
  valueOf,
  writeRun,
} from '@chancery/testkit/builders';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { build, runIn, type Built } from './built.ts';

let built: Built;
let browser: Browser;
let page: Page;
/** Everything that the page tried to fetch. */
const asked: string[] = [];

const fixture = ledgerFixture();
trustRuntime(fixture);
writeRun(fixture);
const { ledger } = fixture;
const whole = exportOf(fixture).join('');
const partial = exportOf(fixture, { streams: ['ledger', 'run:r1'] }).join('');

function fileOf(name: string, text: string): string {
  const file = path.join(built.folder, name);
  writeFileSync(file, text);
  return file;
}

/** What the page says of a file that somebody chooses. */
async function shown(file: string, pinned = ledger): Promise<{ state: string; text: string }> {
  await page.goto(pathToFileURL(built.page).href);
  await page.fill('#ledger', pinned);
  await page.setInputFiles('#file', file);
  const verdict = page.locator('#verdict:not([hidden])');
  await verdict.waitFor();
  const state = (await verdict.getAttribute('data-state')) ?? '';
  return { state, text: await verdict.innerText() };
}

const absent = browserMissing === undefined ? '' : ` (left out: ${browserMissing})`;

describe.skipIf(browserMissing !== undefined)(`the page, in a browser${absent}`, () => {
  beforeAll(async () => {
    built = await build();
    browser = await openBrowser();
    page = await browser.newPage();
    page.setDefaultTimeout(15_000);
    page.on('request', (request) => asked.push(request.url()));
  });

  afterAll(async () => {
    await browser.close();
    built.remove();
  });

  it('verifies the export of a whole ledger as the program does', async () => {
    const file = fileOf('whole.export', whole);
    const told = await shown(file);
    expect(told.state).toBe('good');
    const { exit, stdout } = await runIn(built.folder, built.program, [file, '--ledger', ledger]);
    expect(exit).toBe(0);
    for (const line of stdout.trim().split('\n')) expect(told.text).toContain(line.trim());
  });

  it('verifies the export of some streams', async () => {
    const { state, text } = await shown(fileOf('partial.export', partial));
    expect(state).toBe('good');
    expect(text).toContain('whole run:r1');
  });

  it('takes a file that is dropped on it', async () => {
    await page.goto(pathToFileURL(built.page).href);
    await page.fill('#ledger', ledger);
    const transfer = await page.evaluateHandle(`(() => {
      const carried = new DataTransfer();
      carried.items.add(new File([${JSON.stringify(whole)}], 'dropped.export'));
      return carried;
    })()`);
    await page.dispatchEvent('body', 'drop', { dataTransfer: transfer });
    await page.locator('#verdict h2.good').waitFor();
    expect(await page.locator('#verdict').innerText()).toContain('dropped.export');
  });

  it('compares it with what an anchor keeps, which is dropped after it', async () => {
    const longer = ledgerFixture();
    trustRuntime(longer);
    writeRun(longer);
    writeRun(longer, 'r2');
    const [first = ''] = exportOf(longer);
    const signed = JSON.parse(first) as { readonly export: { readonly checkpoint: string } };
    const anchor = fileOf('anchor', signed.export.checkpoint);
    expect((await shown(fileOf('whole.export', whole))).state).toBe('good');
    await page.setInputFiles('#file', anchor);
    await page.locator('#verdict h2.bad').waitFor();
    expect(await page.locator('#verdict').innerText()).toContain('the end was cut off');
  });

  describe('takes a proof', () => {
    const digests = fixture.recorder.entries.map(({ digest }) => digest);
    const [first] = fixture.recorder.entries;
    const manifest: unknown = JSON.parse(whole.split('\n')[0] ?? '');
    const { checkpoint: note } = (manifest as { readonly export: { readonly checkpoint: string } })
      .export;
    const { index, path: way } = valueOf(proveInclusion(nodesOf(digests), 0, digests.length));
    const proof = formatProofFile({ index, path: way, checkpoint: note });
    const key = verifierKeyText(ledgerVerifier(ledger, runtimeSigner.id));
    const shownOf = async (text: string, entry: string) => {
      await page.goto(pathToFileURL(built.page).href);
      await page.fill('#ledger', ledger);
      await page.fill('#keys', key);
      const files = [fileOf('founding.tlog-proof', text), fileOf('entry', entry)];
      await page.setInputFiles('#file', files);
      await page.locator('#verdict:not([hidden])').waitFor();
      return page.locator('#verdict').innerText();
    };

    it('and the entry that it is about, and shows what it has proved', async () => {
      const text = await shownOf(proof, `${first?.text ?? ''}\n`);
      expect(text).toContain('Verified');
      expect(text).toContain('entry 0 of ledger is in the ledger, at position 0');
    });

    it('and does not believe it of another entry', async () => {
      const text = await shownOf(proof, fixture.recorder.entries[1]?.text ?? '');
      expect(text).toContain('Not verified');
      expect(text).toContain('proof.invalid');
    });

    it('and not without the key of the log', async () => {
      const { state, text } = await shown(fileOf('founding.tlog-proof', proof));
      expect(state).toBe('bad');
      expect(text).toContain('the key of the log is missing');
    });
  });

  it.each([
    ['a byte that was changed', whole.replace('"at":2', '"at":3')],
    ['an end that is missing', whole.slice(0, -200)],
    ['a file of another kind', '<script>alert(1)</script>\n'],
    ['no file at all', ''],
  ])('does not believe %s', async (name, text) => {
    const told = await shown(fileOf(`${name.replaceAll(' ', '-')}.export`, text));
    expect(told.state).toBe('bad');
    expect(told.text).toMatch(/export\.|tampered/);
  });

  it('does not believe another ledger than the pinned one', async () => {
    const other = ledger.replace(/^./, (digit) => (digit === '0' ? '1' : '0'));
    const told = await shown(fileOf('whole.export', whole), other);
    expect(told.state).toBe('bad');
    expect(told.text).toContain('ledger.foreign');
  });

  it('has asked for nothing but itself, and may not', async () => {
    expect([...new Set(asked)]).toEqual([pathToFileURL(built.page).href]);
    const refusedBy = page.evaluate(() =>
      fetch('http://127.0.0.1:9/').then(
        () => 'fetched',
        (error: unknown) => String(error),
      ),
    );
    expect(await refusedBy).toContain('Failed to fetch');
  });
});
