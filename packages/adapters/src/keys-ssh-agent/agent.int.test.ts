import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { verifySignature } from '@chancery/kernel/encoding';
import type { Result } from '@chancery/kernel/refusal';
import { agentKeys, agentSigner } from './index.ts';
import { messages, sshString } from './wire.ts';

/** OpenSSH's own agent, which most machines have. */
const missing = ((): string | undefined => {
  try {
    execFileSync('ssh-agent', ['-h'], { stdio: 'ignore' });
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'no ssh-agent here' : undefined;
  }
})();

let folder: string;
let socket: string;
let agent: ChildProcess | undefined;
let server: Server | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'agent-'));
  socket = join(folder, 'socket');
});

afterEach(async () => {
  agent?.kill('SIGKILL');
  await new Promise((resolve) => (server === undefined ? resolve(null) : server.close(resolve)));
  [agent, server] = [undefined, undefined];
  rmSync(folder, { recursive: true });
});

async function startAgent(): Promise<void> {
  agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' });
  await vi.waitUntil(() => existsSync(socket), { timeout: 30_000 });
}

const ssh = (program: string, ...args: readonly string[]): string =>
  execFileSync(program, args, {
    env: { PATH: process.env['PATH'], SSH_AUTH_SOCK: socket, SSH_ASKPASS: '/bin/false' },
    stdio: ['ignore', 'pipe', 'ignore'],
  }).toString();

function addKey(comment: string, type = 'ed25519'): string {
  const file = join(folder, `${comment}-${type}`);
  ssh('ssh-keygen', '-q', '-t', type, '-N', '', '-C', comment, '-f', file);
  ssh('ssh-add', '-q', file);
  return file;
}

const codeOf = (result: Result<unknown>): string => (result.ok ? 'none' : result.refusal.code);
const message = new TextEncoder().encode('DSSEv1 a message');

describe.skipIf(missing !== undefined)('the agent of OpenSSH', () => {
  it('signs as the key that it holds, over the message itself', async () => {
    await startAgent();
    addKey('ada');
    addKey('rsa', 'rsa');
    const keys = agentKeys(socket);
    if (!keys.ok) throw new Error(keys.refusal.message);
    const [key] = keys.value;
    expect(keys.value).toEqual([{ id: key?.id, comment: 'ada' }]);
    for (const named of ['ada', key?.id ?? '']) {
      const signer = agentSigner(socket, named);
      if (!signer.ok) throw new Error(signer.refusal.message);
      expect(signer.value.id).toBe(key?.id);
      expect(verifySignature(signer.value.id, message, signer.value.sign(message))).toBe(true);
    }
  });

  it('has no key that it has not, and none of a comment that two have', async () => {
    await startAgent();
    expect(agentKeys(socket)).toEqual({ ok: true, value: [] });
    addKey('ada');
    expect(codeOf(agentSigner(socket, 'bob'))).toBe('key.missing');
    const other = join(folder, 'other');
    ssh('ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', 'ada', '-f', other);
    ssh('ssh-add', '-q', other);
    expect(codeOf(agentSigner(socket, 'ada'))).toBe('key.invalid');
  });

  it('does not sign once the key was taken from it', async () => {
    await startAgent();
    const file = addKey('ada');
    const signer = agentSigner(socket, 'ada');
    if (!signer.ok) throw new Error(signer.refusal.message);
    ssh('ssh-add', '-q', '-d', file);
    expect(() => signer.value.sign(message)).toThrow(/has not signed/);
  });
});

/** An agent that answers each request with these bytes. */
async function startLiar(...answers: readonly Uint8Array[]): Promise<void> {
  const left = [...answers];
  server = createServer((connection) => {
    connection.on('error', () => undefined);
    connection.once('data', () => connection.end(left.shift() ?? Buffer.alloc(0)));
  });
  await new Promise<void>((resolve) => server?.listen(socket, resolve));
}

const uint32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};
const keyBlob = Buffer.concat([
  sshString(Buffer.from('ssh-ed25519')),
  sshString(Buffer.alloc(32, 7)),
]);
const listing = (blob: Uint8Array, count = 1): Buffer =>
  sshString(
    Buffer.concat([
      Buffer.of(messages.identitiesAnswer),
      ...[uint32(count), sshString(blob), sshString(Buffer.from('ada'))],
    ]),
  );
const signature = (algorithm: string, bytes: number): Buffer => {
  const inner = [sshString(Buffer.from(algorithm)), sshString(Buffer.alloc(bytes, 1))];
  return sshString(
    Buffer.concat([Buffer.of(messages.signResponse), sshString(Buffer.concat(inner))]),
  );
};

describe('an agent', () => {
  it('that is not there is missing', () => {
    expect(codeOf(agentKeys(socket))).toBe('key.missing');
    expect(codeOf(agentSigner(join(folder, 'no', 'socket'), 'ada'))).toBe('key.missing');
  });

  it.each<readonly [string, string, Uint8Array]>([
    ['nothing', 'key.missing', Buffer.alloc(0)],
    ['less than it says', 'key.missing', Buffer.concat([uint32(9), Buffer.of(12)])],
    ['more than it says', 'key.missing', Buffer.concat([listing(keyBlob), Buffer.of(0)])],
    ['another message', 'key.invalid', sshString(Buffer.of(5))],
    ['no message', 'key.invalid', sshString(Buffer.alloc(0))],
    ['more keys than it sends', 'key.invalid', listing(keyBlob, 2)],
    ['a key that is cut short', 'key.invalid', listing(keyBlob.subarray(0, 40))],
    ['a key with more behind it', 'key.invalid', listing(Buffer.concat([keyBlob, Buffer.of(1)]))],
  ])('that lists %s is refused', async (_what, code, answer) => {
    await startLiar(answer);
    // The server answers in this process, which the exchange would block.
    expect(await codeFromElsewhere()).toBe(code);
  });

  it.each([
    ['of another key', signature('ssh-ed25519', 64)],
    ['of another length', signature('ssh-ed25519', 63)],
    ['of another kind', signature('rsa-sha2-256', 64)],
    ['of none', sshString(Buffer.of(5))],
  ])('whose signature is %s is not believed', async (_what, answer) => {
    await startLiar(listing(keyBlob), answer);
    expect(await codeFromElsewhere('sign')).toMatch(/^key\.(invalid|missing)$/);
  });
});

/** The code with which another process refuses the agent. */
async function codeFromElsewhere(sign?: 'sign'): Promise<string> {
  const script = `
    const { agentKeys, agentSigner } = await import('./index.ts');
    const keys = process.argv[2] === 'sign' ? agentSigner(process.argv[1], 'ada') : agentKeys(process.argv[1]);
    let code = keys.ok ? 'none' : keys.refusal.code;
    if (keys.ok && process.argv[2] === 'sign') {
      try { keys.value.sign(new Uint8Array(3)); } catch (error) { code = error.refusal.code; }
    }
    process.stdout.write(code);`;
  const args = ['--input-type=module', '-e', script, socket, ...(sign === undefined ? [] : [sign])];
  const child = spawn(process.execPath, args, { cwd: import.meta.dirname });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
  await new Promise((resolve) => child.once('close', resolve));
  return said;
}
