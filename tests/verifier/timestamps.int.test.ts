import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { formatTimestampFile, timeRequest, type TimestampFile } from '@chancery/kernel/timestamp';
import { browserMissing, openBrowser } from '@chancery/testkit/browser';
import { exportOf, ledgerFixture, trustRuntime, writeRun } from '@chancery/testkit/builders';
import {
  issueTime,
  opensslMissing,
  replyTo,
  timePki,
  type Pki,
} from '@chancery/testkit/timestamp-authority';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { build, runIn, type Built, type Ended } from './built.ts';

const signers = ['p256', 'p384', 'rsa'] as const;
const title = `evidence with timestamps${opensslMissing === undefined ? '' : `: left out, ${opensslMissing}`}`;
const fixture = ledgerFixture();
trustRuntime(fixture);
writeRun(fixture);
const { ledger } = fixture;
const streams = ['ledger', 'run:r1'];
const size = fixture.recorder.entries.length;
const note = (
  JSON.parse(exportOf(fixture)[0] ?? '') as { readonly export: { readonly checkpoint: string } }
).export.checkpoint;

describe.skipIf(opensslMissing !== undefined)(title, () => {
  let built: Built;
  let pki: Pki;
  const timestamps = new Map<string, TimestampFile>();

  beforeAll(async () => {
    built = await build();
    pki = timePki();
    pki.issue({ name: 'other', extensions: ['basicConstraints=critical,CA:true'] });
    for (const key of signers) {
      issueTime(pki, { name: key, key });
      const query = timeRequest(new TextEncoder().encode(note), Uint8Array.of(0x40, 1));
      const reply = replyTo(pki, query, { signer: key, hash: 'sha384' });
      timestamps.set(key, { checkpoint: note, reply });
    }
  });

  afterAll(() => {
    built.remove();
    pki.dispose();
  });

  function timestampOf(signer: string): TimestampFile {
    const found = timestamps.get(signer);
    if (found === undefined) throw new Error(`there is no timestamp by ${signer}`);
    return found;
  }

  function fileOf(name: string, text: string): string {
    const file = path.join(built.folder, name);
    writeFileSync(file, text);
    return file;
  }

  /** An export that carries the timestamp of this signer. */
  function carrying(signer: string, change: Partial<TimestampFile> = {}): string {
    const manifest = { timestamps: [{ ...timestampOf(signer), ...change }] };
    return fileOf(`${signer}.export`, exportOf(fixture, { manifest }).join(''));
  }

  const damaged = (): Partial<TimestampFile> => {
    const { reply } = timestampOf('rsa');
    return { reply: reply.with(reply.length - 1, (reply.at(-1) ?? 0) ^ 1) };
  };

  const verify = (file: string, ...more: readonly string[]): Promise<Ended> =>
    runIn(built.folder, built.program, [file, '--ledger', ledger, ...more]);
  const ca = (name = 'root'): readonly string[] => ['--ca', pki.path(`${name}.pem`)];

  it.each(signers)('are verified by the program, signed with a key of kind %s', async (signer) => {
    const { exit, stdout } = await verify(carrying(signer), ...ca(), '--json');
    expect(exit).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      ok: true,
      times: [{ size, accuracyMs: 1_501, authority: `O=Chancery tests, CN=${signer}` }],
      refusals: [],
    });
    const told = await verify(carrying(signer), ...ca());
    expect(told.stdout).toMatch(
      new RegExp(`^the first ${size} entries existed by 20.*Z, give or take 1501 ms, says O`, 'm'),
    );
  });

  it('are not called verified by who trusts no authority, and not called false', async () => {
    const { exit, stdout } = await verify(carrying('p256'));
    expect(exit).toBe(1);
    expect(stdout).toContain('unknown timestamp.unjudged');
    expect(stdout).toContain('NOT verified');
    const { stdout: line } = await verify(carrying('p256'), '--json');
    expect(JSON.parse(line)).toMatchObject({
      ok: false,
      times: [],
      findings: [],
      refusals: [{ code: 'timestamp.unjudged' }],
    });
  });

  it('are not believed that are damaged, of others, or below another authority', async () => {
    const { reply, checkpoint } = timestampOf('rsa');
    const other = { checkpoint: checkpoint.replace(/\n— .*\n$/, '\n'), reply };
    const cases: readonly (readonly [string, Partial<TimestampFile>, readonly string[]])[] = [
      ['tampered timestamp.invalid', damaged(), ca()],
      ['tampered timestamp.invalid', damaged(), []],
      ['tampered timestamp.untrusted', {}, ca('other')],
      ['export.invalid', other, ca()],
    ];
    for (const [code, change, more] of cases) {
      const { exit, stdout, stderr } = await verify(carrying('rsa', change), ...more);
      expect([code, exit, stdout + stderr]).toEqual([code, 7, expect.stringContaining(code)]);
    }
  });

  it('may be kept beside an export or a part of it', async () => {
    const kept = fileOf('kept.timestamp', formatTimestampFile(timestampOf('p384')));
    const whole = fileOf('whole.export', exportOf(fixture).join(''));
    const partial = fileOf('partial.export', exportOf(fixture, { streams }).join(''));
    for (const file of [whole, partial]) {
      const { exit, stdout } = await verify(file, ...ca(), '--timestamp', kept, '--json');
      expect({ exit, verdict: JSON.parse(stdout) as unknown }).toMatchObject({
        exit: 0,
        verdict: { ok: true, times: [{ size }] },
      });
      const unjudged = await verify(file, '--timestamp', kept);
      expect(unjudged.exit).toBe(1);
      expect(unjudged.stdout + unjudged.stderr).toContain('timestamp.unjudged');
    }
  });

  it('are refused that are none, of another ledger, or beside a proof', async () => {
    const whole = fileOf('whole.export', exportOf(fixture).join(''));
    const text = formatTimestampFile(timestampOf('p384'));
    const none = await verify(whole, ...ca(), '--timestamp', fileOf('none', 'now'));
    expect([none.exit, none.stderr]).toEqual([7, expect.stringContaining('timestamp.invalid')]);
    const foreign = fileOf('foreign', text.replace(ledger, ledger.replaceAll(/./g, '0')));
    const { exit, stdout } = await verify(whole, ...ca(), '--timestamp', foreign);
    expect([exit, stdout]).toEqual([7, expect.stringContaining('timestamp.mismatch')]);
    const proof = fileOf('proof', 'c2sp.org/tlog-proof@v1\n');
    const beside = await verify(proof, '--timestamp', fileOf('kept.timestamp', text));
    expect([beside.exit, beside.stderr]).toEqual([2, expect.stringContaining('not with a proof')]);
    const cas = await verify(whole, '--ca', fileOf('no.pem', 'x'));
    expect([cas.exit, cas.stderr]).toEqual([2, expect.stringContaining('no certificate in it')]);
  });

  describe.skipIf(browserMissing !== undefined)('on the page, in a browser', () => {
    let browser: Browser;
    let page: Page;
    beforeAll(async () => {
      browser = await openBrowser();
      page = await browser.newPage();
      page.setDefaultTimeout(15_000);
    });
    afterAll(() => browser.close());

    async function shown(files: readonly string[], pem: string) {
      await page.goto(pathToFileURL(built.page).href);
      await page.fill('#ledger', ledger);
      await page.fill('#authorities', pem);
      await page.setInputFiles('#file', [...files]);
      const verdict = page.locator('#verdict:not([hidden])');
      await verdict.waitFor();
      return [await verdict.getAttribute('data-state'), await verdict.innerText()];
    }

    it.each(signers)('are verified by the same code, with a key of kind %s', async (signer) => {
      const file = carrying(signer);
      const { stdout } = await verify(file, ...ca());
      const [state, text] = await shown([file], pki.pem('root'));
      expect(state).toBe('good');
      for (const line of stdout.trim().split('\n')) expect(text).toContain(line.trim());
      expect(text).toContain(`says O=Chancery tests, CN=${signer}`);
    });

    it('are told as not judged, as false, and as kept', async () => {
      expect(await shown([carrying('rsa')], '')).toEqual([
        'bad',
        expect.stringContaining('timestamp.unjudged'),
      ]);
      expect(await shown([carrying('rsa', damaged())], pki.pem('root'))).toEqual([
        'bad',
        expect.stringContaining('timestamp.invalid'),
      ]);
      const kept = fileOf('kept.timestamp', formatTimestampFile(timestampOf('rsa')));
      const whole = fileOf('whole.export', exportOf(fixture).join(''));
      expect(await shown([whole, kept], pki.pem('root'))).toEqual([
        'good',
        expect.stringContaining('entries existed by'),
      ]);
    });
  });
});
