import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  answering,
  opensslMissing,
  replyTo,
  startTimeServer,
  timePki,
  type Pki,
  type TimeServer,
} from '@chancery/testkit/timestamp-authority';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Stand } from '../cli-fixture.ts';

const title = `a timestamp${opensslMissing === undefined ? '' : `: left out, ${opensslMissing}`}`;

describe.skipIf(opensslMissing !== undefined)(title, () => {
  let stand: Stand;
  let pki: Pki;
  let server: TimeServer;
  let ca: string;
  let kept: string;

  beforeAll(async () => {
    pki = timePki();
    ca = pki.path('root.pem');
    server = await startTimeServer(answering((query) => replyTo(pki, query, { signer: 'tsa' })));
    stand = new Stand();
    await stand.init();
    kept = join(stand.folder, 'kept.timestamp');
  });

  afterAll(async () => {
    stand.remove();
    await server.close();
    pki.dispose();
  });

  const requested = (...more: readonly string[]): string[] => [
    ...['timestamp', 'request', '--authority', server.url, '--ca', ca, ...more],
  ];
  const verified = (file: string, ...more: readonly string[]): string[] => [
    ...['timestamp', 'verify', file, '--ca', ca, ...more],
  ];

  it('is requested, checked and kept, and can be verified without the authority', async () => {
    const made = await stand.json(requested('--out', kept));
    const [line] = made.lines;
    expect(line).toMatchObject({
      ...{ type: 'timestamp', file: kept, accuracyMs: 1_501 },
      authority: 'O=Chancery tests, CN=tsa',
    });
    expect(statSync(kept).mode & 0o777).toBe(0o600);
    const [checkpoint] = (await stand.json(['checkpoint'])).lines;
    expect(readFileSync(kept, 'utf8')).toContain(`\n\n${String(checkpoint?.['note'])}`);
    expect((await stand.json(verified(kept))).lines).toEqual([line]);
  });

  it('is kept in the home where no other place is named', async () => {
    const [line] = (await stand.json(requested())).lines;
    const file = String(line?.['file']);
    expect(file).toMatch(/home\/timestamps\/0{11}\d-\d{8}T\d{6}Z-[0-9a-f]+\.timestamp$/);
    const shown = await stand.run(verified(file));
    expect({ exit: shown.exit, stdout: shown.stdout }).toEqual({
      exit: 0,
      stdout: expect.stringMatching(
        /^Attested +\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC, give or take 2 s\nBy +O=Chancery tests, CN=tsa\n/,
      ) as string,
    });
  });

  it('can be taken apart and checked by OpenSSL alone', () => {
    const [head = '', ...note] = readFileSync(kept, 'utf8').split('\n\n');
    const reply = Buffer.from(/^reply (.*)$/m.exec(head)?.[1] ?? '', 'base64');
    writeFileSync(pki.path('kept.tsr'), reply);
    writeFileSync(pki.path('kept.note'), note.join('\n\n'));
    const said = pki.run(['ts', '-verify', '-in', 'kept.tsr', '-data', 'kept.note', '-CAfile', ca]);
    expect(said).toContain('Verification: OK');
  });

  it('is of one checkpoint, and of no other', async () => {
    const same = join(stand.folder, 'same.checkpoint');
    writeFileSync(same, readFileSync(kept, 'utf8').split('\n\n').slice(1).join('\n\n'));
    expect((await stand.run(verified(kept, '--checkpoint', same))).exit).toBe(0);
    const other = join(stand.folder, 'other.checkpoint');
    writeFileSync(other, 'another\n');
    expect(await refusalOf(verified(kept, '--checkpoint', other))).toEqual([
      'timestamp.mismatch',
      7,
    ]);
  });

  it('is verified alone, where there is no ledger and no home', async () => {
    const [same, other] = ['alone', 'others'].map((name) => join(stand.folder, name));
    const note = readFileSync(kept, 'utf8').split('\n\n').slice(1).join('\n\n');
    writeFileSync(same ?? '', note);
    writeFileSync(other ?? '', note.replace(/\n\d+\n/, '\n1\n'));
    const nowhere = { CHANCERY_HOME: join(stand.folder, 'nowhere') };
    const alone = (...more: readonly string[]) =>
      stand.json(verified(kept, '--alone', ...more), nowhere);
    const whole = await stand.json(verified(kept));
    expect(await alone('--checkpoint', same ?? '')).toEqual(whole);
    expect(statSync(nowhere.CHANCERY_HOME, { throwIfNoEntry: false })).toBeUndefined();
    const refused = async (...more: readonly string[]) => (await alone(...more)).lines[0]?.['code'];
    expect(await refused('--checkpoint', other ?? '')).toBe('timestamp.mismatch');
    expect(await refused()).toBe('usage.invalid');
    expect((await stand.json(verified(kept), nowhere)).exit).not.toBe(0);
  });

  it('is refused with another checkpoint put into its file', async () => {
    const forged = join(stand.folder, 'forged.timestamp');
    writeFileSync(forged, readFileSync(kept, 'utf8').replace(/\n(\d+)\n/, '\n1$1\n'));
    expect(await refusalOf(verified(forged))).toEqual(['timestamp.mismatch', 7]);
    writeFileSync(forged, readFileSync(kept, 'utf8').replace('reply MII', 'reply MIJ'));
    expect(await refusalOf(verified(forged))).toEqual(['timestamp.invalid', 7]);
  });

  it('is not taken for one of another ledger', async () => {
    const other = new Stand();
    await other.found();
    const { exit, lines } = await other.json(verified(kept));
    expect([lines.at(-1)?.['code'], exit]).toEqual(['checkpoint.invalid', 7]);
    other.remove();
  });

  it('is not believed by who trusts another authority', async () => {
    const other = timePki();
    const trusting = ['--ca', other.path('root.pem')];
    const verifying = ['timestamp', 'verify', kept, ...trusting];
    expect(await refusalOf(verifying)).toEqual(['timestamp.untrusted', 7]);
    const out = join(stand.folder, 'none.timestamp');
    const asking = ['timestamp', 'request', '--authority', server.url, ...trusting, '--out', out];
    expect(await refusalOf(asking)).toEqual(['timestamp.untrusted', 7]);
    expect(statSync(out, { throwIfNoEntry: false })).toBeUndefined();
    other.dispose();
  });

  it('goes along with an export, and is judged where that is imported', async () => {
    const [timed, part] = ['timed', 'part'].map((name) => join(stand.folder, name)) as [
      string,
      string,
    ];
    const exporting = (to: string, ...more: readonly string[]) =>
      stand.json(['export', '--timestamp', kept, '--to', to, ...more]);
    await stand.json(['halt', '--reason', 'so that it grows']);
    await stand.json(['checkpoint']);
    expect((await exporting(timed)).lines).toMatchObject([{ type: 'export', timestamps: 1 }]);
    const copied = { CHANCERY_HOME: join(stand.folder, 'copied') };
    const importing = (...more: readonly string[]) =>
      stand.json(['import', timed, ...more], copied);
    const [trusting] = (await importing('--ca', ca, '--dry-run')).lines;
    const [time] = (await stand.json(verified(kept))).lines;
    const attested = Object.entries(time ?? {}).filter(
      ([name]) => name !== 'type' && name !== 'file',
    );
    expect(attested.length).toBeGreaterThan(1);
    const times = [Object.fromEntries(attested)];
    expect(trusting).toMatchObject({ times, unjudgedTimestamps: 0 });
    const other = timePki();
    const refused = await importing('--ca', other.path('root.pem'));
    other.dispose();
    expect([refused.exit, refused.lines.at(-1)?.['code']]).toEqual([7, 'timestamp.untrusted']);
    expect(statSync(copied.CHANCERY_HOME, { throwIfNoEntry: false })).toBeUndefined();
    const dry = await importing('--dry-run');
    expect([dry.exit, dry.lines]).toEqual([
      1,
      [expect.objectContaining({ type: 'error', code: 'timestamp.unjudged' })],
    ]);
    const said = await stand.run(['import', timed, '--dry-run'], copied);
    expect(said.stdout + said.stderr).not.toMatch(/^verified/m);
    expect(statSync(copied.CHANCERY_HOME, { throwIfNoEntry: false })).toBeUndefined();
    expect((await importing()).lines).toMatchObject([{ times: [], unjudgedTimestamps: 1 }]);
    const shown = await stand.run(['import', timed, '--ca', ca], copied);
    expect(shown.stdout).toMatch(/^the first \d+ entries existed by \d{4}-.*, says O=Chancery/m);
    const partial = await exporting(part, '--stream', 'ledger');
    expect([partial.exit, partial.lines.at(-1)?.['code']]).toEqual([7, 'timestamp.mismatch']);
    await stand.json(['clear']);
  });

  it('is asked for rightly, or not at all', async () => {
    const usage = ['usage.invalid', 2];
    expect(await refusalOf(requested('--out', kept))).toEqual(usage);
    expect(await refusalOf(['timestamp'])).toEqual(usage);
    expect(await refusalOf(['timestamp', 'verify', kept])).toEqual(usage);
    expect(await refusalOf(['timestamp', 'verify', kept, '--ca', kept])).toEqual(usage);
    expect(await refusalOf(verified(join(stand.folder, 'nothing')))).toEqual(usage);
    const nowhere = ['timestamp', 'request', '--authority', 'ldap://x', '--ca', ca];
    expect(await refusalOf(nowhere)).toEqual(usage);
  });

  it('is not had of an authority that does not answer', async () => {
    const gone = await startTimeServer(() => undefined);
    await gone.close();
    const asking = ['timestamp', 'request', '--authority', gone.url, '--ca', ca];
    expect(await refusalOf(asking)).toEqual(['timestamp.unreachable', 1]);
  });

  it('that the authority refuses is told with its reason', async () => {
    const refusing = await startTimeServer(
      answering((query) => replyTo(pki, query, { signer: 'tsa', imprints: 'sha512' })),
    );
    const asking = ['timestamp', 'request', '--authority', refusing.url, '--ca', ca];
    expect(await refusalOf(asking)).toEqual(['timestamp.refused', 1]);
    await refusing.close();
  });

  it('of a ledger that was cut off since is a mismatch', async () => {
    const cut = new Stand();
    await cut.init();
    const file = join(cut.folder, 'long.timestamp');
    await cut.json(['halt', '--reason', 'a while']);
    expect((await cut.json(requested('--out', file))).exit).toBe(0);
    cut.edit('DELETE FROM entries WHERE position = (SELECT max(position) FROM entries)');
    const { exit, lines } = await cut.json(verified(file));
    expect([lines.at(-1)?.['code'], exit]).toEqual(['checkpoint.mismatch', 7]);
    cut.remove();
  });

  async function refusalOf(words: readonly string[]): Promise<unknown> {
    const { exit, lines } = await stand.json(words);
    return [lines.at(-1)?.['code'], exit];
  }
});
