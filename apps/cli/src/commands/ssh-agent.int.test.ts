import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Stand } from '../cli-fixture.ts';

let stand: Stand;
let agent: ChildProcess | undefined;
let env: Readonly<Record<string, string>>;

beforeEach(async () => {
  stand = new Stand();
  await stand.init();
  env = { SSH_AUTH_SOCK: join(stand.folder, 'agent') };
});

afterEach(() => {
  agent?.kill('SIGKILL');
  agent = undefined;
  stand.remove();
});

/** OpenSSH's own agent, which most machines have. */
const missing = ((): boolean => {
  try {
    execFileSync('ssh-agent', ['-h'], { stdio: 'ignore' });
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT';
  }
})();

async function startAgent(comment: string): Promise<void> {
  const socket = String(env['SSH_AUTH_SOCK']);
  agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' });
  await vi.waitUntil(() => existsSync(socket), { timeout: 30_000 });
  const file = join(stand.folder, 'id');
  const made = ['-q', '-t', 'ed25519', '-N', '', '-C', comment, '-f', file];
  execFileSync('ssh-keygen', made, { stdio: 'ignore' });
  execFileSync('ssh-add', ['-q', file], {
    env: { ...env, PATH: process.env['PATH'] },
    stdio: 'ignore',
  });
}

describe.skipIf(missing)('a key of an SSH agent', () => {
  it('signs once it is trusted, and what it has signed verifies', async () => {
    await startAgent('ada');
    const listed = await stand.json(['keys', 'list', '--agent'], env);
    const [held] = listed.lines.filter(({ file }) => file === 'ssh-agent:ada');
    const key = String(held?.['key']);
    expect(held).toMatchObject({ label: 'ada', purposes: [], state: 'unknown' });
    const halt = ['halt', '--key', 'ssh-agent:ada'];
    expect((await stand.json(halt, env)).lines).toMatchObject([{ code: 'approval.not-approver' }]);
    const purposes = ['--purpose', 'approve', '--purpose', 'sign-policy'];
    await stand.run(['keys', 'trust', key, '--label', 'ada', ...purposes]);
    expect(await stand.json(halt, env)).toMatchObject({
      ...{ exit: 0, lines: [{ type: 'halted', by: key }] },
    });
    const byId = ['clear', '--key', `ssh-agent:${key}`];
    expect(await stand.json(byId, env)).toMatchObject({ exit: 0, lines: [{ by: key }] });
    const file = join(stand.folder, 'prices.json');
    await stand.run(['prices', 'template', file]);
    const declare = ['prices', 'declare', file, '--key', 'ssh-agent:ada'];
    expect((await stand.json(declare, env)).lines.at(-1)).toMatchObject({ by: key });
    expect(await stand.json(['verify'])).toMatchObject({ exit: 0, lines: [{ findings: [] }] });
  });

  it('that is not there is missing', async () => {
    await startAgent('ada');
    const { exit, lines } = await stand.json(['halt', '--key', 'ssh-agent:bob'], env);
    expect({ exit, lines }).toMatchObject({ exit: 2, lines: [{ code: 'key.missing' }] });
  });
});

it('there is no key of an agent where none runs', async () => {
  for (const each of [env, {}]) {
    const { exit, lines } = await stand.json(['halt', '--key', 'ssh-agent:ada'], each);
    expect({ exit, lines }).toMatchObject({ exit: 2, lines: [{ code: 'key.missing' }] });
  }
});
