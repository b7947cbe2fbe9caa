import { done, refused, type Refused, type Result } from '@chancery/kernel/refusal';
import { inputBytes } from '../standard-input.ts';
import { utf8Of } from '../text-file.ts';

/** Of a task as a string of JSON, in UTF-8: it stands in the first entry of its run, beside the terms. */
const mostBytes = 48 * 1024;

/** What stands in an argument of a program for bytes that are no UTF-8. */
const replacement = '\ufffd';

/**
 * The task that a word of the command line says; for `-` all of standard input but for the end of its
 * last line. Refuses `usage.invalid` for one that is too long, or not UTF-8.
 */
export async function readTask(
  word: string,
  input: AsyncIterable<Uint8Array>,
): Promise<Result<string>> {
  if (word === '-') return taskIn(input);
  if (!word.includes(replacement)) return done(word);
  return refused('usage.invalid', 'the task is not UTF-8, or holds the character U+FFFD', {
    remedy:
      'Write it as UTF-8; one that is to hold U+FFFD is read from standard input, as task `-`.',
  });
}

async function taskIn(input: AsyncIterable<Uint8Array>): Promise<Result<string>> {
  const bytes = await inputBytes(mostBytes, input);
  if (bytes === undefined) return tooLong();
  const text = utf8Of(bytes);
  if (text !== undefined) return done(text.replace(/\r?\n$/, ''));
  return refused('usage.invalid', 'the task on standard input is not UTF-8', {
    remedy: 'Write it as UTF-8; of other bytes nobody knows what they say.',
  });
}

/** Refuses `usage.invalid` for a task that is empty, no text, or too long to be recorded. */
export function checkTask(task: string): Refused | undefined {
  if (task.trim() === '') return refused('usage.invalid', 'the task is empty');
  if (!task.isWellFormed()) return refused('usage.invalid', 'the task is no well-formed text');
  return Buffer.byteLength(JSON.stringify(task)) > mostBytes ? tooLong() : undefined;
}

function tooLong(): Refused {
  return refused('usage.invalid', `the task has more than ${mostBytes} bytes`, {
    remedy: 'Put what is long into a file of the repository, commit it, and name it in the task.',
  });
}
