import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Stand } from '../cli-fixture.ts';

let stand: Stand;

beforeEach(() => {
  stand = new Stand();
});

afterEach(() => stand.remove());

const permit = 'permit (principal, action, resource)';

function file(text: string, name = 'team.cedar'): string {
  const path = join(stand.folder, name);
  writeFileSync(path, text);
  return path;
}

describe('policy new, check, fmt and test', () => {
  it('write a policy that is well-formed, laid out, and says what its examples say', async () => {
    const path = join(stand.folder, 'team.cedar');
    const begun = await stand.json(['policy', 'new', path]);
    expect(begun.lines).toEqual([
      { type: 'policy-started', file: path, from: 'narrow', level: 'repository' },
    ]);
    const level = ['--level', 'repository'];
    const checked = await stand.json(['policy', 'check', path, ...level, '--strict']);
    expect(checked).toMatchObject({ exit: 0, lines: [{ name: 'team', rules: 5, warnings: [] }] });
    expect((await stand.run(['policy', 'fmt', path, '--check'])).exit).toBe(0);
    const tested = await stand.run(['policy', 'test', path, ...level]);
    expect(tested).toMatchObject({ exit: 0, stdout: '7 passed, 0 failed\n' });
    const again = await stand.json(['policy', 'new', path]);
    expect(again).toMatchObject({ exit: 2, lines: [{ code: 'usage.invalid' }] });
    const unknown = await stand.json(['policy', 'new', `${path}2`, '--from', 'nothing']);
    expect(unknown).toMatchObject({ exit: 2, lines: [{ code: 'usage.invalid' }] });
  });

  it('warn with the line, and fail on that where they are to', async () => {
    const path = file(`\n@id("a") ${permit};\n`);
    const warning = { code: 'permits-everything', rule: 'a', line: 2 };
    const checked = await stand.json(['policy', 'check', path]);
    expect(checked).toMatchObject({ exit: 0, lines: [{ warnings: [warning] }] });
    const strict = await stand.run(['policy', 'check', path, '--strict']);
    expect(strict.exit).toBe(1);
    expect(strict.stdout).toContain(`${path}:2: a permits every action`);
  });

  it('take no bundle that is larger than one can be', async () => {
    const path = file(`{${' '.repeat(16_000_000)}}`, 'large.bundle.json');
    const { exit, lines } = await stand.json(['policy', 'check', path]);
    expect({ exit, lines }).toMatchObject({ lines: [{ code: 'envelope.invalid' }] });
    expect(exit).not.toBe(0);
  });

  it('name file, line and column of what is wrong', async () => {
    const path = file(`@id("a") ${permit};\n@id("b") permit (principal`);
    for (const words of [['check'], ['fmt'], ['test'], ['diff'], ['activate', '--yes']]) {
      const { exit, lines } = await stand.json(['policy', ...words, path]);
      expect({ exit, lines }).toMatchObject({ exit: 2, lines: [{ code: 'policy.invalid' }] });
      expect(String(lines[0]?.['message'])).toContain(`${path}: line 2`);
    }
    expect(readFileSync(path, 'utf8')).toContain('permit (principal');
  });

  it('lay out what they may, and write nothing where one file is wrong', async () => {
    const path = file(`@id("a")   ${permit};`);
    const wrong = file('permit (', 'wrong.cedar');
    expect((await stand.run(['policy', 'fmt', path, wrong])).exit).toBe(2);
    expect(readFileSync(path, 'utf8')).toContain('   permit');
    expect((await stand.run(['policy', 'fmt', '--check', path])).exit).toBe(1);
    const formatted = await stand.json(['policy', 'fmt', path]);
    expect(formatted.lines).toEqual([
      { type: 'policy-formatted', file: path, changed: true, written: true },
    ]);
    expect(readFileSync(path, 'utf8')).toBe(`@id("a")\n${permit};\n`);
  });

  it('warn of a comment that was meant as an example', async () => {
    const path = file(
      `// exmaple: deny fs.read\n// example: permit fs.read\n@id("a") ${permit};\n`,
    );
    const checked = await stand.json(['policy', 'check', path]);
    const warning = { code: 'no-example', rule: null, line: 1 };
    expect(checked.lines).toMatchObject([{ warnings: [{ line: 3 }, warning] }]);
    const tested = await stand.run(['policy', 'test', path]);
    expect(tested).toMatchObject({ exit: 0, stdout: '1 passed, 0 failed\n' });
    expect(tested.stderr).toContain(`${path}:1: it looks like an example and is none`);
  });

  it('tell an example that does not come out, with the rules that mattered', async () => {
    const path = file(`// example: deny by a fs.read {"path": "x"}
// example: permit by b fs.write {"path": "x"}
// example: permit by a fs.read
@id("a")
${permit};
@id("b")
${permit};
`);
    const { exit, stdout } = await stand.run(['policy', 'test', path]);
    expect(exit).toBe(1);
    expect(stdout).toContain(`${path}:1: fs.read: expected deny by a, found permit: a (permit)`);
    expect(stdout).toContain('2 passed, 1 failed');
    const { lines } = await stand.json(['policy', 'test', path]);
    expect(lines.map(({ passed }) => passed)).toEqual([false, true, true]);
  });

  it.each([
    ['no example', `@id("a") ${permit};`],
    ['an example of no rule', `// example: permit by z fs.read\n@id("a") ${permit};`],
    ['an example that asks nothing', `// example: permit\n@id("a") ${permit};`],
    [
      'a member that the schema has not',
      `// example: permit fs.read {"nope": 1}\n@id("a") ${permit};`,
    ],
    ['a capability of unknown effect', `// example: permit mail.send\n@id("a") ${permit};`],
  ])('refuse a text with %s', async (_, text) => {
    const { exit, lines } = await stand.json(['policy', 'test', file(text)]);
    expect({ exit, lines }).toMatchObject({ exit: 2, lines: [{ code: 'policy.invalid' }] });
  });
});

describe('policy activate, list, show and diff', () => {
  beforeEach(() => stand.init());

  afterEach(async () => {
    expect((await stand.run(['verify'])).exit).toBe(0);
  });

  const level = ['--level', 'repository'];

  it('show what would change, and change nothing unasked', async () => {
    const path = file(`@id("a") ${permit};`);
    const { exit, stdout } = await stand.run(['policy', 'activate', path, ...level]);
    expect(exit).toBe(4);
    expect(stdout).toContain('team at the level repository is new.\n+ a\n');
    expect(stdout).toContain(`${path}:1: a permits every action, whatever it is`);
    const { lines } = await stand.json(['policy', 'list']);
    expect(lines).toMatchObject([{ level: 'tenant', name: 'default' }]);
  });

  it('warn of what more may be permitted, by which rule and beside which policy', async () => {
    const path = file(`@id("a") ${permit};`, 'beside.cedar');
    const asked = await stand.run(['policy', 'activate', path]);
    expect(asked.stdout).toContain(
      'a of beside permits at the level tenant beside default: what they do not permit may be permitted by it\n',
    );
    const activated = await stand.json(['policy', 'activate', path, '--yes']);
    expect(activated.lines[0]?.['widens']).toEqual([
      { how: 'permits', effect: 'permit', level: 'tenant', policy: 'beside', rule: 'a' },
    ]);
    const narrow = file(`@id("a") ${permit};\n@id("b") ${permit.replace('permit', 'forbid')};`);
    const below = await stand.json(['policy', 'activate', narrow, ...level, '--yes']);
    expect(below.lines[0]?.['widens']).toEqual([]);
    const less = await stand.run(['policy', 'activate', file(`@id("a") ${permit};`), ...level]);
    expect(less.stdout).toContain('b of team is no more: what it forbade may be permitted\n');
  });

  it('have a policy decide, and tell it with its text and its differences', async () => {
    const path = file(`@id("a") ${permit};`);
    const activated = await stand.json(['policy', 'activate', path, ...level, '--yes']);
    expect(activated).toMatchObject({ exit: 0, lines: [{ name: 'team', rules: 1 }] });
    const twice = await stand.json(['policy', 'activate', path, ...level, '--yes']);
    expect(twice.lines).toMatchObject([{ entry: null }]);
    const listed = (await stand.json(['policy', 'list'])).lines;
    expect(listed.map((line) => line['level'])).toEqual(['tenant', 'repository']);
    const shown = await stand.run(['policy', 'show', 'team']);
    expect(shown.stdout).toBe(`@id("a")\n${permit};\n`);
    expect((await stand.json(['policy', 'show', 'none'])).lines).toMatchObject([
      { code: 'usage.invalid' },
    ]);
    file(`@id("a") ${permit} when { context.depth < 1 };\n@id("b") ${permit};`);
    const { lines } = await stand.json(['policy', 'diff', path, ...level]);
    expect(lines).toEqual([
      { type: 'policy-change', rule: 'a', change: 'changed', parts: ['condition'] },
      { type: 'policy-change', rule: 'b', change: 'added', parts: [] },
    ]);
  });

  it('have one decide no more, once it is asked for, and never the last one', async () => {
    await stand.run(['policy', 'activate', file(`@id("a") ${permit};`), ...level, '--yes']);
    const unasked = await stand.run(['policy', 'retire', 'team']);
    expect(unasked).toMatchObject({ exit: 4 });
    expect(unasked.stdout).toContain('team at the level repository would decide no more:\n- a\n');
    const words = ['policy', 'retire', 'team', '--yes', '--reason', 'over'];
    const retired = await stand.json(words);
    expect(retired).toMatchObject({ exit: 0, lines: [{ name: 'team', reason: 'over' }] });
    expect((await stand.json(words)).lines).toMatchObject([{ code: 'usage.invalid' }]);
    expect((await stand.json(['policy', 'list'])).lines).toMatchObject([{ name: 'default' }]);
    const last = await stand.json(['policy', 'retire', 'default', '--yes']);
    expect(last).toMatchObject({ exit: 2, lines: [{ code: 'policy.invalid' }] });
  });

  it('are drift of the runs before, which fails where it is asked for strictly', async () => {
    stand.makeRepo();
    const model = stand.script({ say: 'Done.' });
    await stand.run(['run', 'Nothing', '--repo', stand.repo, '--model', model]);
    expect((await stand.run(['verify', '--strict'])).exit).toBe(0);
    await stand.run(['policy', 'activate', file(`@id("a") ${permit};`), ...level, '--yes']);
    const told = await stand.json(['verify']);
    const strict = await stand.json(['verify', '--strict']);
    const [drift] = [told.lines[0]?.['drift']];
    expect([told.exit, strict.exit]).toEqual([0, 7]);
    expect(drift).toMatchObject([{ what: 'policy', runs: 1, first: { seq: 0 } }]);
    expect(strict.lines).toMatchObject([{ ok: false, strict: true, findings: [], drift }]);
    const { stdout } = await stand.run(['verify', '--strict']);
    expect(stdout).toMatch(/drift {2}policy: [0-9a-f]{64} then, [0-9a-f]{64} today \(1 run, first/);
    expect(stdout).toContain('NOT verified');
  });

  it('refuse a key that may not sign policies, and a level that there is not', async () => {
    const path = file(`@id("a") ${permit};`);
    const key = join(stand.home, 'keys', 'runtime.key.json');
    const wrong = await stand.json(['policy', 'activate', path, '--yes', '--key', key]);
    expect(wrong).toMatchObject({ exit: 3, lines: [{ code: 'policy.not-signer' }] });
    const nowhere = await stand.json(['policy', 'activate', path, '--yes', '--level', 'world']);
    expect(nowhere).toMatchObject({ exit: 2, lines: [{ code: 'usage.invalid' }] });
  });

  it('decide over the next run', async () => {
    stand.makeRepo();
    const text = `@id("a") ${permit};\n@id("no-writing") @advice("look only") forbid (principal, action, resource in CapabilityGroup::"fs") when { context.effect == "write" };`;
    await stand.run(['policy', 'activate', file(text), ...level, '--yes']);
    const write = { name: 'fs.write', args: { path: 'b.txt', text: 'x' } };
    const model = stand.script({ calls: [write] }, { say: 'done' });
    const { stdout } = await stand.run(['run', 'write', '--repo', stand.repo, '--model', model]);
    expect(stdout).toContain('policy.denied: forbidden by no-writing');
    expect(stdout).toContain('look only');
  });
});

describe('policy explain without a ledger', () => {
  it('asks the default policy, and says so', async () => {
    const words = ['policy', 'explain', '--with', '{"command": "git push"}'];
    expect((await stand.json(words)).lines).toMatchObject([
      { policy: 'default', verdict: 'deny', rules: [{ id: 'forbid-remote-git' }, {}, {}] },
    ]);
    expect((await stand.run(words)).stdout).toContain('the default one: there is no ledger');
  });
});

describe('policy explain', () => {
  beforeEach(() => stand.init());

  it('is not asked about a command and a recorded action at once, nor one that no policy saw', async () => {
    const both = await stand.json(['policy', 'explain', '--action', 'x@1', '--', 'ls']);
    expect(both).toMatchObject({ exit: 2, lines: [{ code: 'usage.invalid' }] });
    stand.makeRepo();
    const escape = { calls: [{ name: 'fs.write', args: { path: '../b.txt', text: 'x' } }] };
    const model = stand.script(escape, { say: 'done' });
    await stand.run(['run', 'Write', '--repo', stand.repo, '--model', model]);
    const [{ run } = { run: '' }] = (await stand.json(['runs'])).lines;
    const audited = (await stand.json(['audit', String(run)])).lines;
    const action = `${String(run)}@${String(audited.at(-1)?.['endSeq'])}`;
    const before = await stand.json(['policy', 'explain', '--action', action]);
    expect(before).toMatchObject({ exit: 2, lines: [{ code: 'usage.invalid' }] });
    expect(String(before.lines[0]?.['message'])).toContain('the stage args refused it');
  });

  it('tells the verdict over a command, the rules, and what would flip it', async () => {
    const { exit, stdout } = await stand.run(['policy', 'explain', '--', 'git', 'push', 'origin']);
    expect(exit).toBe(0);
    expect(stdout).toContain('Verdict  deny');
    expect(stdout).toContain('git push origin: git, git push');
    expect(stdout).toContain('forbid-remote-git (tenant, forbid)');
    expect(stdout).toContain('permit if programs were ["git"] and there were no does');
    expect(stdout).toContain('hold without the rule forbid-remote-git');
  });

  it('tells every command that a line could run, what each does, and what is not understood', async () => {
    const line = `git pull | sh -c "touch package-lock.json" && frob x > 'a b'`;
    const told = JSON.stringify({ command: line });
    const { lines } = await stand.json(['policy', 'explain', '--with', told]);
    const none = { subcommand: null, does: [], reads: [], writes: [], unclear: [] };
    expect(lines).toMatchObject([
      {
        ...{ verdict: 'deny', unclear: ['frob: nothing is known of this program'] },
        context: {
          programs: ['frob', 'git', 'git pull', 'sh', 'touch', 'unknown'],
          ...{ does: ['write', 'external'], writes: ['a b', 'package-lock.json'] },
          ...{ paths: ['a b', 'package-lock.json'], protectedFile: true },
        },
        commands: [
          { ...none, program: 'git', subcommand: 'pull', does: ['external'] },
          { ...none, program: 'sh', words: ['sh', '-c', 'touch package-lock.json'] },
          { ...none, program: 'touch', does: ['write'], writes: ['package-lock.json'] },
          { ...none, program: 'frob', unclear: ['nothing is known of this program'] },
        ],
      },
    ]);
    const { stdout } = await stand.run(['policy', 'explain', '--', line]);
    expect(stdout).toContain('touch package-lock.json  write, > package-lock.json');
    expect(stdout).toContain('frob x  nothing  not understood: nothing is known of this program');
    expect(stdout).toMatch(/Unclear {2}frob: nothing is known of this program/);
  });

  it('takes several words for a program with its arguments, as they are', async () => {
    const { stdout } = await stand.run(['policy', 'explain', '--', 'echo', 'a; rm b', '$(c)']);
    expect(stdout).toContain("Runs     echo 'a; rm b' '$(c)': echo\n");
  });

  it('tells a program all of it, of any capability and of a file', async () => {
    const told = ['--capability', 'fs.write', '--with', '{"path": "package-lock.json"}'];
    const { lines } = await stand.json(['policy', 'explain', ...told]);
    expect(lines).toMatchObject([
      {
        ...{ policy: 'active', capability: 'fs.write', action: 'act', verdict: 'hold' },
        without: [
          { rule: 'hold-protected-files', verdict: 'permit' },
          { rule: 'permit-workspace-changes', verdict: 'deny' },
        ],
      },
    ]);
    expect(lines[0]?.['flips']).toContainEqual({
      ...{ changes: [{ member: 'protectedFile', to: false }], verdict: 'permit' },
    });
    const alone = ['--file', file(`@id("a") ${permit};`)];
    const asked = await stand.json(['policy', 'explain', ...told, ...alone]);
    expect(asked.lines).toMatchObject([
      { policy: 'file', verdict: 'permit', flips: [], tried: { changes: 0, members: [] } },
    ]);
  });

  it('tells what it looked for where it finds nothing, and knows of hosts', async () => {
    const told = ['--capability', 'fs.write', '--with', '{"path": "a.md"}', '--file'];
    const both = `@id("a") ${permit};\n@id("b") ${permit} when { context.depth > 1 };`;
    const { stdout } = await stand.run(['policy', 'explain', ...told, file(both)]);
    const none = 'None of the 2 changes of the action that were tried makes a difference';
    expect(stdout).toContain(`${none}; tried: depth.`);
    const hosts = `@id("a") ${permit} when { context has hosts && context.hosts.contains("a:443") };`;
    const asked = await stand.json(['policy', 'explain', ...told, file(hosts)]);
    expect(asked.lines[0]?.['flips']).toContainEqual({
      ...{ changes: [{ member: 'hosts', to: ['a:443'] }], verdict: 'permit' },
    });
  });

  it('asks about now, and about another time where that is told', async () => {
    const path = file(`@id("a") ${permit} when { context.timeMs > 1700000000000 };`);
    const words = ['policy', 'explain', '--file', path, '--level', 'organisation', '--', 'ls'];
    expect((await stand.json(words)).lines).toMatchObject([{ verdict: 'permit' }]);
    const then = ['policy', 'explain', '--with', '{"timeMs": 7}', ...words.slice(2)];
    const asked = await stand.json(then);
    expect(asked.lines).toMatchObject([{ verdict: 'deny', unpermitted: ['organisation'] }]);
    expect((await stand.run(then)).stdout).toContain(
      'Nothing at the level organisation permits it',
    );
  });

  it.each([
    ['no JSON', ['--with', '{'], 'usage.invalid'],
    ['no object', ['--with', '1'], 'usage.invalid'],
    ['a member that the schema has not', ['--with', '{"nope": 1}'], 'policy.invalid'],
    ['an unknown capability', ['--capability', 'mail.send'], 'policy.invalid'],
  ])('refuses %s', async (_, words, code) => {
    const { exit, lines } = await stand.json(['policy', 'explain', ...words]);
    expect({ exit, lines }).toMatchObject({ exit: 2, lines: [{ code }] });
  });
});

describe('a policy of one repository', () => {
  it('is activated for the repository that a folder lies in, and decides on that alone', async () => {
    stand.makeRepo({ 'notes.md': 'one\n' });
    await stand.init();
    const other = join(stand.folder, 'other');
    cpSync(stand.repo, other, { recursive: true });
    const text = `@id("a") ${permit};\n@id("no") ${permit.replace('permit', 'forbid')} when { context.effect == "write" };`;
    const words = ['policy', 'activate', file(text), '--level', 'repository', '--yes'];
    const activated = await stand.json([...words, '--repo', stand.repo]);
    expect(activated).toMatchObject({ exit: 0, lines: [{ repository: stand.repo }] });
    expect((await stand.json(['policy', 'list'])).lines).toMatchObject([
      { level: 'tenant', repository: null },
      { level: 'repository', repository: stand.repo },
    ]);
    const listed = (await stand.run(['policy', 'list'])).stdout;
    expect(listed).toMatch(/tenant .* every repository\n/);
    expect(listed).toContain(` ${stand.repo}\n`);
    const write = {
      say: 'x',
      calls: [{ name: 'fs.write', args: { path: 'notes.md', text: 'x' } }],
    };
    const commits = async (repo: string) => {
      const model = stand.script(write, { say: 'Done.' });
      const run = await stand.json(['run', 'Note', '--repo', repo, '--model', model]);
      return run.lines.at(-1)?.['commits'];
    };
    expect([await commits(stand.repo), await commits(other)]).toEqual([0, 1]);
    expect((await stand.run(['verify'])).exit).toBe(0);
    const tenant = ['policy', 'activate', file(text), '--yes', '--repo', stand.repo];
    expect(await stand.json(tenant)).toMatchObject({ exit: 2, lines: [{ code: 'usage.invalid' }] });
    const nowhere = await stand.json([...words, '--repo', join(stand.folder, 'nowhere')]);
    expect(nowhere).toMatchObject({ exit: 2 });
  });

  it('is asked, tested, compared and tried on that one', async () => {
    stand.makeRepo({ 'notes.md': 'one\n' });
    await stand.init();
    const other = join(stand.folder, 'other');
    cpSync(stand.repo, other, { recursive: true });
    const text = `@id("a") ${permit};
// example: deny by no fs.write {"path": "a"}
@id("no") ${permit.replace('permit', 'forbid')} when { context.effect == "write" && context has repository && context.repository == "${stand.repo}" };
`;
    const own = ['--level', 'repository', '--name', 'own'];
    const [here, there] = [
      ['--repo', stand.repo],
      ['--repo', other],
    ] as const;
    const first = async (...words: readonly string[]) =>
      (await stand.json(['policy', ...words])).lines[0];
    const source = file(text, 'source.cedar');
    expect([
      (await stand.json(['policy', 'test', source, ...own, ...here])).exit,
      (await stand.json(['policy', 'test', source, ...own, ...there])).exit,
    ]).toEqual([0, 1]);
    const write = {
      say: 'x',
      calls: [{ name: 'fs.write', args: { path: 'notes.md', text: 'x' } }],
    };
    for (const [, repo] of [here, there]) {
      const model = stand.script(write, { say: 'Done.' });
      await stand.json(['run', 'Note', '--repo', repo, '--model', model]);
    }
    const flips = async (...where: readonly string[]) => {
      const { lines } = await stand.json([
        'policy',
        'simulate',
        file(`@id("a") ${permit} when { context.effect == "read" };`),
        ...own,
        ...where,
      ]);
      return lines.at(-1)?.['flipped'];
    };
    expect([await flips(), await flips(...here), await flips(...there)]).toEqual([2, 1, 1]);
    await stand.run(['policy', 'activate', source, ...own, ...here, '--yes']);
    const asked = ['explain', '--capability', 'fs.write', '--with', '{"path":"notes.md"}'];
    expect([
      (await first(...asked, ...here))?.['verdict'],
      (await first(...asked, ...there))?.['verdict'],
      (await first(...asked))?.['verdict'],
    ]).toEqual(['deny', 'permit', 'permit']);
    const changed = file(`@id("a") ${permit};`);
    expect(await first('diff', changed, ...own, ...here)).toMatchObject({
      rule: 'no',
      change: 'removed',
    });
    expect(await first('diff', changed, ...own, ...there)).toMatchObject({
      code: 'policy.invalid',
    });
    const wrong = [
      ['diff', changed, source, ...own, ...here],
      ['diff', changed, ...here],
      ['simulate', '--without', 'own', ...here],
      ['simulate', changed, ...here],
      ['explain', '--action', 'x@1', ...here],
      [...asked, '--repo', join(stand.folder, 'nowhere')],
    ];
    for (const words of wrong) {
      expect([words[0], (await stand.json(['policy', ...words])).exit]).toEqual([words[0], 2]);
    }
  });
});
