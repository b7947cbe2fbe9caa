import { refused, done, type Result } from '@chancery/kernel/refusal';
import { inputBytes } from '../standard-input.ts';
import { askHidden, canAskHidden } from '../terminal/ask-hidden.ts';
import { utf8Of } from '../text-file.ts';

/** More than a vault takes. */
const mostBytes = 64 * 1024;

/**
 * The value of a secret: asked for on a terminal, otherwise all of standard input but for the end of
 * its last line. Refuses `vault.invalid` for what is no text, or more than any vault takes.
 */
export async function readValue(name: string): Promise<Result<string>> {
  if (canAskHidden()) return done(await askHidden(`Value of ${name}: `));
  const bytes = await inputBytes(mostBytes);
  if (bytes === undefined) {
    return refused('vault.invalid', `the value has more than ${mostBytes} bytes`);
  }
  const text = utf8Of(bytes);
  if (text === undefined) {
    return refused('vault.invalid', 'the value is not UTF-8, so that it fits into no variable');
  }
  return done(text.replace(/\r?\n$/, ''));
}
