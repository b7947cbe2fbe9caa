import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { linkedProgram } from './link.ts';

const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'chancery-link-')));

afterAll(() => rmSync(folder, { recursive: true }));

const sources = {
  'told.ts': `
    import { readFileSync } from 'node:fs';
    import { join } from 'node:path';
    import { Worker } from 'node:worker_threads';
    console.log('first', readFileSync(join(import.meta.dirname, 'beside.txt'), 'utf8'));
    const { late } = await import('./late.ts');
    console.log(late);
    const thread = new Worker(new URL('thread-program.ts', import.meta.url));
    thread.once('message', (word: string) => console.log(word));`,
  'late.ts': `console.log('second'); export const late = import.meta.url;`,
  'thread-program.ts': `
    import { parentPort } from 'node:worker_threads';
    import { word } from './word.ts';
    parentPort?.postMessage(word);`,
  'word.ts': `export const word: string = 'fourth';`,
  'beside.txt': 'and beside',
};

test('runs without its sources as it does out of them', async () => {
  for (const [name, text] of Object.entries(sources)) {
    writeFileSync(path.join(folder, name), text);
  }
  const linked = await linkedProgram(path.join(folder, 'told.ts'));
  const ran = execFileSync(process.execPath, [path.join(folder, 'told.ts')], { encoding: 'utf8' });
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.ts'))) {
    rmSync(path.join(folder, name));
  }

  expect(execFileSync(process.execPath, [linked], { encoding: 'utf8' })).toBe(ran);
  expect(ran).toBe(`first and beside\nsecond\nfile://${folder}/late.ts\nfourth\n`);
});
