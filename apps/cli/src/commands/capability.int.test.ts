import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Manifest } from '@chancery/kernel/manifest';
import { startFakeGithub, type FakeGithub } from '@chancery/testkit/fake-services';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Stand, type JsonLine } from '../cli-fixture.ts';

const token = 'ghp_0123456789abcdefghijABCDEFGHIJ012345';

let stand: Stand;
let github: FakeGithub;
let files = 0;

beforeAll(async () => {
  github = await startFakeGithub(token);
  stand = new Stand();
  stand.makeRepo();
  await stand.init();
  await stand.run(['vault', 'init']);
  const { host } = new URL(github.base);
  const kept = await stand.run(['vault', 'set', 'github', '--host', host], {}, token);
  expect(kept.exit).toBe(0);
});

afterEach(async () => {
  const { exit, stdout, stderr } = await stand.run(['verify']);
  expect({ exit, stdout, stderr }).toMatchObject({ exit: 0 });
});

afterAll(async () => {
  await github.stop();
  stand.remove();
});

interface Entry {
  readonly kind: string;
  readonly body: Readonly<Record<string, unknown>>;
}

const entriesOf = (lines: readonly JsonLine[], kind: string): readonly Entry['body'][] =>
  lines
    .filter(({ type }) => type === 'entry')
    .map(({ entry }) => entry as Entry)
    .filter((entry) => entry.kind === kind)
    .map(({ body }) => body);

/** A shipped manifest for the fake, in a file; of another version or name where one is given. */
async function fileOf(like: string, change: Partial<Manifest> = {}): Promise<string> {
  files += 1;
  const file = join(stand.folder, `manifest-${files}.json`);
  expect((await stand.run(['capability', 'new', file, '--like', like])).exit).toBe(0);
  const text = readFileSync(file, 'utf8').replaceAll('https://api.github.com', github.base);
  writeFileSync(file, JSON.stringify({ ...(JSON.parse(text) as Manifest), ...change }));
  return file;
}

async function declared(like: string, change: Partial<Manifest> = {}): Promise<JsonLine> {
  const { exit, lines } = await stand.json(['capability', 'declare', await fileOf(like, change)]);
  expect(exit).toBe(0);
  return lines.at(-1) ?? { type: 'none' };
}

const pull = (head: string) => ({
  ...{ owner: 'ours', repo: 'shop', head, base: 'main' },
  ...{ title: `Add ${head}`, body: 'It is "needed".', secrets: ['authorization=vault:github'] },
});

function proposing(name: string, args: object, ...flags: readonly string[]) {
  const model = stand.script({ calls: [{ name, args }] }, { say: 'Done.' });
  const words = ['run', 'Open it', '--repo', stand.repo, '--model', model];
  return stand.json([...words, '--unlock-vault', '--no-wait', ...flags]);
}

const runIn = (lines: readonly JsonLine[]): string => String(lines.at(-1)?.['run']);

async function approved(run: string): Promise<readonly JsonLine[]> {
  expect((await stand.run(['approve', run, '--yes'])).exit).toBe(0);
  return (await stand.json(['resume', run, '--no-wait'])).lines;
}

const name = 'github.pull-request';
const allowed = ['--allow-capability', name];

async function codeOf(words: readonly string[]): Promise<string> {
  const { exit, lines } = await stand.json(words);
  return `${exit} ${String(lines.at(-1)?.['code'])}`;
}

describe('a pull request by a declared manifest', () => {
  let first: JsonLine;

  beforeAll(async () => {
    first = await declared(name);
  });

  it('is offered to no run that was not given it', async () => {
    const { lines } = await proposing(name, pull('a'));
    expect(entriesOf(lines, 'proposal.rejected')[0]?.['refusal']).toMatchObject({
      code: 'capability.unknown',
    });
    const undo = await proposing(`${name}.undo`, {}, ...allowed);
    expect(entriesOf(undo.lines, 'proposal.rejected')[0]?.['refusal']).toMatchObject({
      code: 'capability.unknown',
    });
  });

  it('waits for a human, is opened once, and is closed by a rollback', async () => {
    const held = await proposing(name, pull('feature'), ...allowed);
    expect(held.exit).toBe(4);
    expect(github.pulls).toEqual([]);
    const run = runIn(held.lines);
    const lines = await approved(run);
    const [commit] = entriesOf(lines, 'commit');
    const url = 'https://github.com/ours/shop/pull/1';
    expect(commit).toMatchObject({ observation: { inline: { number: 1, url, state: 'open' } } });
    expect(github.pulls).toMatchObject([
      { title: 'Add feature', head: { ref: 'feature' }, base: { ref: 'main' }, state: 'open' },
    ]);
    const begun = await stand.json(['rollback', run, '--to', 'start', '--yes', '--no-wait']);
    expect(begun.exit).toBe(4);
    expect(github.pulls[0]?.state).toBe('open');
    const undone = await approved(runIn(begun.lines));
    expect(entriesOf(undone, 'compensation.finished')).toMatchObject([{ done: 1, left: 0 }]);
    expect(github.pulls[0]?.state).toBe('closed');
    const shown = [held.lines, lines, begun.lines, undone].map((each) => JSON.stringify(each));
    expect(shown.join()).not.toContain(token);
  });

  it('is refused a run that pinned another manifest of the name', async () => {
    const held = await proposing(name, pull('old'), ...allowed);
    await declared(name, { version: '1.0.1' });
    const asked = github.asked.length;
    const lines = await approved(runIn(held.lines));
    expect(entriesOf(lines, 'proposal.rejected')[0]?.['refusal']).toMatchObject({
      code: 'capability.changed',
    });
    expect(github.asked.length).toBe(asked);
  });

  it('opens no network to commands, also when the run is taken up again', async () => {
    const model = stand.script(
      { calls: [{ name, args: pull('alone') }] },
      { calls: [{ name: 'shell.run', args: { command: 'true', network: ['example.org'] } }] },
      { say: 'Done.' },
    );
    const words = ['run', 'Open it', '--repo', stand.repo, '--model', model, '--unlock-vault'];
    const held = await stand.json([...words, '--no-wait', ...allowed]);
    expect(held.exit).toBe(4);
    const lines = await approved(runIn(held.lines));
    expect(entriesOf(lines, 'proposal.rejected')).toMatchObject([
      { refusal: { code: 'writ.out-of-scope' } },
    ]);
  });

  it('is lent no secret that is for another host', async () => {
    const other = ['vault', 'set', 'other', '--host', 'example.org'];
    expect((await stand.run(other, {}, token)).exit).toBe(0);
    const args = { ...pull('elsewhere'), secrets: ['authorization=vault:other'] };
    const before = github.pulls.length;
    const { lines } = await proposing(name, args, '--allow-capability', name);
    expect(entriesOf(lines, 'proposal.rejected')).toMatchObject([
      { refusal: { code: 'vault.other-host' } },
    ]);
    expect(github.pulls.length).toBe(before);
  });

  it('is not granted by a writ that pins another manifest', async () => {
    const pinned = async (digest: unknown): Promise<string> => {
      files += 1;
      const file = join(stand.folder, `pin-${files}.writ`);
      const grant = `${name} manifest in ${String(digest)}`;
      const words = ['writ', 'issue', file, '--grant', grant, '--children', '4', '--depth', '1'];
      const effects = ['--effect', 'read,write,external', '--budget', '1000000bytes'];
      const { exit, stderr } = await stand.run([...words, ...effects]);
      expect({ exit, stderr }).toMatchObject({ exit: 0 });
      return file;
    };
    const current = await declared(name, { version: '1.0.2' });
    const [writ, later] = [await pinned(current['manifest']), await pinned(current['manifest'])];
    const held = await proposing(name, pull('pinned'), '--writ', writ);
    expect(held.exit).toBe(4);
    await declared(name, { version: '1.0.3' });
    const { lines } = await proposing(name, pull('pinned'), '--writ', later);
    expect(entriesOf(lines, 'proposal.rejected')[0]?.['refusal']).toMatchObject({
      code: 'writ.out-of-scope',
    });
    const grant = ['--grant', `${name} manifest in ${String(first['manifest'])}`];
    expect(await codeOf(['writ', 'issue', join(stand.folder, 'x.writ'), ...grant])).toBe(
      '2 usage.invalid',
    );
  });

  it('is denied by a policy that pins another manifest', async () => {
    const { manifest } = await declared(name, { version: '1.0.4' });
    const file = join(stand.folder, 'pin.cedar');
    writeFileSync(
      file,
      `@id("permit-all") permit (principal, action, resource);
       @id("pinned") @advice("Use the manifest that was looked at.")
       forbid (principal, action, resource == Capability::"${name}")
       unless { resource has manifest && resource.manifest == "${String(manifest)}" };`,
    );
    const words = ['policy', 'activate', file, '--name', 'pin', '--level', 'organisation', '--yes'];
    const { exit, stderr } = await stand.run(words);
    expect({ exit, stderr }).toMatchObject({ exit: 0 });
    expect((await proposing(name, pull('policy'), ...allowed)).exit).toBe(4);
    await declared(name, { version: '1.0.5' });
    const { lines } = await proposing(name, pull('policy'), ...allowed);
    const refusal = entriesOf(lines, 'proposal.rejected')[0]?.['refusal'];
    expect(refusal).toMatchObject({ code: 'policy.denied' });
  });
});

describe('a manifest in a file', () => {
  it('is listed, shown and retired by its name', async () => {
    const told = await declared('text.count');
    const { manifest } = told;
    expect(told).toMatchObject({ type: 'capability-declared', name: 'text.count', undo: null });
    const again = await stand.json(['capability', 'declare', await fileOf('text.count')]);
    expect(again.lines.at(-1)).toMatchObject({ entry: null, manifest });
    const listed = (await stand.json(['capability', 'list'])).lines;
    expect(listed.find((each) => each['name'] === 'text.count')).toMatchObject({
      ...{ state: 'declared', manifest, executor: 'command', effect: 'write' },
    });
    const shown = await stand.json(['capability', 'show', 'text.count']);
    expect(shown.lines[0]).toMatchObject({ manifest, document: { name: 'text.count' } });
    const model = stand.script({ calls: [{ name: 'text.count', args: { file: 'a.txt' } }] });
    const words = ['run', 'Count', '--repo', stand.repo, '--model', model, '--no-wait'];
    const flags = ['--allow-capability', 'text.count'];
    const { lines } = await stand.json([...words, ...flags]);
    expect(entriesOf(lines, 'commit')[0]).toMatchObject({
      observation: { inline: { text: '1 a.txt\n' } },
    });
    expect((await stand.run(['capability', 'retire', 'text.count'])).exit).toBe(0);
    expect(await codeOf([...words, ...flags])).toBe('2 manifest.unknown');
    expect(await codeOf(['capability', 'retire', 'text.count'])).toBe('2 manifest.unknown');
    expect((await stand.run(['capability', 'list'])).stdout).toMatch(/text\.count .* retired /);
    const back = ['capability', 'declare', await fileOf('text.count')];
    expect(await codeOf(back)).toBe('2 manifest.invalid');
  });

  it('is known by its name to the questions and the warnings about policies', async () => {
    const pull = 'forge.pull-request';
    const file = join(stand.folder, 'counts.cedar');
    const rule = 'permit (principal, action, resource == Capability::"rows.count");';
    writeFileSync(file, `@id("counts")\n${rule}\n`);
    const check = ['policy', 'check', file, '--strict'];
    const explain = ['policy', 'explain', '--capability'];
    expect(await codeOf([...explain, 'rows.count'])).toBe('2 policy.invalid');
    expect(await stand.run(check)).toMatchObject({ exit: 1 });
    await declared('text.count', { name: 'rows.count' });
    expect(await stand.run(check)).toMatchObject({ exit: 0 });
    const counting = (await stand.json([...explain, 'rows.count'])).lines.at(-1);
    expect(counting).toMatchObject({
      verdict: 'permit',
      context: { effects: ['write'], hosts: [] },
    });
    await declared(name, { name: pull });
    const pulling = (await stand.json([...explain, pull])).lines.at(-1);
    expect(pulling).toMatchObject({
      verdict: 'hold',
      context: { effects: ['external'], hosts: [new URL(github.base).host] },
    });
    const undoing = (await stand.json([...explain, `${pull}.undo`])).lines.at(-1);
    expect(undoing).toMatchObject({
      context: { effects: ['external', 'irreversible'] },
    });
    // What is told goes before what is known.
    const told = [...explain, pull, '--with', '{"effect": "read"}'];
    expect((await stand.json(told)).lines.at(-1)).toMatchObject({
      context: { effects: ['read'] },
    });
    expect(await stand.run(['capability', 'retire', 'rows.count'])).toMatchObject({ exit: 0 });
    expect(await stand.run(check)).toMatchObject({ exit: 1 });
  });

  it('shows what a call would execute, and executes nothing', async () => {
    const asked = github.asked.length;
    const file = await fileOf(name);
    const args = JSON.stringify(pull('$(id);../x'));
    const { lines } = await stand.json(['capability', 'test', file, '--args', args]);
    expect(lines).toMatchObject([
      {
        ...{ type: 'capability-call', name, executor: 'http', effects: ['external'] },
        call: { method: 'POST', url: `${github.base}/repos/ours/shop/pulls` },
        asks: {
          url: `${github.base}/repos/ours/shop/pulls?head=ours%3A%24%28id%29%3B..%2Fx&base=main&state=all&sort=created&direction=desc`,
        },
      },
    ]);
    expect(github.asked.length).toBe(asked);
    const counting = ['capability', 'test', await fileOf('text.count'), '--args'];
    const shown = await stand.run([...counting, '{"file": "a b"}']);
    expect(shown.stdout).toMatch(/Program +wc\n.*1 +-l\n.*2 +--\n.*3 +a b\n/s);
    expect(await codeOf([...counting, '{"file": 3}'])).toBe('3 args.invalid');
    expect(await codeOf([...counting, '{"file": "a\\u0000"}'])).toBe('3 args.invalid');
    expect(await codeOf([...counting, '[]'])).toBe('2 usage.invalid');
    expect(await codeOf(['capability', 'test', 'nothing.here', '--args', '{}'])).toBe(
      '2 manifest.unknown',
    );
  });

  it('is looked at for what is hardly meant', async () => {
    const executor = { kind: 'command', argv: ['wc', '{file}'] };
    const file = await fileOf('text.count');
    const manifest = JSON.parse(readFileSync(file, 'utf8')) as Manifest;
    const change = { ...manifest, executor: { ...manifest.executor, ...executor } };
    writeFileSync(file, JSON.stringify(change));
    const { exit, lines } = await stand.json(['capability', 'lint', file]);
    expect({ exit, lines }).toMatchObject({
      exit: 0,
      lines: [
        { type: 'capability-warning', code: 'option-place', at: 'executor.argv' },
        { type: 'capability-linted', warnings: 1 },
      ],
    });
    const shown = await stand.run(['capability', 'lint', file]);
    expect(shown.stdout).toContain('executor.argv: "{file}" refuses values that begin with -');
    expect(shown.stdout).toMatch(/Taken back by +nothing/);
  });

  it.each<[string, (manifest: Manifest) => unknown, string]>([
    ['of a name that is built in', (one) => ({ ...one, name: 'fs.write' }), 'fs.write is built in'],
    ['with a member that is not known', (one) => ({ ...one, more: 1 }), 'malformed "more"'],
    [
      'with a schema that is none',
      (one) => ({ ...one, output: { ...one.output, minimum: 'one' } }),
      '"output" is not a usable JSON Schema',
    ],
    [
      'whose program is given a secret as what loads code',
      (one) => ({
        ...one,
        input: {
          ...one.input,
          properties: { ...(one.input['properties'] as object), secrets: { type: 'array' } },
        },
        roles: { ...one.roles, secrets: 'credential' },
        executor: { ...one.executor, credentials: ['LD_PRELOAD'] },
      }),
      '"credentials" names LD_PRELOAD',
    ],
    ['that is too long', (one) => ({ ...one, description: 'x'.repeat(3_000) }), '"description"'],
    ['of a fraction', (one) => ({ ...one, limits: { ...one.limits, timeoutMs: 0.5 } }), ''],
    ['that is a list', () => [], 'it must be an object'],
    ['that is nothing', () => null, 'it must be an object'],
  ])('is refused %s', async (_, change, why) => {
    const file = await fileOf('text.count');
    const text = JSON.stringify(change(JSON.parse(readFileSync(file, 'utf8')) as Manifest));
    writeFileSync(file, text);
    for (const command of ['lint', 'declare']) {
      const { exit, lines } = await stand.json(['capability', command, file]);
      expect({ exit, code: lines.at(-1)?.['code'] }).toEqual({ exit: 2, code: 'manifest.invalid' });
      expect(String(lines.at(-1)?.['message'])).toContain(why);
    }
  });

  it('is declared by who may sign policies alone', async () => {
    const file = await fileOf('webhook.post');
    const words = [
      'capability',
      'declare',
      file,
      '--key',
      join(stand.home, 'keys/runtime.key.json'),
    ];
    expect(await codeOf(words)).toBe('3 policy.not-signer');
  });

  it('is not begun over another file, nor like what there is not', async () => {
    const file = await fileOf('text.count');
    expect(await codeOf(['capability', 'new', file])).toMatch(/^2 /);
    const other = join(stand.folder, 'other.json');
    expect(await codeOf(['capability', 'new', other, '--like', 'x'])).toBe('2 usage.invalid');
    const bare = await stand.run(['capability']);
    expect(bare).toMatchObject({ exit: 2, stdout: '' });
    expect(bare.stderr).toContain('say what to do with capabilities');
    for (const command of ['show', 'retire']) {
      expect(await codeOf(['capability', command, 'nothing.here'])).toBe('2 manifest.unknown');
    }
  });
});
