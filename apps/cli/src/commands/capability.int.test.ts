import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Manifest } from '@chancery/kernel/manifest';
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
  expect((await stand.run(['vault', 'set', 'github'], {}, token)).exit).toBe(0);
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
