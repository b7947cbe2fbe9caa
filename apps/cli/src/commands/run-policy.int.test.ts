import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Stand, type JsonLine } from '../cli-fixture.ts';
import { StandardStreams } from '../mcp-fixture.ts';

let stand: Stand;

beforeEach(async () => {
  stand = new Stand();
  stand.makeRepo({ 'a.txt': 'hello\n', 'docs/a.md': 'hello\n' });
  await stand.init();
});

afterEach(() => stand.remove());

function file(text: string, name = 'docs.cedar'): string {
  const path = join(stand.folder, name);
  writeFileSync(path, text);
  return path;
}

const looks =
  '@id("looks") permit (principal, action, resource) when { context.effect == "read" };';
const docs = `${looks}
// example: permit fs.write {"path": "docs/b.md"}
// example: deny fs.write {"path": "b.txt"}
@id("docs") permit (principal, action, resource == Capability::"fs.write")
when { context has path && context.path like "docs/*" };`;
const asking = `${docs}
@id("ask") @hold("human") forbid (principal, action, resource == Capability::"fs.write")
when { context has path && context.path like "*/held.md" };`;

const write = (path: string) => ({
  calls: [{ name: 'fs.write', args: { path, text: 'new\n' } }],
});
const turns = [write('docs/held.md'), write('b.txt'), { say: 'done' }];

const runWith = (...policies: readonly string[]) => [
  ...['run', 'write', '--repo', stand.repo, '--no-wait'],
  ...policies.flatMap((policy) => ['--policy', policy]),
];

interface Outcome {
  readonly kind: string;
  readonly refusal?: { readonly message: string };
}

const outcomesOf = (lines: readonly JsonLine[]): readonly string[] =>
  lines
    .filter(({ type }) => type === 'action')
    .map(({ outcome }) => (outcome as Outcome).refusal?.message ?? (outcome as Outcome).kind);

async function onlyRun(): Promise<string> {
  const { lines } = await stand.json(['runs']);
  const runs = lines.filter(({ type }) => type === 'run');
  expect(runs).toHaveLength(1);
  return String(runs[0]?.['run']);
}

const refusedAtRun = 'nothing at the level run permits it';

describe('run --policy', () => {
  it('decides on that run, is shown with it, and is decided by again', async () => {
    const model = stand.script(...turns);
    const path = file(docs);
    const begun = await stand.run([...runWith(path), '--model', model]);
    expect(begun).toMatchObject({ exit: 0 });
    expect(begun.stdout).toMatch(/^Policy +docs [0-9a-f]{12}, for this run alone$/mu);
    const run = await onlyRun();
    const { lines } = await stand.json(['audit', run]);
    expect(outcomesOf(lines)).toEqual(['committed', refusedAtRun]);
    const [policy, first] = lines;
    expect(policy).toMatchObject({ type: 'run-policy', name: 'docs' });
    expect(policy?.['text']).toContain('context.path like "docs/*"');
    expect(first?.['rules']).toContainEqual(
      expect.objectContaining({ id: 'docs', level: 'run', text: expect.any(String) as unknown }),
    );
    expect((await stand.run(['audit', run])).stdout).toContain('of this run alone');
    expect((await stand.run(['show', run])).stdout).toMatch(/^Policy +docs /mu);
    const action = `${run}@${String(lines.at(-1)?.['endSeq'])}`;
    const explained = await stand.json(['policy', 'explain', '--action', action]);
    expect(explained.lines).toMatchObject([
      { verdict: 'deny', unpermitted: ['run'], recorded: { verdict: 'deny', reproduced: true } },
    ]);
    expect(await stand.run(['verify', '--strict'])).toMatchObject({ exit: 0 });
    const again = await stand.json(['policy', 'simulate', file(looks), '--level', 'repository']);
    expect(again.lines.at(-1)).toMatchObject({ decisions: 2, unreproduced: 0, unreadable: 0 });
    // It decides on nothing else: nobody has activated it.
    const listed = await stand.json(['policy', 'list']);
    expect(listed.lines).toMatchObject([{ name: 'default' }]);
    const free = await stand.json(['run', 'write', '--repo', stand.repo, '--model', model]);
    expect(free.lines.at(-1)).toMatchObject({ type: 'result', commits: 2, refusals: 0 });
  });

  it('still decides when the run goes on in another process, after a hold or a kill', async () => {
    const begun = stand.start([
      ...['run', 'write', '--repo', stand.repo, '--wait', '--model', stand.script(...turns)],
      ...['--policy', file(asking)],
    ]);
    await begun.says('[ask]');
    begun.child.kill('SIGKILL');
    await begun.ended;
    const run = await onlyRun();
    const [held] = (await stand.json(['inbox'])).lines;
    expect(held).toMatchObject({ reason: 'the rule ask asks' });
    expect(await stand.run(['approve', String(held?.['action']), '--yes'])).toMatchObject({
      exit: 0,
    });
    expect(await stand.run(['resume', run])).toMatchObject({ exit: 0 });
    const { lines } = await stand.json(['audit', run]);
    expect(outcomesOf(lines)).toEqual(['committed', refusedAtRun]);
    expect(await stand.run(['verify'])).toMatchObject({ exit: 0 });
  });

  it('goes on in a run that branches off', async () => {
    const path = file(docs);
    await stand.run([...runWith(path), '--model', stand.script(...turns)]);
    const first = await onlyRun();
    const model = stand.script(write('c.txt'), write('docs/c.md'), { say: 'done' });
    const branched = await stand.json(['branch', first, 'go on', '--model', model]);
    expect(branched.lines.at(-1)).toMatchObject({ type: 'result', commits: 1, refusals: 1 });
    const { run } = branched.lines.at(-1) as unknown as { run: string };
    expect((await stand.json(['audit', run])).lines[0]).toMatchObject({ name: 'docs' });
    expect(await stand.run(['verify'])).toMatchObject({ exit: 0 });
  });

  it('is sealed with the run of a subject, and gone with its key', async () => {
    const path = file(docs);
    const words = [...runWith(path), '--model', stand.script(...turns), '--subject', 'ada'];
    expect(await stand.run(words)).toMatchObject({ exit: 0 });
    const run = await onlyRun();
    const [sealed] = (await stand.json(['audit', run])).lines;
    expect(sealed).toMatchObject({ type: 'run-policy', name: 'docs' });
    expect(await stand.run(['erase', 'ada', '--yes'])).toMatchObject({ exit: 0 });
    const { lines } = await stand.json(['audit', run]);
    expect(lines.find(({ type }) => type === 'run-policy')).toMatchObject({
      bundle: sealed?.['bundle'],
      name: null,
      text: null,
    });
    expect((await stand.run(['audit', run])).stdout).toContain('its text is gone');
    expect((await stand.run(['show', run])).stdout).toMatch(/^Policy +gone /mu);
    expect(await stand.run(['verify'])).toMatchObject({ exit: 0 });
  });

  it('takes a bundle of the level of a run, with the signatures of its authors', async () => {
    const bundled = join(stand.folder, 'docs.bundle.json');
    const of = ['policy', 'bundle', file(docs), '--level', 'run', '--out', bundled];
    expect(await stand.run(of)).toMatchObject({ exit: 0 });
    const model = stand.script(...turns);
    const { exit, lines } = await stand.json([...runWith(bundled), '--model', model]);
    expect(exit).toBe(0);
    expect(lines.at(-1)).toMatchObject({ commits: 1, refusals: 1 });
    const entries = lines.flatMap(({ entry }) => (entry === undefined ? [] : [entry as Entry]));
    const policies = entries.find(({ kind }) => kind === 'run.started')?.body.policies ?? [];
    expect(policies.map(({ envelope }) => envelope.inline.signatures.length)).toEqual([2]);
  });
});

interface Entry {
  readonly kind: string;
  readonly body: {
    readonly policies?: readonly {
      readonly envelope: { readonly inline: { readonly signatures: readonly unknown[] } };
    }[];
  };
}

describe('run --policy begins no run', () => {
  it.each<readonly [what: string, text: string, code: string, said: string]>([
    ['that is not well-formed', 'permit (', 'policy.invalid', 'docs.cedar: line 1'],
    [
      'whose example does not come out',
      `// example: permit fs.write {"path": "x"}\n${looks}`,
      ...(['policy.invalid', 'docs.cedar:1: fs.write: expected permit'] as const),
    ],
    [
      'that permits nothing',
      '@id("no") forbid (principal, action, resource == Capability::"fs.write");',
      ...(['policy.invalid', 'permit nothing'] as const),
    ],
    [
      'that lifts a hold',
      `${looks}\n@id("lift") @lifts("x") permit (principal, action, resource == Capability::"fs.write");`,
      ...(['policy.invalid', 'lifts none'] as const),
    ],
    ['that is too long', `${looks}\n//${'x'.repeat(2 ** 20)}`, 'policy.invalid', 'is longer than'],
    [
      'with a secret in it',
      `// ghp_0aA1bB2cC3dD4eE5fF6gG7hH8iI9jJ0kK1lL\n${looks}`,
      ...(['args.secret', 'literal secret'] as const),
    ],
  ])('with one %s', async (_, text, code, said) => {
    const ended = await stand.json([...runWith(file(text)), '--model', stand.script(...turns)]);
    expect(ended).toMatchObject({ exit: code === 'args.secret' ? 3 : 2, lines: [{ code }] });
    expect(String(ended.lines[0]?.['message'])).toContain(said);
    expect((await stand.json(['runs'])).lines).toEqual([]);
  });

  it('with one that cannot be read, is of another level, or is there twice', async () => {
    const path = file(docs);
    const model = ['--model', stand.script(...turns)];
    const bundled = join(stand.folder, 'other.bundle.json');
    await stand.run(['policy', 'bundle', path, '--level', 'tenant', '--out', bundled]);
    for (const [policies, code, said] of [
      [[join(stand.folder, 'none.cedar')], 'usage.invalid', 'ENOENT'],
      [[bundled], 'usage.invalid', 'at the level tenant'],
      [[path, path], 'policy.invalid', 'has a policy looks already'],
    ] as const) {
      const ended = await stand.json([...runWith(...policies), ...model]);
      expect(ended).toMatchObject({ exit: 2, lines: [{ code }] });
      expect(String(ended.lines[0]?.['message'])).toContain(said);
    }
    expect((await stand.json(['runs'])).lines).toEqual([]);
  });
});

describe('mcp --policy', () => {
  async function session(...words: readonly string[]) {
    const streams = new StandardStreams(stand, ['mcp', ...words]);
    const client = new Client({ name: 'tester', version: '7' });
    await client.connect(streams);
    const writing = async (path: string): Promise<boolean> => {
      const args = { path, text: 'x' };
      return (await client.callTool({ name: 'fs_write', arguments: args })).isError === true;
    };
    return { client, streams, writing };
  }

  it('decides what an agent outside calls, also when it was killed in the middle', async () => {
    const first = await session('--repo', stand.repo, '--policy', file(docs));
    expect([await first.writing('b.txt'), await first.writing('docs/b.md')]).toEqual([true, false]);
    first.streams.kill('SIGKILL');
    await first.streams.exit;
    const run = await onlyRun();
    const second = await session('--resume', run);
    expect([await second.writing('c.txt'), await second.writing('docs/c.md')]).toEqual([
      ...[true, false],
    ]);
    await second.client.close();
    await second.streams.exit;
    expect(await stand.run(['verify'])).toMatchObject({ exit: 0 });
    const other = ['mcp', '--resume', run, '--policy', file(looks, 'other.cedar')];
    expect(await stand.run(other)).toMatchObject({ exit: 2 });
  });
});
