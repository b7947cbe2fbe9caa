import { refused, done, type Result } from '@chancery/kernel/refusal';
import { askHidden, canAskHidden } from '../terminal/ask-hidden.ts';

/**
 * The value of a secret: asked for on a terminal, otherwise all of standard input but for the end of
 * its last line. Refuses `vault.invalid` for what is no text.
 */
export async function readValue(name: string): Promise<Result<string>> {
  if (canAskHidden()) return done(await askHidden(`Value of ${name}: `));
  const chunks: Uint8Array[] = [];
  for await (const chunk of process.stdin as AsyncIterable<Uint8Array>) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  const text = bytes.toString('utf8');
  if (!Buffer.from(text).equals(bytes)) {
    return refused('vault.invalid', 'the value is not UTF-8, so that it fits into no variable');
  }
  return done(text.replace(/\r?\n$/, ''));
}
