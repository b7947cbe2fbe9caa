import { chmodSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodings } from '@chancery/testkit/encodings';
import { Stand } from '../../apps/cli/src/cli-fixture.ts';

/** Of the vault: a value, and the one that was in its place before. */
const value = 'hunter2/Blue+Horse=9';
const earlier = 'Wf7k/Quilt+Ox=31';
const unknown = 'redaction does not know its values';

let stand: Stand;
let shown = '';

beforeEach(async () => {
  shown = '';
  stand = new Stand();
  stand.makeRepo({ 'a.txt': 'hello\n' });
  await stand.init();
  expect(await say(['vault', 'init'])).toBe(0);
  expect(await say(['vault', 'set', 'tok', '--scope', 'plan:release'], earlier)).toBe(0);
  expect(await say(['vault', 'set', 'tok'], value)).toBe(0);
});

afterEach(() => {
  stand.remove();
});

async function say(words: readonly string[], input?: string, env = {}): Promise<number | null> {
  const { exit, stdout, stderr } = await stand.run(words, env, input);
  shown += stdout + stderr;
  return exit;
}

function told(bytes: string | Buffer): readonly string[] {
  return [value, earlier].flatMap((secret) =>
    Object.entries(encodings)
      .filter(([, form]) => bytes.includes(form(secret)))
      .map(([name]) => `${name} of ${secret}`),
  );
}

/** Files of the home that hold a value: all but the files of workspaces, which are as they are. */
function holding(): readonly string[] {
  return readdirSync(stand.home, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => told(readFileSync(file)).length > 0)
    .map((file) => path.relative(stand.home, file));
}

async function start(task: string, turns: readonly object[], more: readonly string[] = []) {
  const model = stand.script(...turns);
  const words = ['run', task, '--repo', stand.repo, '--model', model, '--no-wait', ...more];
  const left = await stand.json(words);
  shown += JSON.stringify(left);
  return left;
}

const call = (name: string, args: object) => ({ calls: [{ name, args }] });
const done = { say: 'Done.' };

describe('a value of the vault that a run was not lent', () => {
  it('is kept, sent and shown nowhere, and labels what has read it', async () => {
    const write = call('shell.run', {
      command: 'printf "%s\n" "$T" > kept.txt',
      secrets: ['T=vault:tok'],
    });
    const first = await start('Keep it', [write, done], ['--plan', 'release']);
    const lender = String(first.lines.at(-1)?.['run']);
    expect(await say(['approve', lender, '--yes'])).toBe(0);
    expect(await say(['resume', lender, '--no-wait', '--apply'])).toBe(0);
    expect(readFileSync(path.join(stand.repo, 'kept.txt'), 'utf8')).toBe(`${value}\n`);

    const second = await start(`It is ${value}, and was ${earlier}`, [
      call('fs.read', { path: 'kept.txt' }),
      call('shell.run', { command: 'xxd kept.txt || od -tx1z kept.txt; base64 kept.txt | base64' }),
      call('shell.run', { command: `echo ${encodings['percent']?.(value)}` }),
      { say: `It is ${encodings['unicode']?.(value)}, and was ${earlier}` },
    ]);
    expect(second.exit).toBe(0);
    const run = String(second.lines.at(-1)?.['run']);
    expect(await say(['halt', '--reason', `since ${value} was seen`])).toBe(0);
    for (const command of ['show', 'audit', 'replay']) {
      await say([command, run]);
      await say([command, run, '--json']);
    }
    expect(await say(['runs'])).toBe(0);
    expect(await say(['halt', 'list'])).toBe(0);
    expect(await say(['export', '--to', path.join(stand.home, 'all.chancery')])).toBe(0);

    const audit = await stand.json(['audit', run]);
    const actions = audit.lines.filter(({ type }) => type === 'action');
    expect(actions.map((each) => (each['outcome'] as { kind: string }).kind)).toEqual([
      'committed',
      'committed',
      'rejected',
    ]);
    expect(JSON.stringify(second.lines)).toContain('args.secret');
    expect(readFileSync(path.join(stand.home, 'all.chancery'), 'utf8')).toContain('secret:found');
    expect(shown).toContain('since [redacted:known] was seen');
    expect(shown).not.toContain(unknown);
    expect(told(shown)).toEqual([]);
    expect(holding()).toEqual([]);
  });

  it('is known where the passphrase is at hand, and said to be unknown where it is not', async () => {
    const file = path.join(stand.folder, 'passphrase');
    writeFileSync(file, 'a passphrase of an owner\n', { mode: 0o600 });
    chmodSync(file, 0o600);
    expect(await say(['vault', 'passphrase', '--new-file', file])).toBe(0);
    const script = stand.script({ say: `It is ${value}` });
    const words = ['run', 'Say it', '--repo', stand.repo, '--model', script, '--no-wait'];
    const known = await stand.run(words, { CHANCERY_VAULT_PASSPHRASE_FILE: file });
    expect(known.exit).toBe(0);
    expect(known.stderr).not.toContain(unknown);
    expect(known.stdout).toContain('It is [redacted:known]');
    expect(holding()).toEqual([]);

    const locked = await stand.run(words);
    expect(locked.exit).toBe(0);
    expect(locked.stderr.split(unknown)).toHaveLength(2);
    expect(locked.stderr).toContain('The vault is locked');
    expect(locked.stdout).toContain(value);
  });

  it('is known before anything is recorded, or nothing is; what stops a run needs no vault', async () => {
    const first = await start(
      'Hold',
      [call('shell.run', { command: 'true', secrets: ['T=vault:tok'] }), done],
      ['--plan', 'release'],
    );
    const run = String(first.lines.at(-1)?.['run']);
    truncateSync(path.join(stand.home, 'vault.age'), 100);
    const before = (await stand.json(['runs'])).lines.length;
    const refused = await start('Another', [done]);
    expect(refused.lines).toMatchObject([{ code: 'vault.corrupt' }]);
    expect(await say(['resume', run, '--no-wait'])).toBe(7);
    expect((await stand.json(['runs'])).lines).toHaveLength(before);
    const cancelled = await stand.run(['cancel', run, '--reason', 'it is not needed']);
    expect(cancelled.exit).toBe(0);
    expect(cancelled.stderr).toContain('The vault does not open (vault.corrupt)');
    const halted = await stand.run(['halt', '--reason', 'to look at the vault']);
    expect(halted.exit).toBe(0);
    expect(halted.stderr).toContain(unknown);
    expect((await stand.run(['halt', '--reason', 'now'])).stderr).toBe('');
  });
});
