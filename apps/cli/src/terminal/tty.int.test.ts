import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Stand } from '../cli-fixture.ts';
import { columnsOf } from './columns.ts';

const main = join(import.meta.dirname, '..', 'main.ts');

let stand: Stand;

beforeEach(async () => {
  stand = new Stand();
  stand.makeRepo({ CODEOWNERS: 'ada\n' });
  await stand.init();
});

afterEach(() => {
  stand.remove();
});

interface Seen {
  readonly exit: number | null;
  readonly text: string;
}

/** Runs a command on a terminal of so many columns, on which these keys are pressed. */
function onTerminal(words: readonly string[], keys = '', columns = 60): Promise<Seen> {
  const quoted = [process.execPath, main, ...words].map((word) => `'${word}'`).join(' ');
  const child = spawn('script', ['-qec', `stty cols ${columns}; ${quoted}`, '/dev/null'], {
    env: { PATH: process.env['PATH'], TERM: 'xterm', CHANCERY_HOME: stand.home },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    if (text.includes('[y/N]')) child.stdin.end(keys);
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exit) => resolve({ exit, text }));
  });
}

async function heldRun(): Promise<string> {
  const write = { name: 'fs.write', args: { path: 'CODEOWNERS', text: 'eve\n' } };
  const model = stand.script({ calls: [write] }, { say: 'Done.' });
  const { lines } = await stand.json(['run', 'Own', '--repo', stand.repo, '--model', model]);
  return String(lines.at(-1)?.['run']);
}

describe('on a terminal', () => {
  it('a person is asked, and a yes is a vote', async () => {
    const run = await heldRun();
    const { exit, text } = await onTerminal(['approve', run], 'y\n');
    expect(exit).toBe(0);
    expect(text).toContain('Approved, signed by ed25519:');
    expect((await stand.json(['resume', run])).lines.at(-1)).toMatchObject({ commits: 1 });
  });

  it.each([
    ['a no', 'n\n'],
    ['nothing', '\n'],
    ['an end of input', '\u0004'],
    ['an interruption', '\u0003'],
  ])('%s is no vote', async (_, keys) => {
    const run = await heldRun();
    const { exit, text } = await onTerminal(['approve', run], keys);
    expect(exit).toBe(1);
    expect(text).toContain('Nothing was recorded.');
    const { lines } = await stand.json(['runs']);
    expect(lines).toMatchObject([{ run, status: { phase: 'waiting' } }]);
    expect((await stand.run(['approve', run, '--yes'])).exit).toBe(0);
  });

  it('what stops counting with a key is shown, and only a yes has it recorded', async () => {
    const { lines } = await stand.json(['keys', 'list']);
    const owner = lines.find(({ root }) => root === true)?.['key'];
    const runtime = String(lines.find(({ key }) => key !== owner)?.['key']);
    const words = ['keys', 'compromise', runtime, '--from-size', '1'];
    const unsaid = await onTerminal(words, 'n\n', 100);
    expect(unsaid).toMatchObject({
      exit: 1,
      text: expect.stringContaining('Nothing was recorded.') as string,
    });
    const said = await onTerminal(words, 'y\n', 100);
    expect(said).toMatchObject({ exit: 0, text: expect.stringContaining('is void.') as string });
  });

  it.each([70, 20])('nothing of a run is wider than a terminal of %i columns', async (columns) => {
    const call = { name: 'fs.read', args: { path: `${'漢字/'.repeat(30)}x` } };
    const model = stand.script({ say: 'word '.repeat(50), calls: [call] }, { say: 'Done.' });
    const words = ['run', 'Read a file whose name is long', '--repo', stand.repo];
    const ran = await onTerminal([...words, '--model', model, '--no-wait'], '', columns);
    expect(ran.exit).toBe(0);
    const timeline = linesOf(ran).filter((line) => /^ {0,3}\d+ {2}\S/.test(line));
    expect(timeline.length).toBeGreaterThan(3);
    expect(timeline.filter((line) => columnsOf(line) > columns)).toEqual([]);
    expect(ran.text).toContain('\u001b[3');
    const run = String((await stand.json(['runs'])).lines[0]?.['run']);
    for (const told of [['show', run, '--verbose'], ['runs']]) {
      const lines = linesOf(await onTerminal(told, '', columns));
      expect(lines.length).toBeGreaterThan(3);
      expect(lines.filter((line) => columnsOf(line) > columns)).toEqual([]);
    }
  });
});

/** What stood on the terminal, line by line, without its colours. */
function linesOf({ text }: Seen): readonly string[] {
  return text
    .replaceAll(/\r\u001b\[K/g, '\n')
    .replaceAll(/\u001b\[\d*[A-Za-z]/g, '')
    .split(/\r?\n/);
}
