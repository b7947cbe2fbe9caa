import { expect, it } from 'vitest';
import { checkTask, readTask } from './task.ts';

async function* pieces(...texts: readonly (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield await Promise.resolve(Buffer.from(text));
}

const invalid = { ok: false, refusal: { code: 'usage.invalid' } };

it('a word is the task, and standard input is left alone', async () => {
  const input = pieces('other');
  expect(await readTask('Fix it', input)).toEqual({ ok: true, value: 'Fix it' });
  expect((await input.next()).done).toBe(false);
});

it('- is what standard input holds, but for the end of its last line', async () => {
  const read = await readTask('-', pieces('Fix \u00e9', '\n\nthen \ufffd\r\n'));
  expect(read).toEqual({ ok: true, value: 'Fix \u00e9\n\nthen \ufffd' });
});

it.each([
  ['bytes of an argument', 'caf\ufffd', pieces()],
  ['bytes of standard input', '-', pieces(Buffer.from('caf\u00e9', 'latin1'))],
])('%s that are not UTF-8 are no task', async (_, word, input) => {
  expect(await readTask(word, input)).toMatchObject(invalid);
});

it('standard input that never ends is read to the limit alone', async () => {
  let taken = 0;
  async function* endless(): AsyncGenerator<Uint8Array> {
    for (; ; taken += 1) yield await Promise.resolve(new Uint8Array(4096).fill(97));
  }
  expect(await readTask('-', endless())).toMatchObject(invalid);
  expect(taken).toBe(12);
});

it.each([
  ['', 'the task is empty'],
  [' \n', 'the task is empty'],
  ['\ud800', 'the task is no well-formed text'],
  ['a'.repeat(49_151), 'the task has more than 49152 bytes'],
  ['\n'.repeat(20_000) + '"'.repeat(5_000), 'the task has more than 49152 bytes'],
])('refuses %j', (task, message) => {
  expect(checkTask(task.startsWith('\n') ? `a${task}` : task)).toMatchObject({
    refusal: { code: 'usage.invalid', message },
  });
});

it('takes a task of as many bytes as can be recorded', () => {
  expect(checkTask('a'.repeat(49_150))).toBeUndefined();
});
