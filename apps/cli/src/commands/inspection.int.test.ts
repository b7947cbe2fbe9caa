import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Stand, type JsonLine } from '../cli-fixture.ts';

let stand: Stand;
let run: string;
let branch: string;

beforeAll(async () => {
  stand = new Stand();
  stand.makeRepo({ 'a.txt': 'one\ntwo\nthree\n', 'tool.sh': 'echo tool\n' });
  await stand.init();
  const patch = { path: 'a.txt', hunks: [{ find: 'two', replace: 'zwei' }] };
  const model = stand.script(
    { calls: [{ name: 'fs.patch', args: patch }] },
    { calls: [{ name: 'shell.run', args: { command: 'chmod +x tool.sh; ln -s a.txt link' } }] },
    { calls: [{ name: 'shell.run', args: { command: 'git push origin' } }] },
    { calls: [{ name: 'savepoint', args: { name: 'near-the-end' } }] },
    { say: 'Done.' },
  );
  const { lines } = await stand.json(['run', 'Change it', '--repo', stand.repo, '--model', model]);
  run = String(lines.at(-1)?.['run']);
  branch = String(lines.at(-1)?.['branch']);
});

afterAll(() => {
  stand.remove();
});

interface EntryLine extends JsonLine {
  readonly entry: {
    readonly kind: string;
    readonly seq: number;
    readonly body: {
      readonly delta?: readonly { readonly key: string; readonly value: unknown }[];
    };
  };
}

async function entries(): Promise<readonly EntryLine[]> {
  return (await stand.json(['show', run])).lines as readonly EntryLine[];
}

/** The tree id that git itself gives the files of a folder, in a SHA-256 repository of its own. */
function treeOf(folder: string): string {
  const git = (...args: readonly string[]): string =>
    execFileSync('git', args, { cwd: folder, encoding: 'utf8' }).trim();
  git('init', '-q', '--object-format=sha256');
  git('add', '-A');
  return git('write-tree');
}

describe('world', () => {
  it('gives the files of every writing commit, as git itself names them', async () => {
    const writing = (await entries()).flatMap(({ entry }) => {
      const tree = entry.body.delta?.find(({ key }) => key === 'workspace')?.value;
      return tree === undefined ? [] : [{ seq: String(entry.seq), tree }];
    });
    expect(writing).toHaveLength(2);
    for (const { seq, tree } of writing) {
      const folder = join(stand.folder, `at-${seq}`);
      const { exit, lines } = await stand.json(['world', run, '--at', seq, '--checkout', folder]);
      expect(exit).toBe(0);
      expect(lines[0]).toMatchObject({ type: 'world', run, seq: Number(seq), checkout: folder });
      expect(treeOf(folder)).toBe(tree);
    }
    expect(readFileSync(join(stand.folder, `at-${writing[0]?.seq ?? ''}`, 'a.txt'), 'utf8')).toBe(
      'one\nzwei\nthree\n',
    );
    const last = join(stand.folder, `at-${writing[1]?.seq ?? ''}`);
    expect(statSync(join(last, 'tool.sh')).mode & 0o111).not.toBe(0);
  });

  it('tells the cells of the last entry when none is named', async () => {
    const { lines } = await stand.json(['world', run]);
    const cells = lines[0]?.['cells'] as readonly { readonly key: string }[];
    expect(cells.map(({ key }) => key)).toEqual(['savepoint:near-the-end', 'workspace']);
  });

  it.each([
    [['--at', '9999']],
    [['--at', '-1']],
    [['--at', 'now']],
    [['--checkout', '.']],
    [['--checkout', '/dev/null']],
    [['--checkout', '/dev/null/below']],
    // Where Node would make folders for ever.
    [['--checkout', '/proc/below']],
  ])('refuses %j, and says what to say instead', async (flags) => {
    const { exit, lines } = await stand.json(['world', run, ...flags]);
    expect({ exit, code: lines[0]?.['code'] }).toEqual({ exit: 2, code: 'usage.invalid' });
    expect(lines[0]?.['remedy']).toMatch(/^(Say|Name) /);
  });
});

describe('replay', () => {
  it('comes to the recorded world, and tells no drift', async () => {
    const { exit, lines } = await stand.json(['replay', run]);
    expect(exit).toBe(0);
    const [line] = lines;
    expect(line).toMatchObject({ type: 'replay', run, equal: true, drift: [] });
    expect(line?.['worldDigest']).toBe(line?.['recorded']);
  });
});

describe('audit', () => {
  it('resolves each intent to the texts of the rules and the digests', async () => {
    const { lines } = await stand.json(['audit', run]);
    expect(lines.map(({ outcome }) => (outcome as { readonly kind: string }).kind)).toEqual([
      ...['committed', 'committed', 'rejected', 'committed'],
    ]);
    expect(lines[2]).toMatchObject({
      type: 'action',
      run,
      action: null,
      trace: { scope: 'pass', policy: 'refuse', holds: 'unreached' },
      outcome: { refusal: { code: 'policy.denied' } },
    });
    const rules = lines[2]?.['rules'] as readonly { readonly id: string; readonly text: string }[];
    const forbid = rules.find(({ id }) => id === 'forbid-remote-git');
    expect(forbid?.text).toContain('@id("forbid-remote-git")');
    expect(forbid?.text).toContain('"git push"');
  });

  it('shows all of it to a person', async () => {
    const { exit, stdout } = await stand.run(['audit', run]);
    expect(exit).toBe(0);
    for (const said of [
      'fs.patch  committed',
      'policy: REFUSE',
      'forbid-remote-git (tenant, forbid)',
    ]) {
      expect(stdout).toContain(said);
    }
  });
});

describe('show', () => {
  it('tells the same as was told live', async () => {
    const { stdout } = await stand.run(['show', run]);
    expect(stdout).toMatch(/^Run +\w+, begun /);
    expect(stdout).toMatch(/ {2}✓ fs\.patch +a\.txt → files changed\n/);
    expect(stdout).toMatch(/ {2}■ succeeded .*\n$/);
  });

  it('of an id that nobody has, or that many begin with, is refused', async () => {
    const model = stand.script({ say: 'Done.' });
    await stand.run(['run', 'Another', '--repo', stand.repo, '--model', model]);
    for (const [named, code] of [
      ['zzzz', 'run.unknown'],
      ['../..', 'run.unknown'],
      [run.slice(0, 2), 'run.ambiguous'],
    ] as const) {
      const { exit, lines } = await stand.json(['show', named]);
      expect({ exit, code: lines[0]?.['code'] }).toEqual({ exit: 2, code });
    }
  });
});

describe('apply', () => {
  it('refuses where the checkout has changes in the same files, and changes nothing', async () => {
    writeFileSync(join(stand.repo, 'a.txt'), 'mine\n');
    const { exit, lines } = await stand.json(['apply', run]);
    expect({ exit, code: lines[0]?.['code'] }).toEqual({ exit: 2, code: 'repo.dirty' });
    expect(readFileSync(join(stand.repo, 'a.txt'), 'utf8')).toBe('mine\n');
  });

  it('refuses a conflict, and changes nothing', async () => {
    stand.git('commit', '-q', '-a', '-m', 'mine');
    const head = stand.git('rev-parse', 'HEAD');
    const { exit, lines } = await stand.json(['apply', run]);
    expect({ exit, code: lines[0]?.['code'] }).toEqual({ exit: 8, code: 'repo.conflict' });
    expect(stand.git('rev-parse', 'HEAD')).toBe(head);
    expect(stand.git('status', '--porcelain')).toBe('');
  });

  it('brings the result in where nothing is in its way', async () => {
    stand.git('reset', '-q', '--hard', 'HEAD~1');
    mkdirSync(join(stand.repo, 'other'));
    writeFileSync(join(stand.repo, 'other', 'b.txt'), 'b\n');
    stand.git('add', '-A');
    stand.git('commit', '-q', '-m', 'other');
    const { exit, lines } = await stand.json(['apply', run]);
    expect(exit).toBe(0);
    expect(lines[0]).toMatchObject({ type: 'applied', run, head: stand.git('rev-parse', 'HEAD') });
    expect(readFileSync(join(stand.repo, 'a.txt'), 'utf8')).toBe('one\nzwei\nthree\n');
    expect(stand.git('merge-base', '--is-ancestor', branch, 'HEAD')).toBe('');
  });
});

describe('verify', () => {
  it('reads what a gate said where its output stands outside the entry', async () => {
    const model = stand.script({ say: 'Done.' });
    const gate = ['--gate', 'seq 9000'];
    const started = ['run', 'Count', '--repo', stand.repo, '--model', model, ...gate];
    expect((await stand.json([...started, '--allow-dirty'])).exit).toBe(0);
    const { exit, lines } = await stand.json(['verify']);
    expect({ exit, findings: lines[0]?.['findings'] }).toEqual({ exit: 0, findings: [] });
  });
});
