import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Stand } from '../cli-fixture.ts';

const main = join(import.meta.dirname, '..', 'main.ts');
let stand: Stand;

beforeEach(async () => {
  stand = new Stand();
  await stand.init();
});

afterEach(() => {
  stand.remove();
});

interface Seen {
  readonly exit: number | null;
  readonly text: string;
}

/** Runs a command on a terminal, on which each question is answered by what is typed there. */
function onTerminal(
  words: readonly string[],
  answers: readonly (readonly [question: string, typed: string])[],
): Promise<Seen> {
  const quoted = [process.execPath, main, ...words].map((word) => `'${word}'`).join(' ');
  const child = spawn('script', ['-qec', quoted, '/dev/null'], {
    env: { PATH: process.env['PATH'], TERM: 'xterm', CHANCERY_HOME: stand.home },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const open = [...answers];
  let text = '';
  let read = 0;
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    for (;;) {
      const [question, typed] = open[0] ?? [];
      const at = question === undefined ? -1 : text.indexOf(question, read);
      if (question === undefined || at < 0) return;
      read = at + question.length;
      open.shift();
      child.stdin.write(typed);
    }
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exit) => {
      expect(open).toEqual([]);
      resolve({ exit, text });
    });
  });
}

const typed = 'the passphrase of ada';
const value = 'correct horse battery';

describe('on a terminal', () => {
  it('a passphrase is asked for and not shown, and wrong ones open nothing', async () => {
    const lock = ['keys', 'passphrase', 'owner'];
    const differing = await onTerminal(lock, [
      ['New passphrase', `${typed}\r`],
      ['again:', 'another one\r'],
    ]);
    expect(differing.exit).toBe(2);
    expect(differing.text).toContain('passphrase.invalid');
    const set = await onTerminal(lock, [
      // A key that was struck by mistake, and taken back.
      ['New passphrase', `${typed}x\u007f\r`],
      ['again:', `${typed}\r`],
    ]);
    expect(set).toMatchObject({ exit: 0 });
    const signed = await onTerminal(['halt', '--reason', 'x'], [['Passphrase of', `${typed}\r`]]);
    expect(signed.text).toContain('Halted');
    const left = await onTerminal(['clear'], [['Passphrase of', '\u0003']]);
    expect(left).toMatchObject({ exit: 2 });
    expect(left.text).toContain('passphrase.missing');
    for (const { text } of [differing, set, signed]) expect(text).not.toContain(typed.slice(4));
  });

  it('the value of a secret is asked for and not shown', async () => {
    await stand.run(['vault', 'init']);
    const { exit, text } = await onTerminal(['vault', 'set', 'a'], [['Value of a:', `${value}\r`]]);
    expect(exit).toBe(0);
    expect(text).toContain('vault:a is in the vault, for global.');
    expect(text).not.toContain(value);
    expect(readFileSync(join(stand.home, 'vault.age')).includes(value)).toBe(false);
  });
});
