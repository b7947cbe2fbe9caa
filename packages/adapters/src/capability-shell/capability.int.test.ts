import {
  mkdirSync,
  mkdtempSync,
  realpathSync,
  renameSync,
  symlinkSync,
  writeFileSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { contractDigest } from '@chancery/kernel/contract';
import type { Json, JsonObject } from '@chancery/kernel/encoding';
import { done, refused, type Result } from '@chancery/kernel/refusal';
import type {
  Execution,
  ExecutionContext,
  Sandbox,
  SandboxCommand,
  SandboxOutcome,
  Surroundings,
} from '@chancery/runtime/broker';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { shellCapability } from './index.ts';
import { packagesIn } from './package-facts.ts';
import { pathsWritten } from './written.ts';

const shell = shellCapability();
const { contract } = shell;

const normalise: typeof shell.normalise = (args, surroundings) =>
  shell.normalise(args, surroundings);

const quiet: SandboxOutcome = {
  ...{ exitCode: 0, signal: null, timedOut: false, cancelled: false, wallMs: 7, cpuMs: 10 },
  ...{ stdout: new Uint8Array(), stderr: new Uint8Array(), stdoutBytes: 0, stderrBytes: 0 },
};

/** Keeps what it was told to run and answers with one outcome. */
class RecordingSandbox implements Sandbox {
  checkReadable(): undefined {
    return undefined;
  }

  readonly commands: SandboxCommand[] = [];
  readonly outcome: Result<SandboxOutcome>;
  readonly unsafe: boolean;

  constructor(outcome: Result<SandboxOutcome> = done(quiet), unsafe = false) {
    this.outcome = outcome;
    this.unsafe = unsafe;
  }

  async probe() {
    return { provider: 'recording', version: '1', enforced: [], missing: [], unsafe: this.unsafe };
  }

  async run(command: SandboxCommand) {
    this.commands.push(command);
    return this.outcome;
  }
}

let root: string;

beforeEach(() => {
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'chancery-shell-')));
  root = join(base, 'workspace');
  mkdirSync(join(root, 'sub/deep'), { recursive: true });
  mkdirSync(join(base, 'outside'));
  writeFileSync(join(root, 'file'), '');
  symlinkSync('sub', join(root, 'inner'));
  symlinkSync('../outside', join(root, 'outer'));
});

afterEach(() => {
  rmSync(dirname(root), { recursive: true, force: true });
});

const around = (sandbox: Sandbox): Surroundings => ({
  ...{ root, sandbox, readable: ['/opt/tool'], readOnly: ['.ci'] },
});

const within = (sandbox: Sandbox, more: Partial<ExecutionContext> = {}): ExecutionContext => ({
  ...around(sandbox),
  ...{ actionDigest: 'a'.repeat(64), tree: 'b'.repeat(64), timeoutMs: 600_000 },
  world: { clock: 0, cells: new Map() },
  signal: new AbortController().signal,
  credentials: new Map(),
  ...more,
});

async function run(
  args: JsonObject,
  sandbox: Sandbox,
  more: Partial<ExecutionContext> = {},
): Promise<Execution> {
  const normalised = await normalise(args, around(sandbox));
  if (!normalised.ok) throw new Error(normalised.refusal.message);
  return executeNormalised(normalised.value.args, normalised.value.resolved, within(sandbox, more));
}

const executeNormalised = (
  normalisedArgs: JsonObject,
  resolved: Json,
  context: ExecutionContext,
): Promise<Execution> =>
  shell.execute(
    {
      ...{
        ledger: 'l',
        stream: 'run:1',
        intent: 'i',
        writ: 'w',
        contract: contractDigest(contract),
      },
      ...{ capability: contract.name, normalisedArgs, resolved },
    },
    context,
  );

const ajv = new Ajv2020({ strict: true, strictRequired: false, allowUnionTypes: true });

describe('contract of shell.run', () => {
  const accepts = ajv.compile(contract.input);

  it.each([
    { argv: ['ls'] },
    { argv: ['ls', '-l', ''], cwd: 'sub', timeoutMs: 1, stdin: '', env: { A_1: 'x' } },
    { command: 'a && b' },
    { argv: ['ls'], secrets: ['TOKEN=vault:a', 'OTHER_1=vault:npm.token-2'] },
  ])('takes %j', (args) => {
    expect(accepts(args)).toBe(true);
  });

  it.each([
    {},
    { argv: ['ls'], command: 'ls' },
    { argv: [] },
    { argv: ['a', 'b\0c'] },
    { command: '' },
    { command: 'a\0' },
    { command: 'a', cwd: 'x\0' },
    { command: 'a', timeoutMs: 0 },
    { command: 'a', timeoutMs: 600_001 },
    { command: 'a', timeoutMs: 1.5 },
    { command: 'a', shell: 'bash' },
    ...['PATH', 'HOME', 'LD_PRELOAD', 'GIT_DIR', 'BASH_ENV', 'NODE_OPTIONS', 'a.b', '1a', ''].map(
      (name) => ({ command: 'a', env: { [name]: 'x' } }),
    ),
    { command: 'a', env: { A: 'x\0' } },
    { command: 'a', env: { A: 1 } },
    ...['TOKEN', 'TOKEN=', 'TOKEN=a', 'TOKEN=vault:', 'TOKEN=vault:A', 'TOKEN=vault:a b'].map(
      (secret) => ({ command: 'a', secrets: [secret] }),
    ),
    ...['PATH', 'LD_PRELOAD', 'GIT_DIR', 'NODE_OPTIONS', 'CHANCERY_HOME', 'token', '1A', ''].map(
      (name) => ({ command: 'a', secrets: [`${name}=vault:a`] }),
    ),
    { command: 'a', secrets: { TOKEN: 'vault:a' } },
    { command: 'a', secrets: 'TOKEN=vault:a' },
  ])('refuses %j', (args) => {
    expect(accepts(args)).toBe(false);
  });
});

describe('secrets of shell.run', () => {
  const secrets = ['TOKEN=vault:a', 'OTHER=vault:b'];

  it('are handles in the arguments, in one order, and absent where there are none', async () => {
    const around1 = around(new RecordingSandbox());
    const normalised = await normalise({ argv: ['a'], secrets: [...secrets, ...secrets] }, around1);
    expect(normalised).toMatchObject({
      value: { args: { secrets: ['OTHER=vault:b', 'TOKEN=vault:a'] }, command: { line: 'a' } },
    });
    const none = await normalise({ argv: ['a'], secrets: [] }, around1);
    expect(none.ok && Object.keys(none.value.args)).toEqual(['argv', 'cwd', 'timeoutMs', 'env']);
  });

  it.each([
    { argv: ['a'], secrets: ['TOKEN=vault:a', 'TOKEN=vault:b'] },
    { argv: ['a'], secrets, env: { OTHER: 'x' } },
  ])('give a variable one value: %j', async (args) => {
    expect(await normalise(args, around(new RecordingSandbox()))).toMatchObject({
      refusal: { code: 'args.invalid' },
    });
  });

  it('are no value of a variable that changes which program runs', async () => {
    const args = { argv: ['a'], secrets: ['RUSTC_WRAPPER=vault:a'] };
    expect(await normalise(args, around(new RecordingSandbox()))).toMatchObject({
      refusal: { code: 'args.invalid' },
    });
  });

  it('are in the environment of the command, and in nothing else', async () => {
    const sandbox = new RecordingSandbox();
    const credentials = new Map([['TOKEN', 'its value']]);
    await run({ argv: ['a'], env: { A: 'b' }, secrets: ['TOKEN=vault:a'] }, sandbox, {
      credentials,
    });
    const [command] = sandbox.commands;
    expect(command?.env).toEqual({ A: 'b', TOKEN: 'its value' });
    expect(JSON.stringify({ ...command, env: {} })).not.toContain('its value');
  });
});

describe('normalise of shell.run', () => {
  it('leaves nothing to a default and shows what runs', async () => {
    const sandbox = new RecordingSandbox();
    expect(await normalise({ argv: ['env', 'git', 'push', "it's"] }, around(sandbox))).toEqual(
      done({
        args: { argv: ['env', 'git', 'push', "it's"], cwd: '.', timeoutMs: 120_000, env: {} },
        resolved: {
          ...{ line: "env git push 'it'\\''s'", paths: [] },
          ...{ folder: '.', programs: ['env', 'git', 'git push'], hosts: [], unsandboxed: false },
          ...{ does: ['external', 'irreversible'], reads: [], writes: [], unclear: [] },
        },
        effects: ['write'],
        paths: [],
        command: {
          line: "env git push 'it'\\''s'",
          programs: ['env', 'git', 'git push'],
          ...{ does: ['external', 'irreversible'], reads: [], writes: [] },
        },
        hosts: [],
        unsandboxed: false,
        estimate: {
          tokens: 0,
          costMicrousd: 0,
          calls: 1,
          wallMs: 120_000,
          cpuMs: 120_000,
          bytesOut: 0,
        },
      }),
    );
    expect(sandbox.commands).toEqual([]);
  });

  const found = async (args: JsonObject) => {
    const normalised = await normalise(args, around(new RecordingSandbox()));
    if (!normalised.ok) throw new Error(normalised.refusal.message);
    const { paths, command, resolved } = normalised.value;
    return { paths, ...command, resolved };
  };

  it('tells the paths that a command names as written, and those to which links lead', async () => {
    const { paths, writes } = await found({
      command: 'echo a > inner/x; touch sub/../file; rm -r deep/*; touch ../y /etc/z ~/a',
      cwd: 'sub',
    });
    expect(paths).toEqual(['sub/deep', 'sub/file', 'sub/inner/x', 'y']);
    expect(writes).toEqual(['/etc/z', 'sub/deep/**', 'sub/file', 'sub/inner/x', 'y', '~/a']);
    expect((await found({ command: 'touch inner/new outer/x .' })).paths).toEqual([
      'inner/new',
      'outer/x',
      'sub/new',
    ]);
    expect((await found({ argv: ['touch', join(root, 'inner/a')] })).paths).toEqual([
      'inner/a',
      'sub/a',
    ]);
  });

  it('reads the scripts of the package in whose folder it runs', async () => {
    const scripts = { prea: 'touch b', a: 'b-tool --x && npm publish', other: 1 };
    writeFileSync(join(root, 'sub/package.json'), JSON.stringify({ scripts }));
    mkdirSync(join(root, 'sub/node_modules/.bin'), { recursive: true });
    writeFileSync(join(root, 'sub/node_modules/.bin/b-tool'), '');
    const inPackage = await found({ command: 'npm run a', cwd: 'sub' });
    expect(inPackage).toMatchObject({
      programs: ['b-tool', 'npm', 'npm publish', 'npm run', 'touch'],
      ...{ does: ['write', 'executes', 'external', 'irreversible'], writes: ['sub/b'] },
    });
    expect(await found({ command: 'cd sub && npm run a' })).toMatchObject({ does: inPackage.does });
    const elsewhere = await found({ command: 'npm run a' });
    expect(elsewhere).toMatchObject({ programs: ['npm', 'npm run'], does: ['executes'] });
  });

  it.each([
    ['no file', undefined],
    ['no JSON', '{'],
    ['no object', '3'],
    ['no scripts', '{"scripts": 3}'],
    ['too large a file', `{"scripts": {"a": "npm publish"}}${' '.repeat(1_048_576)}`],
  ])('tells of a package with %s what its manager does at least', async (_, text) => {
    if (text !== undefined) writeFileSync(join(root, 'package.json'), text);
    expect(await found({ command: 'npm run a' })).toMatchObject({ does: ['executes'] });
  });

  it('follows no link out of the workspace to a package', async () => {
    const scripts = { a: 'npm publish' };
    writeFileSync(join(root, '../outside/package.json'), JSON.stringify({ scripts }));
    expect(await found({ command: 'cd outer && npm run a' })).toMatchObject({ does: ['executes'] });
  });

  it('takes no other error for a file that is not there', async () => {
    await expect(pathsWritten(root, ['a\0b'])).rejects.toThrow(/null bytes/);
    expect(() => packagesIn(root)('a\0b')).toThrow(/null bytes/);
  });

  it('reads what is fed to a shell, and the variables that a command is given', async () => {
    const fed = await found({ argv: ['sh'], stdin: 'touch a' });
    expect(fed).toMatchObject({ programs: ['sh', 'touch'], paths: ['a'] });
    const set = await found({ argv: ['make'], env: { CC: 'x' } });
    expect(set).toMatchObject({
      programs: ['make', 'unknown'],
      resolved: { unclear: ['the variable CC may have another program run'] },
    });
  });

  it('shows a line as it is, with every program in it', async () => {
    const normalised = await normalise(
      { command: 'npm test && git push' },
      around(new RecordingSandbox()),
    );
    expect(normalised.ok && normalised.value.command).toEqual({
      line: 'npm test && git push',
      programs: ['git', 'git push', 'npm', 'npm test'],
      ...{ does: ['executes', 'external', 'irreversible'], reads: [], writes: [] },
    });
  });

  it('takes a command without a sandbox for one that may reach and do anything', async () => {
    const normalised = await normalise(
      { command: 'a' },
      around(new RecordingSandbox(done(quiet), true)),
    );
    const effects = ['write', 'external', 'irreversible'];
    expect(normalised).toMatchObject({ ok: true, value: { unsandboxed: true, effects } });
  });

  it.each([[['']], [['-c', 'x']]])('refuses %j, which begins with no program', async (argv) => {
    expect(await normalise({ argv }, around(new RecordingSandbox()))).toMatchObject({
      ok: false,
      refusal: { code: 'args.invalid' },
    });
  });

  it('gives a second normalisation the same arguments', async () => {
    const surroundings = around(new RecordingSandbox());
    const once = await normalise(
      { command: 'a', cwd: './inner/../sub/', stdin: 'x' },
      surroundings,
    );
    expect(once.ok && (await normalise(once.value.args, surroundings))).toEqual(once);
  });

  it.each([
    ['.', '.'],
    ['', '.'],
    ['sub/deep', 'sub/deep'],
    ['inner/deep/', 'sub/deep'],
    ['sub/..', '.'],
  ])('resolves the folder %j to %j', async (cwd, folder) => {
    const normalised = await normalise({ command: 'a', cwd }, around(new RecordingSandbox()));
    expect(normalised).toMatchObject({
      ok: true,
      value: { args: { cwd: folder }, resolved: { folder } },
    });
  });

  it.each([
    ['..', 'args.escapes'],
    ['sub/../../outside', 'args.escapes'],
    ['outer', 'args.escapes'],
    ['/', 'args.escapes'],
    ['absent', 'args.invalid'],
    ['file', 'args.invalid'],
    ['file/x', 'args.invalid'],
  ])('refuses the folder %j with %s', async (cwd, code) => {
    expect(await normalise({ command: 'a', cwd }, around(new RecordingSandbox()))).toMatchObject({
      ok: false,
      refusal: { code },
    });
  });
});

describe('execute of shell.run', () => {
  it('hands the command to the sandbox with all that confines it', async () => {
    const sandbox = new RecordingSandbox();
    const context = within(sandbox);
    await run(
      { command: 'a | b', cwd: 'sub', timeoutMs: 5, stdin: 'x', env: { A: 'b' } },
      sandbox,
      context,
    );
    expect(sandbox.commands).toEqual([
      {
        ...{ argv: ['/bin/sh', '-c', 'a | b'], workspace: root, cwd: 'sub', env: { A: 'b' } },
        ...{ stdin: 'x', timeoutMs: 5, outputBytes: 65_536, signal: context.signal },
        ...{ readable: ['/opt/tool'], readOnly: ['.ci'] },
      },
    ]);
  });

  it('gives no command more time than the broker has', async () => {
    const sandbox = new RecordingSandbox();
    await run({ argv: ['a'], timeoutMs: 500 }, sandbox, { timeoutMs: 100 });
    expect(sandbox.commands).toMatchObject([{ argv: ['a'], timeoutMs: 100, stdin: null }]);
  });

  it('observes a failing command, bytes that are no text, and what was cut off', async () => {
    const stdout = Uint8Array.from([0xef, 0xbb, 0xbf, 0x61, 0xff]);
    const outcome = { ...quiet, exitCode: 1, stdout, stdoutBytes: 9 };
    const execution = await run({ argv: ['a'] }, new RecordingSandbox(done(outcome)));
    expect(execution).toEqual({
      kind: 'done',
      observation: {
        ...{ exitCode: 1, signal: null, stdout: '\uFEFFa\uFFFD', stderr: '' },
        ...{ stdoutBytes: 9, stderrBytes: 0, truncated: true, timedOut: false, wallMs: 7 },
      },
      ...{ delta: [], used: { cpuMs: 10 }, changed: undefined },
    });
    expect(ajv.validate(contract.output, execution.kind === 'done' && execution.observation)).toBe(
      true,
    );
  });

  it('observes a time-out, since it may have had effects', async () => {
    const outcome = { ...quiet, exitCode: null, signal: 'SIGKILL', timedOut: true };
    const execution = await run({ argv: ['a'] }, new RecordingSandbox(done(outcome)));
    expect(execution).toMatchObject({
      kind: 'done',
      observation: { exitCode: null, signal: 'SIGKILL', timedOut: true, truncated: false },
    });
  });

  it('fails for good when there is no sandbox', async () => {
    const sandbox = new RecordingSandbox(refused('sandbox.unavailable', 'no bubblewrap'));
    expect(await run({ argv: ['a'] }, sandbox)).toEqual({
      kind: 'failed',
      failure: { class: 'terminal', code: 'sandbox.unavailable', message: 'no bubblewrap' },
      used: {},
    });
  });

  it('fails for good where it made something that is protected and that it does not name', async () => {
    const sandbox = new RecordingSandbox(done({ ...quiet, strayed: ['ci/x', 'ci/y'] }));
    const message = 'the command changed ci/x, which is protected and which it does not name';
    expect(await run({ argv: ['a'] }, sandbox)).toEqual({
      kind: 'failed',
      failure: { class: 'terminal', code: 'protected.changed', message },
      used: { cpuMs: 10 },
    });
  });

  it('does not know what a cancelled command did, unless it never began', async () => {
    const sandbox = new RecordingSandbox(done({ ...quiet, exitCode: null, cancelled: true }));
    expect([
      await run({ argv: ['a'] }, sandbox),
      await run({ argv: ['a'] }, sandbox, { signal: AbortSignal.abort() }),
    ]).toMatchObject([
      { kind: 'failed', failure: { class: 'unknown', code: 'cancelled' }, used: { cpuMs: 10 } },
      { kind: 'failed', failure: { class: 'terminal', code: 'cancelled' }, used: {} },
    ]);
    expect(sandbox.commands).toHaveLength(1);
  });

  it.each(['../outside', 'aside'])(
    'runs nothing when the folder now leads to %s',
    async (target) => {
      const sandbox = new RecordingSandbox();
      const normalised = await normalise({ argv: ['a'], cwd: 'sub' }, around(sandbox));
      renameSync(join(root, 'sub'), join(root, 'aside'));
      symlinkSync(target, join(root, 'sub'));
      const args = normalised.ok ? normalised.value.args : {};
      expect(await executeNormalised(args, null, within(sandbox))).toMatchObject({
        kind: 'failed',
        failure: { class: 'terminal', code: 'args.changed' },
      });
      expect(sandbox.commands).toEqual([]);
    },
  );
});
